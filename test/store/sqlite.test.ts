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
