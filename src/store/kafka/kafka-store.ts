// A registry in a compacted topic, for any number of processes and without a leader: the claim of claim.ts says who may
// write, and what a commit became is what our own reader sees. Its audit lines stand in a second topic, written in the
// same transaction. Positions are offsets + 1.
import type { KafkaConfig } from 'kafkajs';
import { hasCode, SecretregError } from '../../errors.ts';
import { AuditQueue } from '../audit-queue.ts';
import type {
  AuditLine,
  ChainHead,
  Changes,
  CommitPosition,
  OpenOptions,
  RecordKeyPrefix,
  Residue,
  Store,
  StoredRecord,
  StoreReport,
} from '../store.ts';
import { AuditLog, Chain } from './audit-log.ts';
import { Claim, sizeOf } from './claim.ts';
import { Connection, type Deadline, deadlineIn, isOver, pause } from './connection.ts';
import { verdictOf } from './failure.ts';
import type { Message } from './kafkajs-internals.ts';
import { Reader } from './reader.ts';
import type { LogRecord } from './record-batches.ts';
import { createTopics, requireTopics, topicFacts, type Topics } from './topics.ts';

export interface KafkaStoreOptions {
  /** `host:port`. */
  brokers: readonly string[];
  topic: string;
  /** Beside `brokers`: TLS, SASL. */
  client?: Omit<KafkaConfig, 'brokers'>;
  /** How long brokers may be away before a call fails with store-unavailable. */
  timeoutMs?: number;
}

/** Names the attempt that wrote a record, so that what became of it can be found out. */
const ATTEMPT_HEADER = 'secretreg-attempt';
/** No record larger than this is sent; a topic that we made takes 8 MiB. */
const LARGEST_RECORD = 4 * 1024 * 1024;

export class KafkaStore implements Store {
  readonly place: string;
  readonly auditChains = 'many';
  readonly givesReplaced = true;
  readonly #topics: Topics;
  readonly #connection: Connection;
  readonly #reader: Reader;
  readonly #auditLog: AuditLog;
  readonly #audits = new AuditQueue();
  readonly #writes = new Chain();
  readonly #reads = new Chain();
  readonly #timeoutMs: number;
  #state: 'new' | 'open' | 'read-only' | 'closed' = 'new';
  #apply: (record: StoredRecord) => void = () => {};
  #scope: readonly RecordKeyPrefix[] | undefined;
  #signal: AbortSignal | undefined;
  #claim: Claim | undefined;
  #claimsLost = 0;
  /** Records without a key, or whose key is no text: nobody of us wrote them. */
  #unreadable = 0;
  #position = 0;
  /** The attempt whose records are waited for, and whether one has been read. */
  #awaited: { attemptId: string; seen: boolean } | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #auditQueue: Promise<unknown> = Promise.resolve();

  constructor({ brokers, topic, client = {}, timeoutMs = 10_000 }: KafkaStoreOptions) {
    this.place = `kafka://${brokers.join(',')}/${topic}`;
    this.#topics = { records: topic, audit: `${topic}-audit` };
    this.#timeoutMs = timeoutMs;
    this.#connection = new Connection(
      this.place,
      {
        clientId: 'secretreg',
        connectionTimeout: 5000,
        requestTimeout: 10_000,
        retry: { initialRetryTime: 25, maxRetryTime: 200, retries: 1 },
        ...client,
        brokers: [...brokers],
      },
      Object.values(this.#topics),
    );
    this.#reader = new Reader(this.#connection, topic);
    this.#auditLog = new AuditLog(this.#connection, this.#topics.audit);
  }

  open(apply: (record: StoredRecord) => void, options: OpenOptions = {}): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state !== 'new') throw this.#unavailable('it was opened before');
      this.#apply = apply;
      this.#scope = options.scope;
      this.#signal = options.signal;
      await this.#untilDeadline(async () => {
        if (options.create) await createTopics(this.#connection, this.#topics);
        if (!(await requireTopics(this.#connection, this.#topics)))
          throw new SecretregError('no-registry', { place: this.place });
        await this.#readNew();
      });
      this.#state = options.readOnly ? 'read-only' : 'open';
    });
  }

  catchUp(): Promise<void> {
    return this.#inTurn(async () => {
      this.#requireOpen();
      await this.#untilDeadline(() => this.#readNew());
    });
  }

  transact(decide: (head: ChainHead) => Changes): Promise<CommitPosition> {
    return this.#inTurn(async () => {
      this.#requireWritable();
      await this.#commit(decide);
      return { position: this.#position };
    });
  }

  appendAudit(make: (head: ChainHead) => readonly string[]): Promise<void> {
    return this.#audits.add(make, (makeAll) =>
      this.#inAuditTurn(async () => {
        this.#requireWritable();
        await this.#append(this.#reads, makeAll(this.#reads.head));
      }),
    );
  }

  async *readAudit(from = 1): AsyncIterable<AuditLine> {
    this.#requireOpen();
    const reader = new Reader(this.#connection, this.#topics.audit, {
      offset: Math.max(from, 1) - 1,
      mayBeginLater: true,
    });
    const end = await this.#untilDeadline(() => reader.stableEnd());
    while (reader.offset < end) {
      const page: AuditLine[] = [];
      await this.#untilDeadline(() =>
        reader.readSome(end, ({ offset, value }) => {
          page.push({ position: offset + 1, line: value?.toString() ?? '' });
        }),
      );
      yield* page;
    }
  }

  async inspect(): Promise<StoreReport> {
    this.#requireOpen();
    const facts = await this.#untilDeadline(() => topicFacts(this.#connection, this.#topics));
    return {
      place: this.place,
      facts: [
        ...facts,
        { name: 'claims', state: 'ok', text: `${this.#claimsLost} claims lost to other writers` },
        this.#unreadable === 0
          ? { name: 'foreign records', state: 'ok', text: 'no records without a key' }
          : { name: 'foreign records', state: 'warn', text: `${this.#unreadable} without a key` },
      ],
    };
  }

  async removeResidue(): Promise<Residue> {
    this.#requireWritable();
    return {
      gone: false,
      text:
        `topic ${this.#topics.records} keeps replaced records until its cleaner has run: ` +
        'segment.ms, min.compaction.lag.ms and max.compaction.lag.ms of the topic say when',
    };
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#auditQueue;
      this.#state = 'closed';
      await this.#connection.close();
    });
  }

  /** Claims, decides and commits until it is known that it is committed, or surely is not. */
  async #commit(decide: (head: ChainHead) => Changes): Promise<void> {
    const deadline = this.#deadline();
    for (let attempt = 0; ; attempt += 1) {
      await this.#takeClaim(deadline);
      const changes = decide(this.#writes.head);
      if (changes.records.length === 0) return this.#append(this.#writes, changes.audit);
      if (await this.#attempt(changes, deadline)) return;
      this.#claimsLost += 1;
      if (isOver(deadline))
        throw this.#unavailable('other writers took the right to write each time');
      await pause(Math.random() * 20 * attempt, this.#signal);
    }
  }

  /** With the claim in hand and everything read that was committed before it. */
  async #takeClaim(deadline: Deadline): Promise<void> {
    if (this.#signal?.aborted) throw new SecretregError('interrupted', {});
    if (this.#claim !== undefined) return;
    try {
      this.#claim = await Claim.take(this.#connection, this.#topics, deadline);
      await this.#connection.untilDeadline(deadline, () => this.#readNew());
    } catch (error) {
      this.#claim = undefined;
      throw this.#failure(error);
    }
  }

  /** True where the changes are committed and applied here, false where they surely are not. */
  async #attempt(changes: Changes, deadline: Deadline): Promise<boolean> {
    const { attemptId } = changes;
    const headers = { [ATTEMPT_HEADER]: Buffer.from(attemptId) };
    const records = changes.records.map(({ key, value }): Message => {
      return { key: Buffer.from(key), value: value && Buffer.from(value), headers };
    });
    const audit = changes.audit.map((line): Message => messageOf(line, headers));
    this.#refuseLarge(records);
    this.#awaited = { attemptId, seen: false };
    try {
      const committed = await this.#sendAndRead(records, audit, deadline);
      if (committed) this.#writes.extend(changes.audit);
      return committed;
    } catch (error) {
      // A new claim voids what is left open; a chain whose end is not known is not gone on with.
      this.#claim = undefined;
      if (!hasCode(error, 'commit-rejected')) this.#writes.end();
      throw error;
    } finally {
      this.#awaited = undefined;
    }
  }

  async #sendAndRead(
    records: readonly Message[],
    audit: readonly Message[],
    deadline: Deadline,
  ): Promise<boolean> {
    const { outcome, lastOffset } = await this.#send(records, audit, deadline);
    if (outcome === 'committed' && (await this.#readBack(lastOffset, deadline))) return true;
    this.#claim = undefined;
    if (outcome === 'lost') return false;
    return this.#findOut(deadline);
  }

  async #send(records: readonly Message[], audit: readonly Message[], deadline: Deadline) {
    if (this.#claim === undefined) throw new SecretregError('ours', { reason: 'no claim' });
    try {
      return await this.#claim.commit(records, audit, deadline);
    } catch (error) {
      if (verdictOf(error) !== 'rejected') throw this.#failure(error);
      const { reason } = this.#connection.unavailable(error).params as { reason: string };
      throw new SecretregError('commit-rejected', { place: this.place, reason }, { cause: error });
    }
  }

  /** Waits until our reader has passed the records: the end of a transaction is answered before others can see it. */
  async #readBack(lastOffset: number, deadline: Deadline): Promise<boolean> {
    try {
      while (this.#reader.offset <= lastOffset) {
        await this.#connection.untilDeadline(deadline, () => this.#readNew());
        if (this.#reader.offset <= lastOffset && isOver(deadline)) return false;
      }
    } catch {
      return false;
    }
    return this.#awaited?.seen === true;
  }

  /** A new claim ends whatever was left open; what can be read then is all there ever will be of the attempt. */
  async #findOut(deadline: Deadline): Promise<boolean> {
    const patience = { at: Math.max(deadline.at, performance.now() + this.#timeoutMs) };
    try {
      this.#claim = await Claim.take(this.#connection, this.#topics, patience);
      await this.#connection.untilDeadline(patience, () => this.#readNew());
    } catch (error) {
      const attempt = this.#awaited?.attemptId ?? '';
      throw new SecretregError('outcome-unknown', { place: this.place, attempt }, { cause: error });
    }
    return this.#awaited?.seen === true;
  }

  async #append(chain: Chain, lines: readonly string[]): Promise<void> {
    try {
      await this.#auditLog.append(
        lines.map((line) => messageOf(line)),
        this.#deadline(),
      );
      chain.extend(lines);
    } catch (error) {
      chain.end();
      throw error;
    }
  }

  async #readNew(): Promise<void> {
    const end = await this.#reader.stableEnd();
    await this.#reader.readTo(end, (record) => this.#take(record));
  }

  #take({ offset, key, value, headers }: LogRecord): void {
    if (this.#awaited?.attemptId === headers.get(ATTEMPT_HEADER)) this.#markSeen();
    this.#position = offset + 1;
    if (key === null) {
      this.#unreadable += 1;
      return;
    }
    const text = key.toString();
    if (this.#scope?.some((prefix) => text.startsWith(prefix)) ?? true)
      this.#apply({ position: offset + 1, key: text, value });
  }

  #markSeen(): void {
    if (this.#awaited !== undefined) this.#awaited.seen = true;
  }

  #refuseLarge(records: readonly Message[]): void {
    if (records.every((record) => sizeOf(record) <= LARGEST_RECORD)) return;
    throw new SecretregError('commit-rejected', {
      place: this.place,
      reason: `a record is longer than ${LARGEST_RECORD} bytes`,
    });
  }

  async #untilDeadline<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#connection.untilDeadline(this.#deadline(), work);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #deadline(): Deadline {
    return deadlineIn(this.#timeoutMs, this.#signal);
  }

  #failure(error: unknown): unknown {
    return this.#connection.unavailable(error);
  }

  #requireOpen(): void {
    if (this.#state === 'closed') throw this.#unavailable('it was closed');
    if (this.#state === 'new') throw this.#unavailable('it was not opened');
  }

  #requireWritable(): void {
    this.#requireOpen();
    if (this.#state === 'read-only') throw this.#unavailable('it was opened for reading only');
  }

  /** One call after another: a producer has one transaction at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /** Reads do not wait for writes. */
  #inAuditTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#auditQueue.then(work);
    this.#auditQueue = done.catch(() => undefined);
    return done;
  }

  #unavailable(reason: string): SecretregError {
    return new SecretregError('store-unavailable', { place: this.place, reason });
  }
}

function messageOf(line: string, headers: Record<string, Uint8Array> = {}): Message {
  return { key: null, value: Buffer.from(line), headers };
}
