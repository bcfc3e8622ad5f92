// Sets of version numbers as ascending ranges [from, to]: a key of which all is destroyed but the last needs one.

export type Ranges = [from: number, to: number][];

export function holdsVersion(ranges: Ranges, version: number): boolean {
  return ranges.some(([from, to]) => from <= version && version <= to);
}

/** The ranges with some more versions, neighbours joined. */
export function withVersions(ranges: Ranges, versions: readonly number[]): Ranges {
  const single = versions.map((version): Ranges[number] => [version, version]);
  const sorted = [...ranges, ...single].toSorted(([a], [b]) => a - b);
  const joined: Ranges = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** As Math.max, which takes no more numbers than a call has room for arguments. */
export function greatest(least: number, versions: Iterable<number>): number {
  let most = least;
  for (const version of versions) most = Math.max(most, version);
  return most;
}
