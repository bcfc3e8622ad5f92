// The doors into a local registry: with a key, for all that is audited; without one, for names only.
import type { KeyInfo } from '../domain/registry.ts';
import type { Store } from '../store/store.ts';
import { Core, type OpenCoreOptions } from './core.ts';
import { chooseKeys, type GivenKeys } from './keyring.ts';
import { keyInfo } from './lookup.ts';
import { requireNotMoved, requireRegistry } from './require-registry.ts';
import { State } from './state.ts';

/** Opens a registry for work; the keys are fetched once there is a registry to open. Fails with no-registry, and with the codes of a master key that does not fit. */
export function openCore(
  options: Omit<OpenCoreOptions, 'chooseKeys'> & { keys: () => GivenKeys },
): Promise<Core> {
  return Core.open({ ...options, chooseKeys: (state) => chooseKeys(state, options.keys()) });
}

/** The names in a registry, deleted ones included, read without key and without audit line: nothing of it is authenticated. */
export async function readNames(store: Store): Promise<KeyInfo[]> {
  return namesIn(await readUnchecked(store));
}

/** The names in a registry that is looked at again and again. */
export interface FollowedNames {
  /** 32 hexadecimal digits. */
  storeId: string;
  /** Brings it up to date; answers the number of the newest commit. */
  catchUp(): Promise<number>;
  keys(): KeyInfo[];
}

/** The same as `readNames`, of which only what is new is read each time. */
export async function followNames(store: Store): Promise<FollowedNames> {
  const state = await readUnchecked(store);
  return {
    storeId: state.registry?.storeId ?? '',
    async catchUp() {
      await store.catchUp();
      requireRegistry(state, store.place);
      requireUnmoved(state, store);
      return state.lastN;
    },
    keys: () => namesIn(state),
  };
}

/** All records, as whoever can write them wants them to be seen. */
export async function readUnchecked(store: Store): Promise<State> {
  const state = new State();
  await store.open(state.apply, { readOnly: true });
  requireRegistry(state, store.place);
  requireUnmoved(state, store);
  return state;
}

function namesIn(state: State): KeyInfo[] {
  return state
    .paths()
    .flatMap((path) => state.entries(path).map((entry) => keyInfo(entry, { deleted: true })));
}

/** Nothing that was read without a key is followed to another place. */
function requireUnmoved(state: State, { place }: Store): void {
  requireNotMoved(state, place, {
    hint: `secretreg list --registry ${place}    (has the master key, and so knows whether that is true)`,
  });
}
