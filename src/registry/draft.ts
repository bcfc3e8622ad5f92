// A unit of work: changes computed on a view, seen by what comes after them in the same commit, dropped as a
// whole when their request is refused.
import { compare } from '../domain/compare.ts';
import type { Grant } from '../domain/access.ts';
import type { SecretKey, SecretPath } from '../domain/names.ts';
import type { Version } from '../domain/version.ts';
import {
  type AccessKey,
  type KeyRecord,
  type RecordKey,
  recordKeyText,
  type RecordValue,
  type SecretRecord,
} from './records.ts';
import type { AccessRecord, AccessValueOf } from './current-records.ts';
import type { KeyEntry } from './key-tree.ts';
import type { View } from './state.ts';
import { ChangedVersions } from './versions.ts';

export interface Change {
  key: RecordKey;
  /** null removes the record. */
  value: RecordValue | null;
}

export class Draft implements View {
  readonly #base: View;
  readonly #changes = new Map<string, Change>();
  /** Changes of grants, users and tokens, apart from the others: every request looks them through. */
  readonly #access = new Map<string, Change>();
  readonly #entries = new Map<string, ChangedKey>();

  constructor(base: View) {
    this.#base = base;
  }

  /** Runs a request on a draft of its own; its changes are kept only if it does not throw. */
  attempt<T>(request: (draft: Draft) => T): T {
    const own = new Draft(this);
    const result = request(own);
    for (const [text, change] of own.#changes) this.#changes.set(text, change);
    for (const [text, change] of own.#access) this.#access.set(text, change);
    for (const [name, entry] of own.#entries) this.#take(name, entry);
    return result;
  }

  get changes(): Change[] {
    return [...this.#changes.values(), ...this.#access.values()];
  }

  entry(path: SecretPath, key: SecretKey): KeyEntry | undefined {
    return this.#entries.get(nameOf(path, key)) ?? this.#base.entry(path, key);
  }

  entries(path: SecretPath): KeyEntry[] {
    const found = new Map(this.#base.entries(path).map((entry) => [entry.key, entry]));
    for (const entry of this.#entries.values())
      if (entry.path === path) found.set(entry.key, entry);
    return [...found.values()].sort((a, b) => compare(a.key, b.key));
  }

  access<K extends AccessKey>(key: K): AccessValueOf<K> | undefined {
    const change = this.#access.get(recordKeyText(key));
    if (change === undefined) return this.#base.access(key);
    return (change.value ?? undefined) as AccessValueOf<K> | undefined;
  }

  grantsOf(principal: string): readonly Grant[] {
    if (this.#access.size === 0) return this.#base.grantsOf(principal);
    const found = new Map(
      this.#base
        .grantsOf(principal)
        .map((grant) => [recordKeyText({ kind: 'grant', grant }), grant] as const),
    );
    for (const [text, { key, value }] of this.#access) {
      if (key.kind !== 'grant' || key.grant.principal !== principal) continue;
      if (value === null) found.delete(text);
      else found.set(text, key.grant);
    }
    return [...found.values()];
  }

  accessRecords<N extends AccessKey['kind']>(kind: N): AccessRecord<N>[] {
    const found = new Map(
      this.#base.accessRecords(kind).map((one) => [recordKeyText(one.key), one] as const),
    );
    for (const [text, { key, value }] of this.#access) {
      if (key.kind !== kind) continue;
      if (value === null) found.delete(text);
      else found.set(text, { key, value } as unknown as AccessRecord<N>);
    }
    return [...found.values()];
  }

  putAccess<K extends AccessKey>(key: K, value: AccessValueOf<K> | null): void {
    this.#access.set(recordKeyText(key), { key, value });
  }

  putVersion(path: SecretPath, key: SecretKey, version: Version, record: SecretRecord): void {
    this.#change({ kind: 'secret', path, key, version }, record);
    const entry = this.#own(path, key);
    entry.versions.set(version, { record: { ...record, n: 0, kid: '', mac: '' } });
  }

  removeVersion(path: SecretPath, key: SecretKey, version: Version): void {
    this.#change({ kind: 'secret', path, key, version }, null);
    this.#own(path, key).versions.delete(version);
  }

  putKey(path: SecretPath, key: SecretKey, record: KeyRecord): void {
    this.#change({ kind: 'key', path, key }, record);
    const entry = this.#own(path, key);
    entry.lastVersion = record.lastVersion;
    entry.destroyed = record.destroyed;
    entry.metadata = record.metadata;
  }

  #change(key: RecordKey, value: RecordValue | null): void {
    this.#changes.set(recordKeyText(key), { key, value });
  }

  #own(path: SecretPath, key: SecretKey): ChangedKey {
    const name = nameOf(path, key);
    const known = this.#entries.get(name);
    if (known !== undefined) return known;
    const base = this.#base.entry(path, key);
    const entry: ChangedKey = {
      ...(base ?? { path, key, lastVersion: 0, destroyed: [], metadata: {} }),
      versions: new ChangedVersions(base?.versions),
    };
    this.#entries.set(name, entry);
    return entry;
  }

  /** Takes over what a request has changed. Versions stay two layers, those of the base and ours, however many requests come. */
  #take(name: string, later: ChangedKey): void {
    const known = this.#entries.get(name);
    if (known === undefined) {
      this.#entries.set(name, later);
      return;
    }
    known.versions.take(later.versions);
    this.#entries.set(name, { ...later, versions: known.versions });
  }
}

type ChangedKey = KeyEntry & { versions: ChangedVersions };

function nameOf(path: string, key: string): string {
  return JSON.stringify([path, key]);
}
