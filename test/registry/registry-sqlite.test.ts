import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registryContract } from '../contract/registry.contract.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { environment, init, openAs } from './fixture.ts';

registryContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'secretreg-registry-'));
  const file = join(folder, 'registry.db');
  const env = environment();
  const stores: SqliteStore[] = [];
  const open = async () => {
    const store = new SqliteStore({ file });
    stores.push(store);
    return (await openAs(store, env)).registry;
  };
  await init(new SqliteStore({ file }), env);
  return {
    registry: await open(),
    other: open,
    cleanup: async () => {
      for (const store of stores) await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
