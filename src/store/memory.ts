// The reference engine: a log in memory. Several MemoryStores on one MemoryLog are several processes on one registry.
// A fault script makes the interleavings and lost answers of the real engines happen on demand, without timers.
import { SecretregError } from '../errors.ts';
import { Queue } from './queue.ts';
import type {
  AuditLine,
  ChainHead,
  Changes,
  OpenOptions,
  RecordKeyPrefix,
  Residue,
  Store,
  StoredRecord,
  StoreReport,
} from './store.ts';

/** A commit waits here until the gate is released. */
export class Gate {
  readonly #reached = Promise.withResolvers<void>();
  readonly #released = Promise.withResolvers<void>();

  /** Resolves once a commit waits. */
  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  release(): void {
    this.#released.resolve();
  }

  pass(): Promise<void> {
    this.#reached.resolve();
    return this.#released.promise;
  }
}

/**
 * What happens to one attempt to commit. `fails-…`: the commit failed before or after it was written, and looking for its
 * attempt id settles which; `unknown-…`: nothing could be looked for. A gate delays the attempt between `decide` and the
 * commit; then the next fault of the script happens to the same attempt.
 */
export type CommitFault =
  | 'none'
  | 'claim-lost'
  | 'rejected'
  | 'fails-unwritten'
  | 'fails-written'
  | 'unknown-unwritten'
  | 'unknown-written'
  | Gate;

/** Consumed from the front: one fault for each attempt to commit records, or to append audit lines. */
export interface MemoryFaults {
  commits?: CommitFault[];
  audits?: CommitFault[];
}

/** As SQLite's limit for one value. */
const LARGEST_RECORD = 1_000_000_000;

/** What is committed. The right to write belongs to the last one who claimed it, as in Kafka's fence. */
export class MemoryLog {
  /** In the order of positions: a Map keeps the order of insertion. */
  readonly #records = new Map<string, StoredRecord>();
  readonly #audit: string[] = [];
  #auditBegin = 1;
  readonly #attempts = new Set<string>();
  #position = 0;
  #claim = 0;
  #made = false;

  get position(): number {
    return this.#position;
  }

  get made(): boolean {
    return this.#made;
  }

  get auditBegin(): number {
    return this.#auditBegin;
  }

  /** How many lines were ever appended, removed ones too. */
  get auditLength(): number {
    return this.#audit.length;
  }

  make(): void {
    this.#made = true;
  }

  head(): ChainHead {
    return { lastLine: this.#audit.at(-1), lineAt: (seq) => this.auditLine(seq) };
  }

  auditLine(position: number): string | undefined {
    return position < this.#auditBegin ? undefined : this.#audit[position - 1];
  }

  removeAuditTo(position: number): void {
    this.#auditBegin = Math.max(this.#auditBegin, position + 1);
  }

  recordsAfter(position: number): StoredRecord[] {
    return [...this.#records.values()].filter((record) => record.position > position);
  }

  /** Takes the right to write from whoever has it. */
  claim(): number {
    this.#claim += 1;
    return this.#claim;
  }

  /** Commits all of it, or answers false where somebody else has claimed the right to write since. */
  commit(claim: number, changes: Changes): boolean {
    if (claim !== this.#claim) return false;
    for (const { key, value } of changes.records) {
      this.#position += 1;
      // A replaced record no longer counts: nobody who opens later gets it.
      this.#records.delete(key);
      this.#records.set(key, { position: this.#position, key, value: value?.slice() ?? null });
    }
    this.appendAudit(changes.audit);
    this.removeAuditTo(changes.removeAuditTo ?? 0);
    this.#attempts.add(changes.attemptId);
    return true;
  }

  appendAudit(lines: readonly string[]): void {
    this.#audit.push(...lines);
  }

  hasAttempt(attemptId: string): boolean {
    return this.#attempts.has(attemptId);
  }

  /** What Kafka's cleaner does in the end: removed keys are forgotten altogether. */
  purgeTombstones(): void {
    for (const [key, { value }] of this.#records) {
      if (value === null) this.#records.delete(key);
    }
  }
}

export class MemoryStore implements Store {
  readonly place: string = 'memory:';
  readonly auditChains = 'one';
  readonly givesReplaced = false;
  readonly #log: MemoryLog;
  readonly #faults: MemoryFaults;
  #apply: (record: StoredRecord) => void = () => {};
  #scope: readonly RecordKeyPrefix[] | undefined;
  #signal: AbortSignal | undefined;
  #readOnly = false;
  #state: 'new' | 'open' | 'closed' = 'new';
  #position = 0;
  #claimsLost = 0;
  readonly #queue = new Queue();

  constructor(log: MemoryLog, faults: MemoryFaults = {}) {
    this.#log = log;
    this.#faults = faults;
  }

  async open(apply: (record: StoredRecord) => void, options: OpenOptions = {}): Promise<void> {
    if (this.#state !== 'new') throw this.#unavailable('it was opened before');
    if (options.signal?.aborted) throw new SecretregError('interrupted', {});
    if (options.create) this.#log.make();
    if (!this.#log.made) throw new SecretregError('no-registry', { place: this.place });
    this.#apply = apply;
    this.#scope = options.scope;
    this.#signal = options.signal;
    this.#readOnly = options.readOnly ?? false;
    this.#state = 'open';
    this.#readNew();
  }

  async catchUp(): Promise<void> {
    this.#requireOpen();
    this.#readNew();
  }

  async reread(): Promise<void> {
    this.#position = 0;
    await this.catchUp();
  }

  transact(decide: (head: ChainHead) => Changes): Promise<void> {
    return this.#queue.run(async () => {
      this.#requireWritable();
      while (!(await this.#attempt(decide))) this.#claimsLost += 1;
      this.#readNew();
    });
  }

  appendAudit(make: (head: ChainHead) => readonly string[]): Promise<void> {
    return this.#queue.run(async () => {
      this.#requireWritable();
      const fault = await this.#nextFault(this.#faults.audits);
      const lines = make(this.#log.head());
      this.#commitWith(fault, 'of the audit', () => this.#log.appendAudit(lines));
    });
  }

  async auditBegin(): Promise<number> {
    return this.#log.auditBegin;
  }

  async auditPositionAt(): Promise<number> {
    return this.#log.auditBegin;
  }

  async *readAudit(from = 1): AsyncIterable<AuditLine> {
    this.#requireOpen();
    const end = this.#log.auditLength;
    for (let position = Math.max(from, 1); position <= end; position += 1) {
      const line = this.#log.auditLine(position);
      if (line !== undefined) yield { position, line };
    }
  }

  async inspect(): Promise<StoreReport> {
    this.#requireOpen();
    return {
      place: this.place,
      facts: [
        { name: 'records', state: 'ok', text: `${this.#log.recordsAfter(0).length} records` },
        { name: 'audit', state: 'ok', text: `${this.#log.auditLength} audit lines` },
        { name: 'claims', state: 'ok', text: `${this.#claimsLost} claims lost` },
      ],
    };
  }

  async removeResidue(): Promise<Residue> {
    this.#requireWritable();
    return { gone: true, text: '' };
  }

  async close(): Promise<void> {
    await this.#queue.done;
    this.#state = 'closed';
  }

  /** One run of `decide`; false where the right to write was lost before the commit. */
  async #attempt(decide: (head: ChainHead) => Changes): Promise<boolean> {
    if (this.#signal?.aborted) throw new SecretregError('interrupted', {});
    const claim = this.#log.claim();
    this.#readNew();
    const changes = decide(this.#log.head());
    const fault = await this.#nextFault(this.#faults.commits);
    if (fault === 'claim-lost') return false;
    for (const { value } of changes.records) {
      if (value !== null && value.length > LARGEST_RECORD) throw this.#tooLarge();
    }
    let held = true;
    this.#commitWith(
      fault,
      changes.attemptId,
      () => {
        held = this.#log.commit(claim, changes);
      },
      () => this.#log.hasAttempt(changes.attemptId),
    );
    return held;
  }

  async #nextFault(script: CommitFault[] | undefined): Promise<Exclude<CommitFault, Gate>> {
    let fault = script?.shift() ?? 'none';
    while (fault instanceof Gate) {
      await fault.pass();
      fault = script?.shift() ?? 'none';
    }
    return fault;
  }

  /** Commits as the fault says; what a failed commit left is settled by looking, as the real engines do. */
  #commitWith(
    fault: Exclude<CommitFault, Gate>,
    attempt: string,
    commit: () => void,
    isThere: () => boolean = () => fault.endsWith('-written'),
  ): void {
    if (fault === 'rejected') {
      throw new SecretregError('commit-rejected', {
        place: this.place,
        reason: 'the script says so',
      });
    }
    if (!fault.endsWith('-unwritten')) commit();
    if (fault.startsWith('unknown-')) {
      throw new SecretregError('outcome-unknown', { place: this.place, attempt });
    }
    if (fault.startsWith('fails-') && !isThere()) throw this.#unavailable('the commit failed');
  }

  #readNew(): void {
    for (const record of this.#log.recordsAfter(this.#position)) {
      if (this.#scope?.some((prefix) => record.key.startsWith(prefix)) ?? true) this.#apply(record);
    }
    this.#position = this.#log.position;
  }

  #requireOpen(): void {
    if (this.#state === 'closed') throw this.#unavailable('it was closed');
    if (this.#state === 'new') throw this.#unavailable('it was not opened');
  }

  #requireWritable(): void {
    this.#requireOpen();
    if (this.#readOnly) throw this.#unavailable('it was opened for reading only');
  }

  #tooLarge(): SecretregError {
    return new SecretregError('commit-rejected', {
      place: this.place,
      reason: `a record is longer than ${LARGEST_RECORD} bytes`,
    });
  }

  #unavailable(reason: string): SecretregError {
    return new SecretregError('store-unavailable', { place: this.place, reason });
  }
}
