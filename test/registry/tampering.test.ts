// Whoever can write the log but has no key: every change is noticed, and nothing older is served in its stead.
import { describe, expect, test } from 'vitest';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { missingRecords } from '../../src/registry/lookup.ts';
import { codeOf, environment, init, name, openAs, path, v, write } from './fixture.ts';

const SECRET_1 = '["secret","orders","password",1]';
const SECRET_2 = '["secret","orders","password",2]';

async function attacked(
  attack: (records: Map<string, Uint8Array>) => [string, Uint8Array | null][],
) {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { registry } = await openAs(new MemoryStore(log), env);
  await registry.write([write('orders', 'password', 'one')]);
  await registry.write([write('orders', 'password', 'two')]);
  const records = new Map(
    log.recordsAfter(0).flatMap(({ key, value }) => (value ? [[key, value] as const] : [])),
  );
  const forged = attack(records).map(([key, value]) => ({ key, value }));
  log.commit(log.claim(), { attemptId: 'attack', n: undefined, records: forged, audit: [] });
  return openAs(new MemoryStore(log), env);
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const bytes = (value: string) => new TextEncoder().encode(value);

describe('a forged record', () => {
  test.each([
    ['moved from another version', (r: Map<string, Uint8Array>) => r.get(SECRET_1)],
    [
      'with its state changed to deleted',
      (r: Map<string, Uint8Array>) => bytes(text(r.get(SECRET_2)).replace('enabled', 'deleted')),
    ],
    [
      'with its author changed',
      (r: Map<string, Uint8Array>) =>
        bytes(text(r.get(SECRET_2)).replace('User:alice', 'User:mallo')),
    ],
    [
      'with a commit number of its own',
      (r: Map<string, Uint8Array>) => bytes(text(r.get(SECRET_2)).replace('"n":3', '"n":9')),
    ],
    ['of bytes that are no JSON', () => bytes('{"n":9')],
    ['of a number that is none', () => bytes('{"a":1e999,"kid":"","mac":"","n":9}')],
    [
      'nested 200,000 deep',
      () => bytes(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)},"kid":"","mac":"","n":9}`),
    ],
    ['of bytes that are no UTF-8', () => Uint8Array.of(0xff, 0xfe)],
    [
      'with white space put in',
      (r: Map<string, Uint8Array>) => bytes(text(r.get(SECRET_2)).replace('"n":3', '"n": 4')),
    ],
  ])('%s is refused, and version 1 is not served as the latest', async (_, forge) => {
    const { core, registry } = await attacked((records) => [
      [SECRET_2, forge(records) ?? bytes('')],
    ]);
    expect(await codeOf(registry.read(path('orders'), name('password'), 'latest'))).toBe(
      'record-not-authentic',
    );
    expect((await registry.read(path('orders'), name('password'), v(1))).value.reveal()).toBe(
      'one',
    );
    expect(core.state.alarms.map((alarm) => alarm.recordKey)).toContain(SECRET_2);
  });

  test('an older record sent again does not undo a delete, for who reads on and for who opens later', async () => {
    const log = new MemoryLog();
    const env = environment();
    await init(new MemoryStore(log), env);
    const { core, registry } = await openAs(new MemoryStore(log), env);
    await registry.write([write('orders', 'password', 'one')]);
    const old = log.recordsAfter(0).find(({ key }) => key === SECRET_1)?.value ?? null;
    await registry.delete({ path: path('orders') });
    log.commit(log.claim(), {
      attemptId: 'attack',
      n: undefined,
      records: [{ key: SECRET_1, value: old }],
      audit: [],
    });
    const later = await openAs(new MemoryStore(log), env);
    for (const one of [registry, later.registry]) {
      expect(await codeOf(one.read(path('orders'), name('password'), 'latest'))).toBe(
        'record-not-authentic',
      );
    }
    expect(core.state.alarms[0]?.reason).toBe('commit 2 again after commit 3');
  });

  test('a damaged version can be destroyed, and the number is not given again', async () => {
    const { registry } = await attacked(() => [[SECRET_2, bytes('garbage')]]);
    await registry.delete(
      { path: path('orders'), key: name('password'), version: v(2) },
      { permanent: true },
    );
    expect((await registry.read(path('orders'), name('password'), 'latest')).value.reveal()).toBe(
      'one',
    );
    expect((await registry.write([write('orders', 'password', 'three')]))[0]?.version).toBe(3);
  });

  test('a version whose record was removed is missed: nothing older is served, and its number is not given again', async () => {
    const { registry } = await attacked(() => [[SECRET_2, null]]);
    const read = registry.read(path('orders'), name('password'), 'latest');
    expect(await codeOf(read)).toBe('record-not-authentic');
    expect((await registry.read(path('orders'), name('password'), v(1))).value.reveal()).toBe(
      'one',
    );
    expect((await registry.write([write('orders', 'password', 'x')]))[0]?.version).toBe(3);
    expect((await registry.read(path('orders'), name('password'), 'latest')).value.reveal()).toBe(
      'x',
    );
  });

  test('a key record that was removed while versions are there stops reads of the latest, and writes', async () => {
    const { registry } = await attacked(() => [['["key","orders","password"]', null]]);
    const read = registry.read(path('orders'), name('password'), 'latest');
    expect(await codeOf(read)).toBe('record-not-authentic');
    expect(await codeOf(registry.write([write('orders', 'password', 'x')]))).toBe(
      'record-not-authentic',
    );
  });

  test('a forged key record stops writes to that key', async () => {
    const keyRecord = '["key","orders","password"]';
    const { registry } = await attacked((r) => [
      [keyRecord, bytes(text(r.get(keyRecord)).replace('"lastVersion":2', '"lastVersion":1'))],
    ]);
    expect(await codeOf(registry.write([write('orders', 'password', 'x')]))).toBe(
      'record-not-authentic',
    );
  });

  test('a forged descriptor of another active key stops nobody who has the key', async () => {
    const forge = (r: Map<string, Uint8Array>): [string, Uint8Array][] => {
      const [key = '', value] = [...r].find(([one]) => one.startsWith('["master-key"')) ?? [];
      const other = key.replace(/"[0-9a-f]{32}"/, `"${'ab'.repeat(16)}"`);
      return [
        [
          other,
          bytes(
            text(value)
              .replace('"n":1', '"n":9')
              .replace(/"kid":"[0-9a-f]+"/, `"kid":"${'ab'.repeat(16)}"`),
          ),
        ],
      ];
    };
    const { registry } = await attacked(forge);
    const found = await registry.read(path('orders'), name('password'), 'latest');
    expect(found.value.reveal()).toBe('two');
  });

  test('a forged member in the descriptor of the active key stops everything', async () => {
    const forge = (r: Map<string, Uint8Array>): [string, Uint8Array][] =>
      [...r]
        .filter(([one]) => one.startsWith('["master-key"'))
        .map(([key, value]) => [
          key,
          bytes(
            text(value)
              .replace('"n":1', '"n":9')
              .replace(/"createdAt":"20/, '"createdAt":"19'),
          ),
        ]);
    const read = attacked(forge).then(({ registry }) =>
      registry.read(path('orders'), name('password'), 'latest'),
    );
    expect(await codeOf(read)).toBe('record-not-authentic');
  });

  test('a log wiped clean is no registry', async () => {
    expect(await codeOf(attacked((r) => [...r.keys()].map((key) => [key, null])))).toBe(
      'no-registry',
    );
  });
});

test('records are checked on after keys could not be chosen: a descriptor put back brings no forged ones in', async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { registry } = await openAs(new MemoryStore(log), env);
  await registry.write([write('orders', 'password', 'one')]);
  await registry.write([write('orders', 'password', 'two')]);
  const read = () =>
    codeOf(registry.read(path('orders'), name('password'), 'latest').then(() => undefined));
  const found = new Map(
    log.recordsAfter(0).map(({ key, value }) => [key, text(value ?? undefined)]),
  );
  const own = [...found.keys()].find((key) => key.startsWith('["master-key"')) ?? '';
  const other = '["master-key","00000000000000000000000000000000"]';
  const attack = (records: [string, string | null][]) =>
    log.commit(log.claim(), {
      attemptId: `attack ${log.head().lastLine?.length}`,
      n: undefined,
      records: records.map(([key, value]) => ({
        key,
        value: value === null ? null : bytes(value),
      })),
      audit: [],
    });
  const later = (key: string) => (found.get(key) ?? '').replace(/"n":\d+/, '"n":99');
  attack([
    [other, later(own).replace(/"kid":"\w+"/, '"kid":"00000000000000000000000000000000"')],
    [own, null],
  ]);
  expect(await read()).toBe('record-not-authentic');
  attack([
    [other, null],
    [own, later(own)],
    [
      '["key","orders","password"]',
      later('["key","orders","password"]').replace('"destroyed":[]', '"destroyed":[[2,2]]'),
    ],
    [SECRET_2, null],
  ]);
  expect(await read()).toBe('record-not-authentic');
});

test('a record under a number that was destroyed hides none that was taken away', async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core, registry } = await openAs(new MemoryStore(log), env);
  for (const value of ['one', 'two', 'three'])
    await registry.write([write('orders', 'password', value)]);
  const target = { path: path('orders'), key: name('password') };
  await registry.delete({ ...target, version: v(1) }, { permanent: true });
  const records = [
    { key: SECRET_1, value: bytes('{"n":9') },
    { key: '["secret","orders","password",3]', value: null },
  ];
  log.commit(log.claim(), { attemptId: 'attack', n: undefined, records, audit: [] });
  await core.close();
  const { core: after, registry: again } = await openAs(new MemoryStore(log), env);
  expect(missingRecords(after.state)).toEqual(['version 3 of orders:password']);
  expect((await again.listKeys(path('orders')))[0]).toMatchObject({ damaged: [1, 3] });
  await after.close();
});

test('a key of which all was taken away is there and cannot be read; one that was deleted stays so', async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core, registry } = await openAs(new MemoryStore(log), env);
  await registry.write([write('orders', 'lost', 'x'), write('orders', 'user', 'x')]);
  for (const value of ['one', 'two']) await registry.write([write('orders', 'old', value)]);
  await registry.delete({ path: path('orders'), key: name('old') });
  const records = ['lost', 'old'].map((key) => ({
    key: `["secret","orders","${key}",1]`,
    value: null,
  }));
  log.commit(log.claim(), { attemptId: 'attack', n: undefined, records, audit: [] });
  await core.close();
  const { registry: again } = await openAs(new MemoryStore(log), env);
  const lost = { path: path('orders'), key: name('lost') };
  expect((await again.listPaths()).map(({ key }) => key)).toEqual(['lost', 'user']);
  for (const asked of [
    again.read(lost.path, lost.key, 'latest'),
    again.read(lost.path, lost.key, v(1)),
    again.readPath(lost.path),
    again.delete(lost),
  ])
    expect(await codeOf(asked)).toBe('record-not-authentic');
  expect((await again.listVersions(lost.path, lost.key)).damaged).toEqual([1]);
  await again.delete(lost, { permanent: true });
  expect((await again.readPath(lost.path)).map(({ key }) => key)).toEqual(['user']);
});
