// `delete --used-by`: nothing goes that a connector file still refers to.
import type { Registry, Target } from '../domain/registry.ts';
import { shellWord } from '../domain/shell-word.ts';
import { SecretregError } from '../errors.ts';
import { isPlainName } from '../validator/plain-name.ts';
import type { Use } from '../validator/uses.ts';
import { type Io, note } from './io.ts';
import { providerNamesOf } from './providers.ts';
import type { Settings } from './settings.ts';
import { allUsesOf, placeOf } from './uses.ts';

interface Flags {
  usedBy?: string[];
  providerName?: string[];
  workerConfig?: string;
}

/** What in the files refers to the target; nothing without --used-by. Fails with file-unreadable. */
export async function usesOfTarget(
  io: Io,
  { path, key }: Target,
  flags: Flags,
  settings: Settings,
): Promise<Use[]> {
  if (flags.usedBy === undefined) return [];
  const uses = await allUsesOf(io, flags.usedBy, await providerNamesOf(io, settings, flags));
  return uses.filter((use) => use.path === path && (key === undefined || use.key === key));
}

/** Fails with still-used where there are uses, and prints each of them. */
export function refuseUsed(io: Io, target: Target, uses: readonly Use[], flags: Flags): void {
  if (uses.length === 0) return;
  for (const use of uses) note(io, `${placeOf(use)}: ${whoRefers(use)} ${shownName(use, target)}`);
  const { path, key } = target;
  throw new SecretregError('still-used', {
    what: key === undefined ? path : `${path}:${key}`,
    places: uses.length,
    command: lookUp(target, flags),
  });
}

/** Whether references read what the target names; of a key, they read its latest version. Fails with the not-found codes. */
export async function isRead(registry: Registry, { path, key, version }: Target): Promise<boolean> {
  if (key === undefined || version === undefined) return true;
  const { versions } = await registry.listVersions(path, key);
  return versions.at(-1)?.version === version;
}

function whoRefers({ connector, setting }: Use): string {
  if (setting === undefined) return 'the text refers to';
  return `'${setting}' of ${connector === undefined ? 'a connector' : `connector '${connector}'`} refers to`;
}

/** Where a `}` was forgotten, the key goes on with the text behind it, which may be a credential. */
function shownName({ path, key }: Use, target: Target): string {
  return isPlainName(key) || key === target.key ? `${path}:${key}` : `a key of ${path}`;
}

function lookUp({ path, key }: Target, { usedBy = [], providerName = [], workerConfig }: Flags) {
  const words = [
    ...usedBy,
    '--path',
    path,
    ...(key === undefined ? [] : ['--key', key]),
    ...providerName.flatMap((name) => ['--provider-name', name]),
    ...(workerConfig === undefined ? [] : ['--worker-config', workerConfig]),
  ];
  return `secretreg where-used ${words.map(shellWord).join(' ')}`;
}
