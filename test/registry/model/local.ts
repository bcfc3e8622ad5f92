// A place for the model whose processes are stores of this very process on one log, file or topic.
import { expect } from 'vitest';
import { verifyAudit } from '../../../src/registry/audit-read.ts';
import { openRotation } from '../../../src/registry/rotation.ts';
import type { Store } from '../../../src/store/store.ts';
import { real } from '../../process/rotation-registry.ts';
import { caller, type Env, init, openAs } from '../fixture.ts';
import type { Place } from './moves.ts';
import { keyAt, keysFrom, LocalProcess } from './process.ts';

/** Makes a registry there. */
export async function localPlace(
  openStore: () => Store,
  remove: () => Promise<void> | void,
  env: Env = real,
): Promise<Place> {
  await init(openStore(), env, keyAt(0));
  return {
    ...madePlace(openStore, env),
    open: (_, masterKey) => LocalProcess.open(openStore(), env, keysFrom(masterKey)),
    remove: async () => remove(),
  };
}

/** Of a registry that is there. */
export function madePlace(
  openStore: () => Store,
  env: Env = real,
): Pick<Place, 'rotate' | 'verify'> {
  return {
    async rotate(from) {
      const store = openStore();
      const keys = { given: { key: keyAt(from) }, to: keyAt(from + 1) };
      const rotation = await openRotation({ store, ...keys, caller, ...env });
      await rotation.run();
      await rotation.close();
    },
    async verify(masterKey) {
      const { core } = await openAs(openStore(), env, { key: keyAt(masterKey) });
      const { fault } = await verifyAudit(core);
      const { alarms } = core.state;
      await core.close();
      expect({ fault, alarms }).toEqual({ fault: undefined, alarms: [] });
    },
  };
}
