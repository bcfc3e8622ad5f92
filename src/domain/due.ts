// What has to be changed: values that end, and values that are older than somebody wants them to be.
import { compare } from './compare.ts';
import type { SecretKey, SecretPath } from './names.ts';
import type { KeyInfo } from './registry.ts';
import { timeOf } from './time.ts';

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
    .sort((a, b) => compare(a.at, b.at));
}

function datesOf(info: KeyInfo): Due[] {
  const { path, key } = info;
  const { expiresAt, owner } = info.metadata;
  const rotateAt = rotationOf(info);
  const dates: Due[] = [];
  if (expiresAt !== undefined) dates.push({ path, key, what: 'expires', at: expiresAt, owner });
  if (rotateAt !== undefined) dates.push({ path, key, what: 'rotation', at: rotateAt, owner });
  return dates;
}

/** When the value should be changed, RFC 3339: counted from when the latest version was written that is not deleted. */
export function rotationOf({ versions, metadata }: KeyInfo): string | undefined {
  const latest = versions.findLast(({ state }) => state === 'enabled');
  if (metadata.rotateEveryDays === undefined || latest === undefined) return undefined;
  return timeAfter(latest.createdAt, metadata.rotateEveryDays);
}

/** Undefined where the time is none. */
export function timeAfter(time: string, days: number): string | undefined {
  return timeOf(Date.parse(time) + days * DAY);
}
