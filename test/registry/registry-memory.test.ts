import { registryContract } from '../contract/registry.contract.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { environment, init, openAs } from './fixture.ts';

registryContract('memory', async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { registry } = await openAs(new MemoryStore(log), env);
  return {
    registry,
    other: async () => (await openAs(new MemoryStore(log), env)).registry,
    cleanup: async () => undefined,
  };
});
