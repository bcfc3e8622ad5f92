// Which secrets nobody has read for a while.
import type { SecretKey, SecretPath } from './names.ts';
import type { Reads } from './reads.ts';
import type { KeyInfo } from './registry.ts';

export interface Unused {
  path: SecretPath;
  key: SecretKey;
  createdAt: string;
  /** The last time before, as far as the trail goes back. */
  lastRead: string | undefined;
}

/** Keys that were there at that time and were not read since, as far as the trail tells. */
export function unusedSince(time: string, keys: readonly KeyInfo[], reads: Reads): Unused[] {
  return keys.flatMap(({ path, key, versions, damaged }) => {
    // Of a key of which no version can be read nobody knows when it was made.
    if (versions.length === 0 && damaged !== undefined) return [];
    const createdAt = versions[0]?.createdAt ?? '';
    const lastRead = reads.of({ path, key })?.last;
    const isUsed = lastRead !== undefined && lastRead >= time;
    return createdAt < time && !isUsed ? [{ path, key, createdAt, lastRead }] : [];
  });
}
