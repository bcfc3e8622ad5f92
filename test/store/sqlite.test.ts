import { storeContract } from '../contract/store.contract.ts';
import { registryFolder } from './sqlite-folder.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

storeContract('SQLite', async () => {
  const folder = registryFolder();
  return {
    newStore: () => new SqliteStore({ file: folder.file }),
    cleanup: async () => folder.remove(),
  };
});
