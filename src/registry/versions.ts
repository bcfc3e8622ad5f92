// The versions of a key. What every request asks for is kept at hand, since a key that is written each hour for years has so
// many versions that a walk over them at each write would be slow.
import type { Version } from '../domain/version.ts';
import type { VersionEntry } from './key-tree.ts';
import { greatest } from './version-ranges.ts';

export interface ReadonlyVersions extends Iterable<[Version, VersionEntry]> {
  get(version: Version): VersionEntry | undefined;
  has(version: Version): boolean;
  keys(): Iterable<Version>;
  values(): Iterable<VersionEntry>;
  /** The highest number among them, 0 where there is none. */
  readonly greatest: number;
  /** Those that can be read and are not deleted. */
  readonly enabled: number;
  /** Those that nobody can read. */
  readonly damaged: number;
}

export class Versions implements ReadonlyVersions {
  readonly #entries = new Map<Version, VersionEntry>();
  /** Undefined where the highest was taken away: then all are looked at, once. */
  #greatest: number | undefined = 0;
  #enabled = 0;
  #damaged = 0;

  get greatest(): number {
    return (this.#greatest ??= greatest(0, this.#entries.keys()));
  }

  get enabled(): number {
    return this.#enabled;
  }

  get damaged(): number {
    return this.#damaged;
  }

  get(version: Version): VersionEntry | undefined {
    return this.#entries.get(version);
  }

  has(version: Version): boolean {
    return this.#entries.has(version);
  }

  set(version: Version, entry: VersionEntry): void {
    this.#count(this.#entries.get(version), -1);
    this.#count(entry, 1);
    this.#entries.set(version, entry);
    if (this.#greatest !== undefined && version > this.#greatest) this.#greatest = version;
  }

  delete(version: Version): void {
    this.#count(this.#entries.get(version), -1);
    this.#entries.delete(version);
    if (version === this.#greatest) this.#greatest = undefined;
  }

  keys(): Iterable<Version> {
    return this.#entries.keys();
  }

  values(): Iterable<VersionEntry> {
    return this.#entries.values();
  }

  [Symbol.iterator](): Iterator<[Version, VersionEntry]> {
    return this.#entries[Symbol.iterator]();
  }

  #count(entry: VersionEntry | undefined, by: 1 | -1): void {
    if (isEnabled(entry)) this.#enabled += by;
    if (isDamaged(entry)) this.#damaged += by;
  }
}

/** The versions of a base with changes on top of them. The base is not copied: it may have very many. */
export class ChangedVersions implements ReadonlyVersions {
  readonly #base: ReadonlyVersions;
  /** Undefined is taken away. */
  readonly #changes = new Map<Version, VersionEntry | undefined>();
  #greatest: number | undefined;
  #enabled: number;
  #damaged: number;

  constructor(base: ReadonlyVersions = new Versions()) {
    this.#base = base;
    this.#greatest = base.greatest;
    this.#enabled = base.enabled;
    this.#damaged = base.damaged;
  }

  get greatest(): number {
    return (this.#greatest ??= greatest(0, this.keys()));
  }

  get enabled(): number {
    return this.#enabled;
  }

  get damaged(): number {
    return this.#damaged;
  }

  get(version: Version): VersionEntry | undefined {
    return this.#changes.has(version) ? this.#changes.get(version) : this.#base.get(version);
  }

  has(version: Version): boolean {
    return this.get(version) !== undefined;
  }

  set(version: Version, entry: VersionEntry): void {
    this.#change(version, entry);
    if (this.#greatest !== undefined && version > this.#greatest) this.#greatest = version;
  }

  delete(version: Version): void {
    this.#change(version, undefined);
    if (version === this.#greatest) this.#greatest = undefined;
  }

  /** The changes of one that was made on top of this. */
  take(later: ChangedVersions): void {
    for (const [version, entry] of later.#changes) {
      if (entry === undefined) this.delete(version);
      else this.set(version, entry);
    }
  }

  *keys(): Iterable<Version> {
    for (const [version] of this) yield version;
  }

  *values(): Iterable<VersionEntry> {
    for (const [, entry] of this) yield entry;
  }

  *[Symbol.iterator](): Iterator<[Version, VersionEntry]> {
    for (const [version, entry] of this.#base) {
      if (!this.#changes.has(version)) yield [version, entry];
    }
    for (const [version, entry] of this.#changes) {
      if (entry !== undefined) yield [version, entry];
    }
  }

  #change(version: Version, entry: VersionEntry | undefined): void {
    const before = this.get(version);
    this.#enabled += Number(isEnabled(entry)) - Number(isEnabled(before));
    this.#damaged += Number(isDamaged(entry)) - Number(isDamaged(before));
    this.#changes.set(version, entry);
  }
}

function isEnabled(entry: VersionEntry | undefined): boolean {
  return entry !== undefined && 'record' in entry && entry.record.state === 'enabled';
}

function isDamaged(entry: VersionEntry | undefined): boolean {
  return entry !== undefined && 'damaged' in entry;
}
