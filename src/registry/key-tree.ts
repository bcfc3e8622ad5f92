// The secrets as they stand: paths, their keys, the versions of these, each with its record; and how many there are, counted
// with every change, so that nobody has to walk over all of them to know.
import type { SecretKey, SecretPath } from '../domain/names.ts';
import type { Version } from '../domain/version.ts';
import type { KeyRecord, RecordKey, SecretRecord, Stamped } from './records.ts';
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

/** `record` is that of the key itself, undefined where it is not there or cannot be trusted. */
type StoredKey = KeyEntry & { versions: Versions; record: Stamped<KeyRecord> | undefined };

const NONE_DESTROYED: KeyRecord['destroyed'] = [];
const NO_METADATA: KeyRecord['metadata'] = {};

export class KeyTree {
  readonly #paths = new Map<SecretPath, PathEntry>();
  #counts: Counts = { paths: 0, keys: 0, versions: 0 };

  get counts(): Readonly<Counts> {
    return this.#counts;
  }

  get(place: Place): KeyEntry | undefined {
    return this.#find(place);
  }

  /** The record of a version; undefined also where it cannot be trusted. */
  versionRecord(place: Place, version: Version): Stamped<SecretRecord> | undefined {
    return recordOf(this.#find(place)?.versions.get(version));
  }

  /** The record of a key, likewise. */
  keyRecord(place: Place): Stamped<KeyRecord> | undefined {
    return this.#find(place)?.record;
  }

  /** All records that can be trusted. */
  *records(): Iterable<[key: RecordKey, record: Stamped<SecretRecord> | Stamped<KeyRecord>]> {
    for (const { keys } of this.#paths.values()) {
      for (const { path, key, versions, record } of keys.values()) {
        if (record !== undefined) yield [{ kind: 'key', path, key }, record];
        for (const [version, entry] of versions) {
          const known = recordOf(entry);
          if (known !== undefined) yield [{ kind: 'secret', path, key, version }, known];
        }
      }
    }
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
    const key = this.#find(place);
    if (key !== undefined) this.#change(key, (versions) => versions.delete(version));
  }

  putKey(place: Place, record: Stamped<KeyRecord>): void {
    const entry = this.#made(place);
    entry.record = record;
    entry.lastVersion = record.lastVersion;
    entry.destroyed = record.destroyed;
    entry.metadata = record.metadata;
    if (entry.damaged !== undefined) delete entry.damaged;
  }

  /** Never asked for by us, since numbers would then be given again: somebody else took the record away. */
  removeKey(place: Place): void {
    const entry = this.#find(place);
    if (entry === undefined) return;
    entry.record = undefined;
    entry.lastVersion = 0;
  }

  spoilKey(place: Place, damaged: Damage): void {
    const entry = this.#made(place);
    entry.record = undefined;
    entry.damaged = damaged;
  }

  clear(): void {
    this.#paths.clear();
    this.#counts = { paths: 0, keys: 0, versions: 0 };
  }

  #find({ path, key }: Place): StoredKey | undefined {
    return this.#paths.get(path)?.keys.get(key);
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
      found = {
        path,
        key,
        lastVersion: 0,
        destroyed: NONE_DESTROYED,
        metadata: NO_METADATA,
        versions: new Versions(),
        record: undefined,
      };
      entry.keys.set(key, found);
    }
    return found;
  }
}

function recordOf(entry: VersionEntry | undefined): Stamped<SecretRecord> | undefined {
  return entry !== undefined && 'record' in entry ? entry.record : undefined;
}

/** Whether a key has an enabled (or damaged) version. */
export function isVisible({ versions }: Pick<KeyEntry, 'versions'>): boolean {
  return versions.enabled + versions.damaged > 0;
}
