// Names and versions in a registry that is looked at again and again: in a file or a topic without a key and without an audit
// line, over REST with the right to list. Asking for the position never costs an audit line: whoever watches asks for it, and
// for the listing only where something was committed.
import type { Client } from '../client/open-client.ts';
import type { SecretPath } from '../domain/names.ts';
import type { KeyInfo } from '../domain/registry.ts';
import { followNames } from '../registry/open-registry.ts';
import type { Io } from './io.ts';
import { reading } from './reading.ts';
import { storeOf } from './registry-store.ts';
import type { Settings } from './settings.ts';

export interface RegistryNames {
  /** Which registry it is. */
  id: string;
  /** The number of the newest commit, by any process. */
  position(): Promise<number>;
  /** Of a file or a topic deleted keys are always listed. Over REST fails with path-not-found. */
  keys(options?: { deleted?: boolean; path?: SecretPath }): Promise<KeyInfo[]>;
  close(): Promise<void>;
}

/** Fails with the codes of the store, or of the client. */
export async function openNames(io: Io, settings: Settings): Promise<RegistryNames> {
  const names = await reading(() => namesOf(io, settings));
  return {
    id: names.id,
    position: () => reading(() => names.position()),
    keys: (options) => reading(() => names.keys(options)),
    close: () => names.close(),
  };
}

async function namesOf(io: Io, settings: Settings): Promise<RegistryNames> {
  if (settings.remote === undefined) return localNames(io, settings);
  const { clientFor } = await import('./remote-client.ts');
  return remoteNames(clientFor(settings.remote));
}

async function localNames(io: Io, settings: Settings): Promise<RegistryNames> {
  const store = await storeOf(io, settings);
  try {
    const names = await followNames(store);
    return {
      id: names.storeId,
      position: () => names.catchUp(),
      keys: async ({ path } = {}) =>
        names.keys().filter((info) => path === undefined || info.path === path),
      close: () => store.close(),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function remoteNames(client: Client): Promise<RegistryNames> {
  const { operations, registry } = client;
  try {
    const { storeId } = await operations.registry();
    return {
      id: storeId,
      async position() {
        // A server reads what others wrote only when it is asked whether it is ready.
        await operations.ready();
        return (await operations.registry()).position;
      },
      keys: ({ path, ...options } = {}) =>
        path === undefined ? registry.listPaths(options) : registry.listKeys(path, options),
      close: async () => client.close(),
    };
  } catch (error) {
    client.close();
    throw error;
  }
}
