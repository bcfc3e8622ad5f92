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
import { givenKeys, localCaller, requireLocal, toldSettings } from '../session.ts';
import type { SharedFlags } from '../settings.ts';

export interface ServedRegistry {
  core: Core;
  /** The keys, as they were read last. */
  keys: () => GivenKeys;
  /** Another handle on the same log. */
  openStore: () => Promise<Store>;
  /**
   * Reads the keys from where the settings say they are, to be used when the master key is changed. Fails with the codes
   * of a master key, and then changes nothing. Absent for a registry in memory.
   */
  readKeysAnew?: () => void;
  /** Only where the settings name an old key: from this call on that one is no longer accepted as the active one. */
  forgetOldKey?: () => void;
  /** For a registry in memory: a token with which everything may be done. */
  token?: SecretValue;
}

export async function openServed(io: Io, flags: SharedFlags): Promise<ServedRegistry> {
  const settings = await toldSettings(io, flags);
  requireLocal(settings, 'serve');
  const open = storesOf(io, settings);
  // Fetched once there is a registry to open: before `init` none can be expected.
  let fetched: GivenKeys | undefined;
  const given = () => (fetched ??= givenKeys(settings));
  let isOldKeyUsed = true;
  const store = await open();
  try {
    // Until the change from the old key is done, the registry may be served under it too.
    const used = (): GivenKeys => {
      const { oldKey, accepted = [] } = given();
      return oldKey && isOldKeyUsed ? { ...given(), accepted: [...accepted, oldKey] } : given();
    };
    const core = await openCore({ store, clock: io.clock, random, keys: used });
    const readKeysAnew = () => {
      fetched = givenKeys(settings);
    };
    const forgetOldKey = () => {
      isOldKeyUsed = false;
    };
    return {
      core,
      keys: given,
      openStore: () => open(),
      readKeysAnew,
      ...(given().oldKey && { forgetOldKey }),
    };
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
  const keys = () => ({ key });
  const core = await openCore({ store: await openStore(), keys, ...environment });
  const { token } = await accessAdminFor(core, localCaller()).createToken({
    principal: 'User:admin' as Principal,
    grant: { role: 'SystemAdmin' },
  });
  return { core, keys, openStore, token };
}
