// The doors into a local registry: with a key, for all that is audited; without one, for names only.
import type { KeyInfo } from '../domain/registry.ts';
import type { Store } from '../store/store.ts';
import { Core, type OpenCoreOptions, requireNotMoved, requireRegistry } from './core.ts';
import { chooseKeys, type GivenKeys } from './keyring.ts';
import { keyInfo } from './lookup.ts';
import { State } from './state.ts';

/** Opens a registry for work; the keys are fetched once there is a registry to open. Fails with no-registry, and with the codes of a master key that does not fit. */
export function openCore(
  options: Omit<OpenCoreOptions, 'chooseKeys'> & { keys: () => GivenKeys },
): Promise<Core> {
  return Core.open({ ...options, chooseKeys: (state) => chooseKeys(state, options.keys()) });
}

/** The names in a registry, deleted ones included, read without key and without audit line: nothing of it is authenticated. */
export async function readNames(store: Store): Promise<KeyInfo[]> {
  const state = await readUnchecked(store);
  return state
    .paths()
    .flatMap((path) => state.entries(path).map((entry) => keyInfo(entry, { deleted: true })));
}

/** All records, as whoever can write them wants them to be seen. */
export async function readUnchecked(store: Store): Promise<State> {
  const state = new State();
  await store.open(state.apply, { readOnly: true });
  requireRegistry(state, store.place);
  // Nothing that was read without a key is followed to another place.
  requireNotMoved(state, store.place, {
    hint: `secretreg list --registry ${store.place}    (has the master key, and so knows whether that is true)`,
  });
  return state;
}
