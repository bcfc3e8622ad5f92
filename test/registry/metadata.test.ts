// What is known of a key beside its values: through all that happens to the registry, and where its record is not usable.
import { expect, test } from 'vitest';
import { migrate } from '../../src/registry/migration.ts';
import { openRotation } from '../../src/registry/rotation.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { caller, codeOf, environment, init, key, name, openAs, path, v, write } from './fixture.ts';

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

const tokenUntil = (exp: number) =>
  ['{"alg":"none"}', `{"exp":${exp}}`, '']
    .map((text) => Buffer.from(text).toString('base64url'))
    .join('.');

test('the end that a value says of itself is that of the latest one, unless somebody sets another one', async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { registry } = await openAs(new MemoryStore(log), env);
  const put = (value: string) => registry.write([write('orders', 'password', value)]);
  const expiresAt = async () => (await registry.metadata(orders, password)).expiresAt;
  const [in2030, in2031] = ['2030-01-01T00:00:00.000Z', '2031-01-01T00:00:00.000Z'];
  const set = '2029-01-01T00:00:00.000Z';
  await put(tokenUntil(Date.parse(in2030) / 1000));
  expect(await expiresAt()).toBe(in2030);
  await put(tokenUntil(Date.parse(in2031) / 1000));
  expect((await registry.listPaths())[0]?.metadata.expiresAt).toBe(in2031);
  await put('a password, which says nothing');
  expect(await expiresAt()).toBeUndefined();
  await registry.delete({ path: orders, key: password, version: v(3) });
  expect(await expiresAt()).toBe(in2031);
  await registry.restore({ path: orders });
  expect(await expiresAt()).toBeUndefined();
  expect(await registry.setMetadata(orders, password, { expiresAt: set })).toEqual({
    expiresAt: set,
  });
  await put('another password');
  expect(await expiresAt()).toBe(set);
  await put(tokenUntil(Date.parse(in2030) / 1000));
  expect(await expiresAt()).toBe(in2030);
  await registry.setMetadata(orders, password, { expiresAt: set });
  expect(await expiresAt()).toBe(set);
  expect(await registry.setMetadata(orders, password, { expiresAt: null })).toEqual({
    expiresAt: in2030,
  });
  await put('the last password');
  expect(await registry.metadata(orders, password)).toEqual({});
});

test('a value with an end keeps it through a change of the master key, and nothing else of it is in clear', async () => {
  const { log, env } = await withMetadata();
  const { registry } = await openAs(new MemoryStore(log), env);
  const token = tokenUntil(1_893_456_000);
  await registry.write([write('orders', 'password', token)]);
  const all = log.recordsAfter(0).map(({ value }) => Buffer.from(value ?? []).toString());
  expect(all.join('\n')).toContain('"expiresAt":"2030-01-01T00:00:00.000Z"');
  for (const part of token.split('.').filter((one) => one !== ''))
    expect(all.join('\n')).not.toContain(part);
  const store = new MemoryStore(log);
  await (await openRotation({ store, given: { key: key(0) }, to: key(50), caller, ...env })).run();
  const after = await openAs(new MemoryStore(log), env, { key: key(50) });
  expect(await after.registry.metadata(orders, password)).toEqual({
    ...noted,
    expiresAt: '2030-01-01T00:00:00.000Z',
  });
});

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
