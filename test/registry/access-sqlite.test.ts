import { random } from '../../src/crypto/primitives.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { accessContract } from '../contract/access.contract.ts';
import { registryFolder } from '../store/sqlite-folder.ts';
import { environment, init, openAs } from './fixture.ts';
import { localAccess } from './local-access.ts';

accessContract('SQLite', async () => {
  const folder = registryFolder();
  const env = { ...environment(), random };
  await init(new SqliteStore({ file: folder.file }), env);
  const { core } = await openAs(new SqliteStore({ file: folder.file }), env);
  return localAccess(core, async () => {
    await core.close();
    folder.remove();
  });
});
