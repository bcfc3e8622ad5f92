// What exists as far as a run of validate can tell: names in a registry, or in a manifest.
import { existsSync } from 'node:fs';
import { SecretregError } from '../errors.ts';
import { readNames } from '../registry/open-registry.ts';
import { shownAddress } from '../store/shown-address.ts';
import { type Existence, existenceOf, type Origin } from '../validator/existence.ts';
import type { Io } from './io.ts';
import type { ManifestFlags } from './manifest-file.ts';
import { fileOf } from './registry-setting.ts';
import { storeOf } from './registry-store.ts';
import type { Settings } from './settings.ts';

interface ExistenceFlags extends ManifestFlags {
  requireExistence?: boolean;
}

/** Only names; those of a file or a topic are read without key and audit line. A registry that was named must be there. */
export async function findExistence(
  io: Io,
  settings: Settings,
  flags: ExistenceFlags,
): Promise<Existence | undefined> {
  if (flags.manifest !== undefined || flags.maxAge !== undefined) {
    const { manifestExistence } = await import('./manifest-file.ts');
    return manifestExistence(io, flags);
  }
  const { value, origin } = settings.registry;
  if (origin === 'default' && !existsSync(value.slice('file:'.length))) {
    if (flags.requireExistence) throw new SecretregError('existence-not-checked', {});
    return undefined;
  }
  if (settings.remote !== undefined) {
    const { withClient } = await import('./remote-client.ts');
    return withClient(settings.remote, async ({ registry }) =>
      existenceOf(await registry.listPaths({ deleted: true }), originOf(value, true)),
    );
  }
  const store = await storeOf(io, settings);
  try {
    return existenceOf(await readNames(store), originOf(value, false));
  } finally {
    await store.close();
  }
}

/** The origin of names from the registry at `address`. A server has the key, and vouches for the names. */
function originOf(address: string, authenticated: boolean): Origin {
  return { name: fileOf(address) ?? shownAddress(address), authenticated };
}
