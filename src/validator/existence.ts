// What is known of the secrets that exist: names, versions, states and when they are due, never a value. From a registry
// or a manifest.
import { rotationOf } from '../domain/due.ts';
import type { KeyInfo } from '../domain/registry.ts';

export type KeyFact =
  /** `expiresAt`: when the value ends. `rotationAt`: when it should be changed. Both RFC 3339 in UTC with milliseconds. */
  | { state: 'enabled'; version: number; expiresAt?: string; rotationAt?: string }
  /** No version is left to read: `version` was the last one. `at` is RFC 3339. */
  | { state: 'deleted'; version: number; by?: string; at?: string };

export interface Existence {
  /** The paths that the asker may list. */
  paths(): Iterable<string>;
  /** The keys of a path; undefined where there is no such path. */
  keys(path: string): ReadonlyMap<string, KeyFact> | undefined;
  /** The only paths of which anything is known; absent where all are. */
  madeFor?: ReadonlySet<string>;
  origin?: Origin;
}

export interface Origin {
  /** As reports name it: an address without credentials, or a file. */
  name: string;
  /** False where it was read without the key: whoever can write there may then have changed it. */
  authenticated: boolean;
}

export type KeyFacts = ReadonlyMap<string, ReadonlyMap<string, KeyFact>>;

/** What is known of a secret that can be read. */
export type EnabledFact = Extract<KeyFact, { state: 'enabled' }>;

export function enabledFact(
  existence: Existence | undefined,
  path: string,
  key: string,
): EnabledFact | undefined {
  const fact = existence?.keys(path)?.get(key);
  return fact?.state === 'enabled' ? fact : undefined;
}

/** The names in a registry as the validator asks for them. */
export function existenceOf(keys: readonly KeyInfo[], origin?: Origin): Existence {
  return existenceIn(factsOf(keys), { ...(origin && { origin }) });
}

/** The same for facts that are known already, by path and key. */
export function existenceIn(
  facts: KeyFacts,
  about: Pick<Existence, 'madeFor' | 'origin'> = {},
): Existence {
  return { ...about, paths: () => facts.keys(), keys: (path) => facts.get(path) };
}

/** By path and key, in the order of the keys. */
export function factsOf(keys: readonly KeyInfo[]): KeyFacts {
  const paths = new Map<string, Map<string, KeyFact>>();
  for (const info of keys) {
    const fact = factOf(info);
    if (fact === undefined) continue;
    const own = paths.get(info.path) ?? new Map<string, KeyFact>();
    paths.set(info.path, own.set(info.key, fact));
  }
  return paths;
}

/** undefined for a key of which every version was destroyed. */
function factOf(info: KeyInfo): KeyFact | undefined {
  const { versions } = info;
  const enabled = versions.findLast(({ state }) => state === 'enabled');
  if (enabled !== undefined) return { state: 'enabled', version: enabled.version, ...dueOf(info) };
  const last = versions.at(-1);
  if (last === undefined) return undefined;
  const { version, deletedAt, deletedBy } = last;
  return {
    state: 'deleted',
    version,
    ...(deletedBy !== undefined && { by: deletedBy }),
    ...(deletedAt !== undefined && { at: deletedAt }),
  };
}

function dueOf(info: KeyInfo): { expiresAt?: string; rotationAt?: string } {
  const { expiresAt } = info.metadata;
  const rotationAt = rotationOf(info);
  return {
    ...(expiresAt !== undefined && { expiresAt }),
    ...(rotationAt !== undefined && { rotationAt }),
  };
}
