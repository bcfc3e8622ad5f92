import { expect, test } from 'vitest';
import { LiveRotation } from '../../src/registry/live-rotation.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { caller, codeOf, environment, init, key, openAs } from './fixture.ts';

test('of several changes of the master key that are asked for at once, one begins', async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const keys = { key: key(), accepted: [key(7)] };
  const { core } = await openAs(new MemoryStore(log), env, keys);
  const gate = Promise.withResolvers<void>();
  const openStore = async () => {
    await gate.promise;
    return new MemoryStore(log);
  };
  const rotation = new LiveRotation({ core, keys: () => keys, openStore });
  const to = key(7);
  const kid = to.kind === 'bytes' ? to.key.kid : '';
  const asked = await Promise.all([1, 2, 3].map(() => codeOf(rotation.start(caller, kid))));
  expect(asked.filter((code) => code === 'rotation-running')).toHaveLength(2);
  gate.resolve();
  await rotation.settled();
  expect((await rotation.status(caller))?.state).toBe('done');
});
