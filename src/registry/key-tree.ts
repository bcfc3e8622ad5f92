// The secrets as they stand: paths, their keys, the versions of these; and how many there are of each, counted with every
// change, so that nobody has to walk over all of them to know.
import type { SecretKey, SecretPath } from '../domain/names.ts';
import type { Version } from '../domain/version.ts';
import type { KeyRecord, SecretRecord, Stamped } from './records.ts';
import { type ReadonlyVersions, Versions } from './versions.ts';

/** A version: its record, or why there is none that can be used. */
export type VersionEntry = { record: Stamped<SecretRecord> } | { damaged: Damage };
export type Damage = { reason: 'not-authentic' } | { reason: 'unknown-key'; kid: string };

/** A key: the highest number ever given (0 while its record has not been read), and its versions that were not destroyed. */
export interface KeyEntry {
  path: SecretPath;
  key: SecretKey;
  lastVersion: number;
  destroyed: KeyRecord['destroyed'];
  metadata: KeyRecord['metadata'];
  damaged?: Damage;
  versions: ReadonlyVersions;
}

/** What can be read: paths and keys with an enabled (or damaged) version, and enabled versions. */
export interface Counts {
  paths: number;
  keys: number;
  versions: number;
}

interface Place {
  path: SecretPath;
  key: SecretKey;
}

interface PathEntry {
  keys: Map<SecretKey, StoredKey>;
  visibleKeys: number;
}

type StoredKey = KeyEntry & { versions: Versions };

export class KeyTree {
  readonly #paths = new Map<SecretPath, PathEntry>();
  #counts: Counts = { paths: 0, keys: 0, versions: 0 };

  get counts(): Readonly<Counts> {
    return this.#counts;
  }

  get({ path, key }: Place): KeyEntry | undefined {
    return this.#paths.get(path)?.keys.get(key);
  }

  keysOf(path: SecretPath): Iterable<KeyEntry> {
    return this.#paths.get(path)?.keys.values() ?? [];
  }

  paths(): Iterable<SecretPath> {
    return this.#paths.keys();
  }

  putVersion(place: Place, version: Version, entry: VersionEntry): void {
    this.#change(this.#made(place), (versions) => versions.set(version, entry));
  }

  removeVersion(place: Place, version: Version): void {
    const key = this.#paths.get(place.path)?.keys.get(place.key);
    if (key !== undefined) this.#change(key, (versions) => versions.delete(version));
  }

  putKey(place: Place, { lastVersion, destroyed, metadata }: KeyRecord): void {
    const entry = this.#made(place);
    Object.assign(entry, { lastVersion, destroyed, metadata });
    delete entry.damaged;
  }

  /** Never asked for by us, since numbers would then be given again: somebody else took the record away. */
  removeKey(place: Place): void {
    const entry = this.#paths.get(place.path)?.keys.get(place.key);
    if (entry !== undefined) entry.lastVersion = 0;
  }

  spoilKey(place: Place, damaged: Damage): void {
    this.#made(place).damaged = damaged;
  }

  clear(): void {
    this.#paths.clear();
    this.#counts = { paths: 0, keys: 0, versions: 0 };
  }

  #change({ path, versions }: StoredKey, change: (versions: Versions) => void): void {
    const before = { enabled: versions.enabled, visible: isVisible({ versions }) };
    change(versions);
    this.#counts.versions += versions.enabled - before.enabled;
    const more = Number(isVisible({ versions })) - Number(before.visible);
    const entry = this.#paths.get(path);
    if (more === 0 || entry === undefined) return;
    this.#counts.keys += more;
    const wasVisible = entry.visibleKeys > 0;
    entry.visibleKeys += more;
    this.#counts.paths += Number(entry.visibleKeys > 0) - Number(wasVisible);
  }

  #made({ path, key }: Place): StoredKey {
    let entry = this.#paths.get(path);
    if (entry === undefined) this.#paths.set(path, (entry = { keys: new Map(), visibleKeys: 0 }));
    let found = entry.keys.get(key);
    if (found === undefined) {
      const versions = new Versions();
      found = { path, key, lastVersion: 0, destroyed: [], metadata: {}, versions };
      entry.keys.set(key, found);
    }
    return found;
  }
}

/** Whether a key has an enabled (or damaged) version. */
export function isVisible({ versions }: Pick<KeyEntry, 'versions'>): boolean {
  return versions.enabled + versions.damaged > 0;
}
