import { expect, test } from 'vitest';
import { commit, storeContract } from '../contract/store.contract.ts';
import { collect } from '../registry/fixture.ts';
import { registryFolder } from './sqlite-folder.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

storeContract('SQLite', async () => {
  const folder = registryFolder();
  return {
    newStore: () => new SqliteStore({ file: folder.file }),
    cleanup: async () => folder.remove(),
  };
});

test('a time is found at the first line of then or later, and at one of which nobody can say', async () => {
  const folder = registryFolder();
  const store = new SqliteStore({ file: folder.file });
  await store.open(() => undefined, { create: true });
  const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
  const line = (minute: number) => JSON.stringify({ time: at(minute) });
  await store.appendAudit(() => [1, 2, 4, 3, 5].map(line));
  const found = () =>
    Promise.all([0, 2, 3, 5, 6].map((minute) => store.auditPositionAt(at(minute))));
  expect(await found()).toEqual([1, 2, 3, 5, 6]);
  await store.transact(() => ({
    ...commit(1, { a: 'a1' }),
    audit: [line(6)],
    removeAuditTo: 1,
  }));
  expect(await found()).toEqual([2, 2, 3, 5, 6]);
  // More than are looked at in one stretch.
  await store.appendAudit(() => Array.from({ length: 50_000 }, () => line(7)));
  await store.appendAudit(() => [line(8), '{"time":', line(9)]);
  expect(await Promise.all([8, 9].map((minute) => store.auditPositionAt(at(minute))))).toEqual([
    50_007, 50_008,
  ]);
  await store.close();
  folder.remove();
});

test('audit lines stay where the commit that removes them fails in its last step', async () => {
  const folder = registryFolder();
  const store = new SqliteStore({ file: folder.file });
  await store.open(() => undefined, { create: true });
  await store.transact(() => commit(1, { a: 'a1' }));
  // There is a commit of that number.
  const again = store.transact(() => ({ ...commit(1, { a: 'a2' }), removeAuditTo: 1 }));
  await expect(again).rejects.toMatchObject({ code: 'commit-rejected' });
  expect(await collect(store.readAudit())).toEqual([{ position: 1, line: 'commit 1' }]);
  await store.close();
  folder.remove();
});
