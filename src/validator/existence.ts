// What is known of the secrets that exist: names, versions and states, never a value. From a registry or a manifest.

export type KeyFact =
  | { state: 'enabled'; version: number }
  /** No version is left to read; `version` is the last one that was. `at` is RFC 3339. */
  | { state: 'deleted'; version: number; by?: string; at?: string };

export interface Existence {
  /** The paths that the asker may list. */
  paths(): Iterable<string>;
  /** The keys of a path; undefined where there is no such path. */
  keys(path: string): ReadonlyMap<string, KeyFact> | undefined;
}
