// What is known of a key beside its values: through all that happens to the registry, and where its record is not usable.
import { expect, test } from 'vitest';
import { migrate } from '../../src/registry/migration.ts';
import { openRotation } from '../../src/registry/rotation.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { caller, codeOf, environment, init, key, name, openAs, path, write } from './fixture.ts';

const orders = path('orders');
const password = name('password');
const noted = { description: 'of the orders database', owner: 'team-a', tags: ['pci'] };

async function withMetadata() {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { registry } = await openAs(new MemoryStore(log), env);
  await registry.write([write('orders', 'password', 'one')]);
  await registry.setMetadata(orders, password, noted);
  return { log, env };
}

test('it survives a change of the master key', async () => {
  const { log, env } = await withMetadata();
  const given = { key: key(0) };
  const store = new MemoryStore(log);
  await (await openRotation({ store, given, to: key(50), caller, ...env })).run();
  const { registry } = await openAs(new MemoryStore(log), env, { key: key(50) });
  expect(await registry.metadata(orders, password)).toEqual(noted);
});

test('it survives a move', async () => {
  const { log, env } = await withMetadata();
  const target = new MemoryLog();
  const place = (name: string, to: MemoryLog) => async () =>
    Object.assign(new MemoryStore(to), { place: `memory:${name}` });
  await migrate({
    ...{ source: place('source', log), target: place('target', target) },
    ...{ given: { key: key() }, caller, ...env },
  });
  const { registry } = await openAs(new MemoryStore(target), env);
  expect(await registry.metadata(orders, password)).toEqual(noted);
});

test.each([
  [
    'changed',
    (value: Uint8Array) => Buffer.from(Buffer.from(value).toString().replace('team-a', 'team-b')),
  ],
  ['removed', () => null],
])('where the record of its key was %s, it is neither shown nor set', async (_, forge) => {
  const { log, env } = await withMetadata();
  const text = '["key","orders","password"]';
  const value = log.recordsAfter(0).find((record) => record.key === text)?.value;
  const records = [{ key: text, value: forge(value ?? new Uint8Array()) }];
  log.commit(log.claim(), { attemptId: 'attack', n: undefined, records, audit: [] });
  const { registry } = await openAs(new MemoryStore(log), env);
  expect(await codeOf(registry.metadata(orders, password))).toBe('record-not-authentic');
  expect(await codeOf(registry.setMetadata(orders, password, { owner: 'team-b' }))).toBe(
    'record-not-authentic',
  );
});
