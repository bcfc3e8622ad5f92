// The records folded into what is true now. One rule for every record that cannot be trusted (not readable, MAC
// wrong, commit number out of order): it is not used, its place is marked as damaged, so that nothing older is
// served in its stead, and an alarm names it.
import { compare } from '../domain/compare.ts';
import type { SecretKey, SecretPath } from '../domain/names.ts';
import { SecretregError } from '../errors.ts';
import type { StoredRecord } from '../store/store.ts';
import type { Grant } from '../domain/access.ts';
import { type AccessRecord, type AccessValueOf, CurrentRecords } from './current-records.ts';
import { type Counts, type KeyEntry, KeyTree } from './key-tree.ts';
import {
  type AccessKey,
  type AuditKeyRecord,
  type CommitRecord,
  decodeRecord,
  type MasterKeyRecord,
  parseRecordKey,
  type RecordKey,
  recordKeyText,
  type RegistryRecord,
  type Stamped,
} from './records.ts';
import { greatest } from './version-ranges.ts';

/** `signpost`: nobody here can check it, and it is shown all the same. */
export type Verdict = 'authentic' | 'not-authentic' | 'unknown-key' | 'signpost';
export type Verifier = (keyText: string, value: Stamped, bytes?: Uint8Array) => Verdict;

export interface Alarm {
  recordKey: string;
  reason: string;
}

/** Reading access to the keys: of the committed state, or of a draft on top of it. */
export interface View {
  entry(path: SecretPath, key: SecretKey): KeyEntry | undefined;
  entries(path: SecretPath): KeyEntry[];
  /** A record that can be trusted; undefined also where it is damaged. */
  access<K extends AccessKey>(key: K): AccessValueOf<K> | undefined;
  grantsOf(principal: string): readonly Grant[];
  /** All access records of a kind. */
  accessRecords<N extends AccessKey['kind']>(kind: N): AccessRecord<N>[];
}

export class State implements View {
  /** Number of the newest commit: until keys are chosen the highest that a record claims, from then on of those whose MAC fits. */
  lastN = 0;
  /** How many records have a key that is none of ours: others wrote them. */
  foreign = 0;
  readonly #alarms: Alarm[] = [];
  readonly #tree = new KeyTree();
  readonly #current = new CurrentRecords(this.#tree);
  /** Records that could not be checked, since they are under a master key that was not given. */
  readonly #unchecked = new Map<string, Stamped>();
  #verify: Verifier | undefined;
  /** The highest number that any record claims. */
  #claimedN = 0;
  #isDisordered = false;
  /** Records with a lower number than one before them that could not be checked then. */
  readonly #overtaken = new Set<string>();

  readonly apply = (record: StoredRecord): void => {
    const key = parseRecordKey(record.key);
    if (key === undefined) {
      this.foreign += 1;
      return;
    }
    if (record.value === null) this.#remove(record.key, key);
    else this.#put(record.key, key, record.value);
  };

  /**
   * From now on nothing is kept whose MAC does not fit; what was read before is checked once `choose` has said how,
   * with all of it in view, also what could not be checked until now. Where `choose` fails it is checked as before.
   */
  useVerifier(choose: () => Verifier): void {
    const proven = this.#verify === undefined ? 0 : this.lastN;
    const waiting = [...this.#unchecked.keys()];
    for (const [text, value] of this.#unchecked) this.#current.set(keyOf(text), value);
    this.#unchecked.clear();
    try {
      this.#verify = choose();
    } finally {
      if (this.#verify !== undefined) {
        this.lastN = proven;
        this.#checkAll(this.#verify);
        this.#dropOvertaken(waiting);
      }
    }
  }

  /**
   * Whether a number that nobody proved may have decided about others: what was read without keys has to be read again
   * with them then, from an empty state.
   */
  get isDisordered(): boolean {
    return this.#isDisordered || this.lastN !== this.#claimedN;
  }

  /** Forgets all that was read, but not how it is checked. */
  clear(): void {
    for (const all of [this.#current, this.#unchecked, this.#overtaken]) all.clear();
    this.#alarms.length = 0;
    this.lastN = this.#claimedN = this.foreign = 0;
    this.#isDisordered = false;
  }

  /** An alarm about a record that nobody here can check ends when that record is replaced; every other one stays. */
  get alarms(): readonly Alarm[] {
    const unchecked = [...this.#unchecked].map(([recordKey, { kid }]) => ({
      recordKey,
      reason: `it is under the unknown master key ${kid}`,
    }));
    return [...this.#alarms, ...unchecked];
  }

  get alarmCount(): number {
    return this.#alarms.length + this.#unchecked.size;
  }

  get isEmpty(): boolean {
    return this.#current.isEmpty && this.foreign === 0 && this.alarmCount === 0;
  }

  get registry(): Stamped<RegistryRecord> | undefined {
    return this.#value({ kind: 'registry' });
  }

  get commit(): Stamped<CommitRecord> | undefined {
    return this.#value({ kind: 'commit' });
  }

  auditKey(id: number): Stamped<AuditKeyRecord> | undefined {
    return this.#value({ kind: 'audit-key', id });
  }

  masterKeys(): { kid: string; record: Stamped<MasterKeyRecord> }[] {
    return [...this.#current.masterKeys()].map(([kid, record]) => ({ kid, record }));
  }

  entry(path: SecretPath, key: SecretKey): KeyEntry | undefined {
    return this.#tree.get({ path, key });
  }

  /** The keys of a path, sorted. */
  entries(path: SecretPath): KeyEntry[] {
    return [...this.#tree.keysOf(path)].sort((a, b) => compare(a.key, b.key));
  }

  access<K extends AccessKey>(key: K): AccessValueOf<K> | undefined {
    return this.#value(key);
  }

  grantsOf(principal: string): readonly Grant[] {
    return [...this.#current.grantsOf(principal)];
  }

  accessRecords<N extends AccessKey['kind']>(kind: N): AccessRecord<N>[] {
    return [...this.#current.access(kind)];
  }

  /** All paths, sorted. */
  paths(): SecretPath[] {
    return [...this.#tree.paths()].sort(compare);
  }

  /** How much can be read. */
  get counts(): Readonly<Counts> {
    return this.#tree.counts;
  }

  /** How many records other than descriptors are under each master key. */
  countsByKey(): ReadonlyMap<string, number> {
    return this.#current.countsByKey();
  }

  /** Every record as it stands, for rotation and the doctor. */
  records(): Iterable<[key: RecordKey, value: Stamped]> {
    return this.#current.entries();
  }

  current(key: RecordKey): Stamped | undefined {
    return this.#current.get(key);
  }

  #value<V>(key: RecordKey): Stamped<V> | undefined {
    return this.#current.get(key) as Stamped<V> | undefined;
  }

  #put(text: string, key: RecordKey, bytes: Uint8Array): void {
    const decoded = decodeRecord(key.kind, bytes);
    if (!decoded.ok) return this.#damage(text, key, `the record ${decoded.problem}`);
    const value = decoded.value;
    const verdict = this.#verify?.(text, value, bytes);
    if (verdict === 'not-authentic') return this.#damage(text, key, 'its MAC does not fit');
    // A number that anybody can claim does not count against one that is proven.
    const before = verdict === 'authentic' ? this.lastN : this.#claimedN;
    if (value.n < before || this.#current.get(key)?.n === value.n) {
      this.#isDisordered = true;
      const reason = value.n < before ? `again after commit ${before}` : 'writes it twice';
      if (verdict !== undefined) return this.#damage(text, key, `commit ${value.n} ${reason}`);
    }
    this.#overtaken.delete(text);
    if (verdict !== undefined && value.n < this.#claimedN) this.#overtaken.add(text);
    this.#claimedN = Math.max(this.#claimedN, value.n);
    if (verdict === undefined) this.lastN = this.#claimedN;
    if (verdict === 'authentic') this.lastN = value.n;
    this.#unchecked.delete(text);
    if (verdict === 'unknown-key') this.#setAside(text, key, value);
    else this.#current.set(key, value);
  }

  #checkAll(verify: Verifier): void {
    for (const [key, value] of this.#current.entries()) {
      const text = recordKeyText(key);
      const verdict = verify(text, value);
      if (verdict === 'authentic') this.lastN = Math.max(this.lastN, value.n);
      if (verdict === 'not-authentic') this.#damage(text, key, 'its MAC does not fit');
      if (verdict === 'unknown-key') this.#setAside(text, key, value);
    }
  }

  /** Those that came behind one of a later commit which could not be checked then, and fits now. */
  #dropOvertaken(waiting: readonly string[]): void {
    const most = greatest(
      0,
      waiting.map((text) => this.#current.get(keyOf(text))?.n ?? 0),
    );
    for (const text of this.#overtaken) {
      const key = keyOf(text);
      const n = this.#current.get(key)?.n ?? most;
      if (n < most) this.#damage(text, key, `commit ${n} again after commit ${most}`);
    }
    this.#overtaken.clear();
  }

  /** Kept for the day on which its key is given; until then its place is damaged. */
  #setAside(text: string, key: RecordKey, value: Stamped): void {
    this.#current.spoil(key, { reason: 'unknown-key', kid: value.kid });
    this.#unchecked.set(text, value);
  }

  #damage(text: string, key: RecordKey, reason: string): void {
    this.#alarms.push({ recordKey: text, reason });
    this.#unchecked.delete(text);
    this.#current.spoil(key, { reason: 'not-authentic' });
  }

  #remove(text: string, key: RecordKey): void {
    this.#unchecked.delete(text);
    this.#current.delete(key);
  }
}

/** The key in the text of a record that is kept here, so that it was parsed before. */
function keyOf(text: string): RecordKey {
  const key = parseRecordKey(text);
  if (key === undefined) throw new SecretregError('ours', { reason: `${text} is no record key` });
  return key;
}
