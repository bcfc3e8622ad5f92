// Which rows a store reads: all, or the ranges of keys of its scope, so that one command on one path stays O(path).
import type { RecordKeyPrefix } from '../store.ts';

export interface Scope {
  includes(key: string): boolean;
  /** Every row that is wanted, in order of position. */
  readonly allSql: string;
  /** The wanted rows past a position, which is the first parameter. */
  readonly newSql: string;
  /** The parameters of the ranges in both. */
  readonly bounds: readonly string[];
}

const COLUMNS = 'SELECT position, record_key, value FROM records';

export function scopeOf(prefixes: readonly RecordKeyPrefix[] | undefined): Scope {
  if (prefixes === undefined) {
    return {
      includes: () => true,
      allSql: `${COLUMNS} ORDER BY position`,
      newSql: `${COLUMNS} WHERE position > ? ORDER BY position`,
      bounds: [],
    };
  }
  // The unary + keeps SQLite from walking the other index: all rows are found by their keys, new ones by position.
  const ranges = (column: string) =>
    prefixes.map(() => `(${column} >= ? AND ${column} < ?)`).join(' OR ') || 'FALSE';
  return {
    includes: (key) => prefixes.some((prefix) => key.startsWith(prefix)),
    allSql: `${COLUMNS} WHERE ${ranges('record_key')} ORDER BY +position`,
    newSql: `${COLUMNS} WHERE position > ? AND (${ranges('+record_key')}) ORDER BY position`,
    bounds: prefixes.flatMap((prefix) => [prefix, firstBeyond(prefix)]),
  };
}

/** The first text after all that begin with the prefix, in SQLite's order by bytes of UTF-8. A prefix ends in `,` or `"`. */
function firstBeyond(prefix: string): string {
  const last = prefix.charCodeAt(prefix.length - 1);
  return prefix.slice(0, -1) + String.fromCharCode(last + 1);
}
