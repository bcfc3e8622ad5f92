import { random } from '../../src/crypto/primitives.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { accessContract } from '../contract/access.contract.ts';
import { environment, init, openAs } from './fixture.ts';
import { localAccess } from './local-access.ts';

accessContract('memory', async () => {
  const log = new MemoryLog();
  const env = { ...environment(), random };
  await init(new MemoryStore(log), env);
  const { core } = await openAs(new MemoryStore(log), env);
  return localAccess(core, async () => undefined);
});
