// Version numbers: 1, 2, 3 … for each key, given once and never again.
import { ok, type Result, refused } from './result.ts';

declare const brand: unique symbol;
/** A version number, 1 … 2^53−1. */
export type Version = number & { readonly [brand]: 'Version' };

/** Parses a decimal version number without sign, leading zero or white space. */
export function parseVersion(text: string): Result<Version, string> {
  if (!/^[1-9][0-9]*$/.test(text)) return refused('is not a whole number from 1 on');
  const number = Number(text);
  if (!Number.isSafeInteger(number)) return refused('is beyond 2^53-1');
  return ok(number as Version);
}

/** The number after the highest one ever given. */
export function versionAfter(last: number): Version {
  if (!Number.isSafeInteger(last + 1)) throw new RangeError('version numbers are used up');
  return (last + 1) as Version;
}
