// What `run --watch` finds out, over a registry in memory: which values are read when, and which count as others.
import { beforeEach, expect, test } from 'vitest';
import { changedIn, Changes } from '../../../src/cli/run/changes.ts';
import type { Held, Wanted } from '../../../src/cli/run/source.ts';
import type { RegistryNames } from '../../../src/cli/registry-names.ts';
import { secretName } from '../../../src/domain/names.ts';
import type { Registry } from '../../../src/domain/registry.ts';
import { SecretValue } from '../../../src/domain/secret-value.ts';
import { followNames } from '../../../src/registry/open-registry.ts';
import { MemoryLog, MemoryStore } from '../../../src/store/memory.ts';
import { environment, init, name, openAs, path } from '../../registry/fixture.ts';

const ORDERS = path('orders');
let registry: Registry;
let names: RegistryNames;
let reads: string[];
let told: string[];

beforeEach(async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  ({ registry } = await openAs(new MemoryStore(log), env));
  const followed = await followNames(new MemoryStore(log));
  names = {
    id: followed.storeId,
    position: () => followed.catchUp(),
    keys: async () => followed.keys(),
    close: async () => undefined,
  };
  [reads, told] = [[], []];
  await write({ user: 'app', password: 'one' });
});

async function write(values: Record<string, string>): Promise<void> {
  const writes = Object.entries(values).map(([key, text]) => {
    return { path: ORDERS, key: name(key), value: SecretValue.of(text) };
  });
  await registry.write(writes);
}

async function read(wanted: Wanted): Promise<Held> {
  const found = await registry.readPath(ORDERS, wanted.get(ORDERS));
  reads.push(found.map(({ key, version }) => `${key} ${version}`).join(', '));
  return new Map(found.map((secret) => [secretName(secret), secret]));
}

async function watched(...keys: string[]): Promise<Changes> {
  const wanted = new Map([[ORDERS, keys.length === 0 ? undefined : keys.map(name)]]);
  const held = await read(wanted);
  reads = [];
  return new Changes({ wanted, held, read, tell: (text) => told.push(text) });
}

test('nothing is read where no version has moved, whatever else is written', async () => {
  const changes = await watched('password');
  await write({ user: 'app2' });
  for (let looks = 0; looks < 3; looks += 1) await changes.look(names);
  expect(reads).toEqual([]);
});

test('what has moved is read once, when it is the same for two looks, all of it together', async () => {
  const changes = await watched();
  const before = new Map(changes.held);
  await write({ user: 'app2' });
  await changes.look(names);
  await write({ password: 'two' });
  await changes.look(names);
  expect(reads).toEqual([]);
  await changes.look(names);
  await changes.look(names);
  expect(reads).toEqual(['password 2, user 2']);
  expect(new Set(changedIn(changes.held, before))).toEqual(
    new Set(['orders:password', 'orders:user']),
  );
});

test('what never comes to rest is read in the end', async () => {
  const changes = await watched();
  for (let i = 2; reads.length === 0; i += 1) {
    expect(i).toBeLessThan(10);
    await write({ password: `value ${i}` });
    await changes.look(names);
  }
  expect(reads).toEqual(['password 7']);
});

test('a new version with the value of before is no other value', async () => {
  const changes = await watched();
  const before = new Map(changes.held);
  await write({ password: 'one' });
  await changes.look(names);
  await changes.look(names);
  expect(reads).toEqual(['password 2']);
  expect(changedIn(changes.held, before)).toEqual([]);
});

test('what was deleted is told of once, and kept; back again it is not read', async () => {
  const changes = await watched();
  await registry.delete({ path: ORDERS, key: name('password') });
  for (let looks = 0; looks < 3; looks += 1) await changes.look(names);
  expect(told).toEqual([
    'orders:password was deleted; the command goes on with the value that it has',
  ]);
  await registry.restore({ path: ORDERS, key: name('password') });
  for (let looks = 0; looks < 3; looks += 1) await changes.look(names);
  expect([reads, changes.held.size]).toEqual([[], 2]);
});

test('a key that comes to the path is one of its own, unless others are named', async () => {
  const [all, one] = [await watched(), await watched('password')];
  const before = new Map(all.held);
  await write({ another: 'new' });
  for (const changes of [all, one, all, one]) await changes.look(names);
  expect(reads).toEqual(['another 1']);
  expect(changedIn(all.held, before)).toEqual(['orders:another']);
});

test('a look that fails is made anew', async () => {
  const changes = await watched();
  await write({ password: 'two' });
  await changes.look(names);
  const real = registry;
  registry = { ...real, readPath: () => Promise.reject(new Error('away')) };
  await expect(changes.look(names)).rejects.toThrow('away');
  registry = real;
  await changes.look(names);
  expect(reads).toEqual(['password 2']);
});
