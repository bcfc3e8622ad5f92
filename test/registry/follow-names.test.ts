// Names that are looked at again and again, without a key.
import { expect, test } from 'vitest';
import { followNames } from '../../src/registry/open-registry.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { environment, init, key, openAs, path, write } from './fixture.ts';

const latest = (keys: readonly { path: string; versions: readonly { version: number }[] }[]) =>
  keys.map((one) => `${one.path} ${one.versions.map(({ version }) => version).join()}`);

test('what others write is seen at the next look, with the number of its commit', async () => {
  const shared = new MemoryLog();
  await init(new MemoryStore(shared));
  const names = await followNames(new MemoryStore(shared));
  expect(names.storeId).toMatch(/^[0-9a-f]{32}$/);
  const before = await names.catchUp();
  expect(names.keys()).toEqual([]);
  const { registry } = await openAs(new MemoryStore(shared), environment(), { key: key() });
  await registry.write([write('orders', 'password', 'hunter2')]);
  expect(await names.catchUp()).toBe(before + 1);
  expect(latest(names.keys())).toEqual(['orders 1']);
  await registry.write([write('orders', 'password', 'hunter3')]);
  await registry.paths();
  expect(await names.catchUp()).toBe(before + 2);
  expect(latest(names.keys())).toEqual(['orders 1,2']);
  await registry.delete({ path: path('orders') });
  expect(await names.catchUp()).toBe(before + 3);
});
