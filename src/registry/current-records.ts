// The records that count. Those of secrets stand in the tree of these, the others here by the texts of their keys. What is
// asked for often has a table of its own, so that nobody has to look through all of them: records of access and of master
// keys, and how many records are under which key.
import type { Grant } from '../domain/access.ts';
import type { Damage, KeyTree } from './key-tree.ts';
import {
  type AccessKey,
  type GrantRecord,
  type KeyRecord,
  type MasterKeyRecord,
  type RecordKey,
  recordKeyText,
  type SecretRecord,
  type Stamped,
  type TokenRecord,
  type UserRecord,
} from './records.ts';

export type AccessValueOf<K extends AccessKey> = {
  grant: GrantRecord;
  user: UserRecord;
  token: TokenRecord;
}[K['kind']];

type OtherKey = Exclude<RecordKey, { kind: 'secret' | 'key' }>;
type AccessKeyOf<N> = Extract<AccessKey, { kind: N }>;

export interface AccessRecord<N extends AccessKey['kind']> {
  key: AccessKeyOf<N>;
  value: AccessValueOf<AccessKeyOf<N>>;
}

export class CurrentRecords {
  /** Those of secrets and of their keys: nearly all that there are. */
  readonly #tree: KeyTree;
  readonly #others = new Map<string, { key: RecordKey; value: Stamped }>();
  readonly #masterKeys = new Map<string, Stamped<MasterKeyRecord>>();
  readonly #access = {
    grant: new Map<string, AccessRecord<'grant'>>(),
    user: new Map<string, AccessRecord<'user'>>(),
    token: new Map<string, AccessRecord<'token'>>(),
  };
  readonly #grants = new Map<string, Map<string, Grant>>();
  /** Without the descriptors of master keys. */
  readonly #underKey = new Map<string, number>();

  constructor(tree: KeyTree) {
    this.#tree = tree;
  }

  get isEmpty(): boolean {
    return this.#underKey.size === 0 && this.#masterKeys.size === 0;
  }

  get(key: RecordKey): Stamped | undefined {
    if (key.kind === 'secret') return this.#tree.versionRecord(key, key.version);
    if (key.kind === 'key') return this.#tree.keyRecord(key);
    return this.#others.get(recordKeyText(key))?.value;
  }

  *entries(): Iterable<[key: RecordKey, value: Stamped]> {
    for (const { key, value } of this.#others.values()) yield [key, value];
    yield* this.#tree.records();
  }

  masterKeys(): Iterable<[kid: string, record: Stamped<MasterKeyRecord>]> {
    return this.#masterKeys;
  }

  grantsOf(principal: string): Iterable<Grant> {
    return this.#grants.get(principal)?.values() ?? [];
  }

  access<N extends AccessKey['kind']>(kind: N): Iterable<AccessRecord<N>> {
    return this.#access[kind].values() as Iterable<AccessRecord<N>>;
  }

  /** How many records other than descriptors are under each master key. */
  countsByKey(): ReadonlyMap<string, number> {
    return this.#underKey;
  }

  set(key: RecordKey, value: Stamped): void {
    const before = this.get(key);
    if (key.kind === 'secret')
      this.#tree.putVersion(key, key.version, { record: value as Stamped<SecretRecord> });
    else if (key.kind === 'key') this.#tree.putKey(key, value as Stamped<KeyRecord>);
    else this.#setOther(key, value);
    if (key.kind !== 'master-key' && before?.kid !== value.kid) {
      this.#count(before, -1);
      this.#count(value, 1);
    }
  }

  delete(key: RecordKey): void {
    this.#uncount(key);
    if (key.kind === 'secret') this.#tree.removeVersion(key, key.version);
    else if (key.kind === 'key') this.#tree.removeKey(key);
    else this.#deleteOther(key);
  }

  /** The record cannot be trusted: its place says so. */
  spoil(key: RecordKey, damaged: Damage): void {
    this.#uncount(key);
    if (key.kind === 'secret') this.#tree.putVersion(key, key.version, { damaged });
    else if (key.kind === 'key') this.#tree.spoilKey(key, damaged);
    else this.#deleteOther(key);
  }

  clear(): void {
    const { grant, user, token } = this.#access;
    const all = [this.#others, this.#masterKeys, grant, user, token, this.#grants, this.#underKey];
    for (const map of all) map.clear();
    this.#tree.clear();
  }

  #setOther(key: OtherKey, value: Stamped): void {
    const text = recordKeyText(key);
    this.#others.set(text, { key, value });
    if (key.kind === 'master-key')
      this.#masterKeys.set(key.kid, value as unknown as Stamped<MasterKeyRecord>);
    if (key.kind === 'grant' || key.kind === 'user' || key.kind === 'token')
      this.#access[key.kind].set(text, { key, value } as never);
    if (key.kind === 'grant') {
      const { principal } = key.grant;
      const own = this.#grants.get(principal) ?? new Map<string, Grant>();
      this.#grants.set(principal, own.set(text, key.grant));
    }
  }

  #deleteOther(key: OtherKey): void {
    const text = recordKeyText(key);
    this.#others.delete(text);
    if (key.kind === 'master-key') this.#masterKeys.delete(key.kid);
    if (key.kind === 'grant' || key.kind === 'user' || key.kind === 'token')
      this.#access[key.kind].delete(text);
    if (key.kind === 'grant') this.#dropGrant(text, key.grant);
  }

  #dropGrant(text: string, { principal }: Grant): void {
    const own = this.#grants.get(principal);
    own?.delete(text);
    if (own?.size === 0) this.#grants.delete(principal);
  }

  #uncount(key: RecordKey): void {
    if (key.kind !== 'master-key') this.#count(this.get(key), -1);
  }

  #count(value: Stamped | undefined, by: 1 | -1): void {
    if (value === undefined) return;
    const count = (this.#underKey.get(value.kid) ?? 0) + by;
    if (count === 0) this.#underKey.delete(value.kid);
    else this.#underKey.set(value.kid, count);
  }
}
