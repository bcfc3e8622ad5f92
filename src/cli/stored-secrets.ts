// Puts the values of files into the registry, all or none. One that is there already, as after a run that was ended right
// after its write, is not written again.
import { timingSafeEqual } from 'node:crypto';
import type { SecretKey, SecretPath } from '../domain/names.ts';
import type { Registry, Write } from '../domain/registry.ts';
import type { Version } from '../domain/version.ts';
import { hasCode, SecretregError } from '../errors.ts';
import type { Externalized } from '../validator/externalize.ts';
import { checkedValue } from './values.ts';

export interface StoredSecrets {
  /** The version of the secret that each reference names. */
  versions: ReadonlyMap<string, Version>;
  /** How many were written; the others were there. */
  written: number;
}

/** Fails with secret-exists, the codes `value-…` and those of a write. */
export async function storeSecrets(
  registry: Registry,
  secrets: readonly Externalized[],
  { overwrite }: { overwrite: boolean },
): Promise<StoredSecrets> {
  const versions = new Map<string, Version>();
  const writes: Write[] = [];
  const references: string[] = [];
  const each = new Map(secrets.map((secret) => [secret.reference, secret])).values();
  for (const [path, own] of Map.groupBy(each, (secret) => secret.path)) {
    const latest = await latestOf(registry, path);
    for (const { key, reference, value } of own) {
      const there = latest.get(key);
      const place = { path, key };
      const write = { ...place, value: checkedValue(place, value.reveal(), false, []) };
      if (there !== undefined && (await isSame(registry, write, { overwrite }))) {
        versions.set(reference, there);
        continue;
      }
      writes.push({ ...write, onlyOver: there ?? 'none' });
      references.push(reference);
    }
  }
  const written = writes.length === 0 ? [] : await registry.write(writes);
  for (const [i, { version }] of written.entries()) versions.set(references[i] ?? '', version);
  return { versions, written: written.length };
}

/** The latest version of each key of a path. */
export async function latestOf(
  registry: Registry,
  path: SecretPath,
): Promise<Map<SecretKey, Version>> {
  try {
    const keys = await registry.listKeys(path);
    return new Map(
      keys.flatMap(({ key, versions }) => {
        const latest = versions.at(-1);
        return latest === undefined ? [] : [[key, latest.version] as const];
      }),
    );
  } catch (error) {
    // A path that may not be seen counts as one that is not there: the write is then refused, if anything is.
    if (hasCode(error, 'path-not-found')) return new Map();
    throw error;
  }
}

/** Whoever may write and not read learns nothing of what is there. Fails with secret-exists. */
async function isSame(
  registry: Registry,
  { path, key, value }: Write,
  { overwrite }: { overwrite: boolean },
): Promise<boolean> {
  let isKnownToDiffer = false;
  try {
    const there = await registry.read(path, key, 'latest');
    if (isEqual(there.value.reveal(), value.reveal())) return true;
    isKnownToDiffer = true;
  } catch (error) {
    if (!hasCode(error, 'not-allowed', 'path-not-found')) throw error;
  }
  if (overwrite) return false;
  throw new SecretregError('secret-exists', { path, key, isKnownToDiffer });
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
