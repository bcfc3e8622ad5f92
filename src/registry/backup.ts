// A copy of a registry, made and proved while others work with it.
import type { Caller } from '../domain/audit-event.ts';
import { SecretregError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { Core } from './core.ts';
import { type Proof, prove } from './proof.ts';

/** Where a copy is made. */
export interface CopyPlace {
  /** Makes a new file without a byte, and answers its name. */
  make: () => string;
  /** Opens it as a store. */
  open: () => Promise<Store>;
}

/**
 * Copies the registry as it is after the line that tells who took the copy, which is in it, and proves the copy. What it
 * has of a move is copied too. Fails with wrong-use where the store is no file, and where the registry is not whole.
 */
export async function backUp(core: Core, caller: Caller, copy: CopyPlace): Promise<Proof> {
  const { store } = core;
  if (store.copyTo === undefined) {
    const reason = `backup copies the file of a registry, and ${store.place} is none: a backup of a registry in a topic is an export of its latest values`;
    throw new SecretregError('wrong-use', { reason }, { hint: 'secretreg export backup.json' });
  }
  const file = copy.make();
  await core.audited(caller, { method: 'registry.Backup' }, () => ({ result: undefined }));
  await store.copyTo(file);
  const copied = await copy.open();
  try {
    const { clock, random } = core;
    return await prove(
      await Core.open({ store: copied, chooseKeys: () => core.keyring, clock, random }),
    );
  } finally {
    await copied.close();
  }
}
