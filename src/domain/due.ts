// What has to be changed: values that end, and values that are older than somebody wants them to be.
import type { SecretKey, SecretPath } from './names.ts';
import type { KeyInfo } from './registry.ts';

export interface Due {
  path: SecretPath;
  key: SecretKey;
  what: 'expires' | 'rotation';
  /** RFC 3339; passed, where it is overdue. */
  at: string;
  owner: string | undefined;
}

const DAY = 86_400_000;

/** All that is due by a time, overdue included, earliest first. */
export function dueBy(keys: readonly KeyInfo[], time: string): Due[] {
  return keys
    .flatMap(datesOf)
    .filter(({ at }) => at <= time)
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** Rotation is counted from when the latest version was written. */
function datesOf({ path, key, versions, metadata }: KeyInfo): Due[] {
  const { expiresAt, rotateEveryDays, owner } = metadata;
  const dates: Due[] = [];
  if (expiresAt !== undefined) dates.push({ path, key, what: 'expires', at: expiresAt, owner });
  const written = Date.parse(versions.at(-1)?.createdAt ?? '');
  if (rotateEveryDays !== undefined && !Number.isNaN(written)) {
    const at = new Date(written + rotateEveryDays * DAY).toISOString();
    dates.push({ path, key, what: 'rotation', at, owner });
  }
  return dates;
}
