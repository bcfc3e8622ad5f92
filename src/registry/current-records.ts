// The records that count, by the texts of their keys. What is asked for often has a table of its own, so that nobody has to
// look through all of them: records of access and of master keys, and how many records are under which key.
import type { Grant } from '../domain/access.ts';
import {
  type AccessKey,
  type GrantRecord,
  type MasterKeyRecord,
  type RecordKey,
  recordKeyText,
  type Stamped,
  type TokenRecord,
  type UserRecord,
} from './records.ts';

export type AccessValueOf<K extends AccessKey> = {
  grant: GrantRecord;
  user: UserRecord;
  token: TokenRecord;
}[K['kind']];

type AccessKeyOf<N> = Extract<AccessKey, { kind: N }>;

export interface AccessRecord<N extends AccessKey['kind']> {
  key: AccessKeyOf<N>;
  value: AccessValueOf<AccessKeyOf<N>>;
}

export class CurrentRecords {
  /** Keys are kept as text, not parsed: there are very many, and few are asked for. */
  readonly #values = new Map<string, Stamped>();
  readonly #masterKeys = new Map<string, Stamped<MasterKeyRecord>>();
  readonly #access = {
    grant: new Map<string, AccessRecord<'grant'>>(),
    user: new Map<string, AccessRecord<'user'>>(),
    token: new Map<string, AccessRecord<'token'>>(),
  };
  readonly #grants = new Map<string, Map<string, Grant>>();
  /** Without the descriptors of master keys. */
  readonly #underKey = new Map<string, number>();

  get size(): number {
    return this.#values.size;
  }

  get(text: string): Stamped | undefined {
    return this.#values.get(text);
  }

  entries(): IterableIterator<[keyText: string, value: Stamped]> {
    return this.#values.entries();
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

  set(text: string, key: RecordKey, value: Stamped): void {
    const before = this.#values.get(text);
    this.#values.set(text, value);
    if (key.kind === 'master-key') {
      this.#masterKeys.set(key.kid, value as unknown as Stamped<MasterKeyRecord>);
      return;
    }
    if (before?.kid !== value.kid) {
      this.#count(before, -1);
      this.#count(value, 1);
    }
    if (key.kind === 'grant' || key.kind === 'user' || key.kind === 'token')
      this.#access[key.kind].set(text, { key, value } as never);
    if (key.kind === 'grant') {
      const { principal } = key.grant;
      const own = this.#grants.get(principal) ?? new Map<string, Grant>();
      this.#grants.set(principal, own.set(recordKeyText(key), key.grant));
    }
  }

  delete(text: string, key: RecordKey): void {
    const before = this.#values.get(text);
    this.#values.delete(text);
    if (key.kind === 'master-key') {
      this.#masterKeys.delete(key.kid);
      return;
    }
    this.#count(before, -1);
    if (key.kind === 'grant' || key.kind === 'user' || key.kind === 'token')
      this.#access[key.kind].delete(text);
    if (key.kind === 'grant') this.#dropGrant(text, key.grant);
  }

  clear(): void {
    const { grant, user, token } = this.#access;
    const all = [this.#values, this.#masterKeys, grant, user, token, this.#grants, this.#underKey];
    for (const map of all) map.clear();
  }

  #dropGrant(text: string, { principal }: Grant): void {
    const own = this.#grants.get(principal);
    own?.delete(text);
    if (own?.size === 0) this.#grants.delete(principal);
  }

  #count(value: Stamped | undefined, by: 1 | -1): void {
    if (value === undefined) return;
    const count = (this.#underKey.get(value.kid) ?? 0) + by;
    if (count === 0) this.#underKey.delete(value.kid);
    else this.#underKey.set(value.kid, count);
  }
}
