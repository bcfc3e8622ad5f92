// What is served: the registry that the settings name, or one in memory to try it with.
import { MasterKey } from '../../crypto/master-key.ts';
import { random } from '../../crypto/primitives.ts';
import type { Principal } from '../../domain/access.ts';
import type { SecretValue } from '../../domain/secret-value.ts';
import { accessAdminFor } from '../../registry/access-admin.ts';
import type { Core } from '../../registry/core.ts';
import { initRegistry } from '../../registry/init.ts';
import type { GivenKeys } from '../../registry/keyring.ts';
import { openCore } from '../../registry/open-registry.ts';
import type { Store } from '../../store/store.ts';
import type { Io } from '../io.ts';
import { storesOf } from '../registry-store.ts';
import { givenKeys, localCaller, tellNotes } from '../session.ts';
import { readSettings, type SharedFlags } from '../settings.ts';

export interface ServedRegistry {
  core: Core;
  keys: GivenKeys;
  /** Another handle on the same log. */
  openStore: () => Promise<Store>;
  /** Of one in memory: with it everything may be done. */
  token?: SecretValue;
}

export async function openServed(io: Io, flags: SharedFlags): Promise<ServedRegistry> {
  const settings = await readSettings(flags, io);
  tellNotes(io, settings);
  const open = storesOf(io, settings);
  const keys = givenKeys(settings);
  const store = await open();
  try {
    const core = await openCore({ store, keys: () => keys, clock: io.clock, random });
    return { core, keys, openStore: () => open() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

export async function openInMemory(io: Io): Promise<ServedRegistry> {
  const { MemoryLog, MemoryStore } = await import('../../store/memory.ts');
  const log = new MemoryLog();
  const openStore = async () => new MemoryStore(log);
  const key = { kind: 'bytes', key: MasterKey.fromBytes(random(32)) } as const;
  const environment = { clock: io.clock, random };
  const made = await openStore();
  await initRegistry({ store: made, key, caller: localCaller(), ...environment });
  await made.close();
  const keys = { key };
  const core = await openCore({ store: await openStore(), keys: () => keys, ...environment });
  const { token } = await accessAdminFor(core, localCaller()).createToken({
    principal: 'User:admin' as Principal,
    grant: { role: 'SystemAdmin' },
  });
  return { core, keys, openStore, token };
}
