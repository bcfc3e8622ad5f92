// Against the trail of a real registry, whose clock moves by a second with each look.
import { expect, test } from 'vitest';
import { Reads } from '../../src/domain/unused.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { codeOf, environment, init, name, openAs, path, write } from '../registry/fixture.ts';

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
  const reads = new Reads();
  for await (const event of registry.audit()) reads.take(event);
  return {
    reads,
    unused: reads
      .unusedSince(since, keys)
      .map((one) => `${one.path}:${one.key} ${one.lastRead ?? '-'}`),
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
  expect(reads.begin).toBe('2026-01-01T00:00:00.000Z');
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
