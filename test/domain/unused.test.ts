// Against the trail of a real registry, whose clock moves by a second with each look.
import { describe, expect, test } from 'vitest';
import type { ReadEvent } from '../../src/domain/audit-event.ts';
import { Reads } from '../../src/domain/reads.ts';
import type { KeyInfo } from '../../src/domain/registry.ts';
import { unusedSince } from '../../src/domain/unused.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import {
  codeOf,
  collect,
  environment,
  init,
  name,
  openAs,
  path,
  write,
} from '../registry/fixture.ts';

async function readsOf(
  use: (
    registry: Awaited<ReturnType<typeof openAs>>['registry'],
    tick: () => string,
  ) => Promise<string>,
) {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { registry } = await openAs(new MemoryStore(log), env);
  const since = await use(registry, () => env.clock().toISOString());
  const keys = await registry.listPaths();
  const events = await collect(registry.audit());
  const reads = new Reads(events[0]?.time);
  for (const event of events) reads.take(event);
  return {
    reads,
    unused: unusedSince(since, keys, reads).map(
      (one) => `${one.path}:${one.key} ${one.lastRead ?? '-'}`,
    ),
  };
}

test('each way to read counts, and nothing else does', async () => {
  const { reads, unused } = await readsOf(async (registry, tick) => {
    const names = ['by-version', 'by-key', 'not-found', 'listed', 'noted', 'written'];
    await registry.write([
      ...names.map((one) => write('a/b c', one, 'x')),
      write('whole', 'one', 'x'),
      write('whole', 'two', 'x'),
      write('some', 'one', 'x'),
      write('some', 'two', 'x'),
    ]);
    const since = tick();
    const of = path('a/b c');
    await registry.read(of, name('by-version'), 'latest');
    await registry.readKey(of, name('by-key'));
    await codeOf(registry.read(of, name('not-found'), 7 as never));
    await registry.listVersions(of, name('listed'));
    await registry.metadata(of, name('noted'));
    await registry.write([write('a/b c', 'written', 'y')]);
    await registry.readPath(path('whole'));
    await registry.readPath(path('some'), [name('one')]);
    return since;
  });
  expect(unused).toEqual([
    'a/b c:listed -',
    'a/b c:not-found -',
    'a/b c:noted -',
    'a/b c:written -',
    'some:two -',
  ]);
  const whole = path('whole');
  expect(reads.of({ path: whole, key: name('one'), version: 1 })).toMatchObject({
    count: 1,
    by: 'User:alice',
  });
  expect(reads.of({ path: whole, key: name('one'), version: 2 })).toBeUndefined();
  expect(reads.unknownBefore('2026-01-01T00:00:00.000Z')).toBeUndefined();
});

test('a read before that time is told, and what came later is not called unused', async () => {
  const { unused } = await readsOf(async (registry, tick) => {
    await registry.write([write('orders', 'old', 'x')]);
    await registry.read(path('orders'), name('old'), 'latest');
    const since = tick();
    await registry.write([write('orders', 'young', 'x')]);
    return since;
  });
  expect(unused).toEqual([expect.stringMatching(/^orders:old 2026-01-01T00:00:\d\d\.000Z$/)]);
});

describe('a made trail', () => {
  const T = (second: number) => `2026-01-01T00:00:0${second}.000Z`;

  function event(second: number, place: string, data = {}): ReadEvent {
    const authenticationInfo = { principal: 'User:alice' };
    const told = {
      methodName: 'secret.Read',
      result: { status: 'ok' },
      authenticationInfo,
      ...data,
    };
    return { time: T(second), subject: `crn:///secretreg=x${place}`, data: told } as ReadEvent;
  }

  function key(one: string, ...written: string[]): KeyInfo {
    const place = { path: path('a/b'), key: name(one) };
    const versions = written.map((createdAt) => ({ ...place, createdAt }));
    return { ...place, versions, metadata: {} } as unknown as KeyInfo;
  }

  const lastReadOf = (events: readonly ReadEvent[]) => {
    const reads = new Reads(undefined);
    for (const one of events) reads.take(one);
    return unusedSince(T(9), [key('k', T(0))], reads)[0]?.lastRead;
  };
  const K = '/secret=a%2Fb/key=k';

  test.each<[string, ReadEvent[], string | undefined]>([
    ['nothing', [], undefined],
    ['a read of a version', [event(1, `${K}/version=7`)], T(1)],
    ['a read of the key', [event(1, K)], T(1)],
    ['two reads', [event(1, K), event(2, K)], T(2)],
    ['two reads of two chains, the later one first', [event(2, K), event(1, K)], T(2)],
    ['a read of the path', [event(1, '/secret=a%2Fb')], undefined],
    ['a read of another key', [event(1, `${K}k`)], undefined],
    ['a read of another path', [event(1, '/secret=a/key=k')], undefined],
    ['a read that was refused', [event(1, K, { result: { status: 'not-allowed' } })], undefined],
    ['a list', [event(1, K, { methodName: 'secret.List' })], undefined],
    ['something about nothing', [event(1, '')], undefined],
  ])('%s', (_, events, last) => {
    expect(lastReadOf(events)).toBe(last);
  });

  test('a read at that very time is a use, and a key made at that time is not called unused', () => {
    const reads = new Reads(undefined);
    reads.take(event(3, K));
    reads.take(event(4, '', { methodName: 'secret.List' }));
    const namesSince = (second: number, ...keys: KeyInfo[]) =>
      unusedSince(T(second), keys, reads).map((one) => one.key);
    expect(namesSince(3, key('k', T(0)))).toEqual([]);
    expect(namesSince(4, key('k', T(0)))).toEqual(['k']);
    expect(namesSince(4, key('made-then', T(4)), key('made-before', T(3), T(5)))).toEqual([
      'made-before',
    ]);
    // A key whose versions are all gone was there before.
    expect(namesSince(4, key('gone'))).toEqual(['gone']);
  });
});

test('reads are counted for each version, with the last one and who that was', async () => {
  const { reads } = await readsOf(async (registry, tick) => {
    await registry.write([write('orders', 'password', 'one')]);
    await registry.read(path('orders'), name('password'), 'latest');
    await registry.write([write('orders', 'password', 'two')]);
    for (let i = 0; i < 2; i += 1) await registry.readKey(path('orders'), name('password'));
    return tick();
  });
  const of = (version?: number) =>
    reads.of({ path: path('orders'), key: name('password'), ...(version && { version }) });
  expect([of(1)?.count, of(2)?.count, of()?.count, of(3)]).toEqual([3, 2, 5, undefined]);
  expect(of(1)?.last).toBe(of(2)?.last);
});

test('what was made before the trail begins may have been read: that is not known', () => {
  const reads = new Reads('2026-02-01T00:00:00.000Z');
  expect(reads.unknownBefore('2026-01-01T00:00:00.000Z')).toBe('2026-02-01T00:00:00.000Z');
  expect(reads.unknownBefore('2026-03-01T00:00:00.000Z')).toBeUndefined();
});
