// A registry in a compacted topic, for any number of processes and without a leader: a claim says who may write (claim.ts), and
// our own reader sees what became of a commit (writer.ts). Its audit lines stand in a second topic, written in the same
// transaction. Positions are offsets + 1.
import type { KafkaConfig } from 'kafkajs';
import { SecretregError } from '../../errors.ts';
import { AuditQueue } from '../audit-queue.ts';
import { Queue } from '../queue.ts';
import type {
  AuditLine,
  ChainHead,
  Changes,
  OpenOptions,
  Residue,
  Store,
  StoreCounters,
  StoredRecord,
  StoreReport,
} from '../store.ts';
import type { Grant, Purpose } from './acls.ts';
import { AuditLog, Chain } from './audit-log.ts';
import { Connection } from './connection.ts';
import { type Deadline, deadlineIn } from './deadline.ts';
import { READ_COMMITTED, READ_UNCOMMITTED } from './kafkajs-internals.ts';
import { EARLIEST, endOf, offsetAt } from './offsets.ts';
import { Reader } from './reader.ts';
import { RecordLog } from './record-log.ts';
import { clusterFacts, residueIn } from './inspection.ts';
import type { Security } from './security.ts';
import { storeFacts } from './store-facts.ts';
import { alterLine, deletionLine } from './topic-lines.ts';
import { TopicCheck, topicConfig } from './topic-check.ts';
import { createTopics, requireTopics, type Topics } from './topics.ts';
import { Writer } from './writer.ts';

export interface KafkaStoreOptions {
  /** `host:port`. */
  brokers: readonly string[];
  topic: string;
  /** How the brokers are spoken to. Only used in messages, and in lines that grant rights. */
  security?: Security;
  /** Settings of the client besides `brokers`: TLS, SASL. */
  client?: Omit<KafkaConfig, 'brokers'>;
  /** How long brokers may be away before a call fails with store-unavailable. */
  timeoutMs?: number;
  /** The same for opening; where it is not given, `timeoutMs`. */
  openTimeoutMs?: number;
  /** Of topics that are made; where it is not given, as many brokers as there are, at most three. */
  replicationFactor?: number;
  /** How often the settings of the topics are looked at. */
  checkEveryMs?: number;
}

const TIMEOUT_MS = 10_000;
const CHECK_EVERY_MS = 180_000;
/**
 * How far the clock that gives a record its time may be behind the clock of its event: it may have been set back meanwhile, or
 * be the broker's, where the topic has LogAppendTime. A broker itself takes no record that is further ahead
 * (message.timestamp.after.max.ms).
 */
const CLOCKS_DIFFER_MS = 3_600_000;

export class KafkaStore implements Store {
  readonly place: string;
  readonly auditChains = 'many';
  readonly givesReplaced = true;
  readonly removal: string;
  readonly #topics: Topics;
  readonly #connection: Connection;
  readonly #check: TopicCheck;
  readonly #log: RecordLog;
  readonly #auditLog: AuditLog;
  readonly #writer: Writer;
  readonly #audits = new AuditQueue();
  readonly #reads = new Chain();
  readonly #timeoutMs: number;
  readonly #openTimeoutMs: number;
  readonly #replicationFactor: number | undefined;
  readonly #grant: Grant;
  readonly #running = new Set<Promise<unknown>>();
  /** `found`: the topics are there, but the store is not open yet, or could not be opened. */
  #state: 'new' | 'found' | 'open' | 'read-only' | 'closed' = 'new';
  #signal: AbortSignal | undefined;
  readonly #writes = new Queue();
  readonly #appends = new Queue();

  constructor(options: KafkaStoreOptions) {
    const { brokers, topic, timeoutMs = TIMEOUT_MS, checkEveryMs = CHECK_EVERY_MS } = options;
    this.place = `kafka://${brokers.join(',')}/${topic}`;
    this.#topics = { records: topic, audit: `${topic}-audit` };
    this.#timeoutMs = timeoutMs;
    this.#openTimeoutMs = options.openTimeoutMs ?? timeoutMs;
    this.#replicationFactor = options.replicationFactor;
    const { security = { protocol: 'PLAINTEXT' } } = options;
    this.#grant = {
      principal: security.principal ?? 'User:NAME',
      bootstrapServer: brokers[0] ?? '',
    };
    this.removal = deletionLine(this.#grant.bootstrapServer, this.#topics);
    const topics = this.#topics;
    const connection = new Connection(this.place, clientOf(options), { brokers, topics, security });
    this.#connection = connection;
    // A change may take `timeoutMs`, and finding out what became of it as much again.
    const commitMs = 2 * timeoutMs;
    this.#check = new TopicCheck(connection, topics, { everyMs: checkEveryMs, commitMs });
    this.#log = new RecordLog(connection, topics.records);
    this.#auditLog = new AuditLog(connection, topics.audit);
    const [log, auditLog, check] = [this.#log, this.#auditLog, this.#check];
    this.#writer = new Writer({ connection, topics, log, auditLog, check, timeoutMs });
  }

  open(apply: (record: StoredRecord) => void, options: OpenOptions = {}): Promise<void> {
    return this.#run(async () => {
      if (this.#state !== 'new' && this.#state !== 'found')
        throw this.#unavailable('it was opened before');
      this.#signal = options.signal;
      // The topic is read whole, whatever the scope: what is out of order elsewhere counts for a scope too.
      this.#log.apply = apply;
      const purpose = purposeOf(options);
      await this.#untilDeadline(
        purpose,
        async () => {
          if (options.create) await this.#create();
          if (!(await requireTopics(this.#connection, this.#topics)))
            throw new SecretregError(
              'no-registry',
              { place: this.place },
              {
                hint: `check the name of the topic, '${this.#topics.records}'; where the registry is yet to be made: secretreg init`,
              },
            );
          this.#state = 'found';
          await this.#check.ifDue();
        },
        this.#openTimeoutMs,
      );
      await this.#untilDeadline(purpose, () => this.#log.catchUp());
      this.#state = options.readOnly ? 'read-only' : 'open';
    });
  }

  catchUp(): Promise<void> {
    return this.#run(async () => {
      this.#requireOpen();
      await this.#untilDeadline('read', async () => {
        await this.#check.ifDue();
        await this.#log.catchUp();
      });
    });
  }

  async reread(): Promise<void> {
    this.#log.restart();
    await this.catchUp();
  }

  /** One after another: a producer has one transaction at a time. */
  transact(decide: (head: ChainHead) => Changes): Promise<void> {
    return this.#writes.run(() =>
      this.#run(async () => {
        this.#requireWritable();
        await this.#writer.commit(decide, this.#signal);
      }),
    );
  }

  /** Reads do not wait for writes. */
  appendAudit(make: (head: ChainHead) => readonly string[]): Promise<void> {
    return this.#audits.add(make, (makeAll) =>
      this.#appends.run(() =>
        this.#run(async () => {
          this.#requireWritable();
          const lines = makeAll(this.#reads.head);
          await this.#auditLog.append(this.#reads, lines, this.#deadline());
        }),
      ),
    );
  }

  auditBegin(): Promise<number> {
    this.#requireOpen();
    return this.#untilDeadline('audit', async () => {
      const { audit } = this.#topics;
      return 1 + (await offsetAt(this.#connection, audit, READ_UNCOMMITTED, EARLIEST));
    });
  }

  /** By the times of records, which were written a moment after the event. */
  auditPositionAt(time: string): Promise<number> {
    this.#requireOpen();
    return this.#untilDeadline('audit', async () => {
      const { audit } = this.#topics;
      const timestamp = Math.max(0, Date.parse(time) - CLOCKS_DIFFER_MS);
      // The end is asked for first: what is written between the two answers stands behind it.
      const end = await endOf(this.#connection, audit, READ_COMMITTED);
      const offset = await offsetAt(this.#connection, audit, READ_COMMITTED, timestamp);
      return 1 + (offset < 0 ? end : offset);
    });
  }

  async *readAudit(from = 1): AsyncIterable<AuditLine> {
    this.#requireOpen();
    const reader = new Reader(this.#connection, this.#topics.audit, {
      offset: Math.max(from, 1) - 1,
      mayBeginLater: true,
    });
    const end = await this.#untilDeadline('audit', () => reader.stableEnd());
    while (reader.offset < end) {
      const page: AuditLine[] = [];
      await this.#untilDeadline('audit', () =>
        reader.readSome(end, ({ offset, value }) => {
          page.push({ position: offset + 1, line: value?.toString() ?? '' });
        }),
      );
      yield* page;
    }
  }

  /** Also where `open` failed: what is wrong with a topic may be the reason. */
  async inspect(): Promise<StoreReport> {
    const isRead = this.#state !== 'found';
    if (isRead) this.#requireOpen();
    const facts = await clusterFacts({
      lag: isRead ? () => this.#log.lag() : undefined,
      connection: this.#connection,
      topics: this.#topics,
      check: this.#check,
      grant: this.#grant,
      now: new Date(),
      untilDeadline: (work) => this.#untilDeadline('inspect', work),
    });
    // A store that has not read the topic has nothing to tell of itself.
    const met = isRead ? storeFacts(this.#writer, this.#log) : [];
    return { place: this.place, facts: [...facts, ...met] };
  }

  /**
   * The topic's own retention removes old lines, so nobody needs the right to delete its records, with which they could hide
   * what they did.
   */
  auditRetention(milliseconds: number): string {
    const { bootstrapServer } = this.#grant;
    return alterLine(bootstrapServer, this.#topics.audit, [`retention.ms=${milliseconds}`]);
  }

  auditKeptSince(): Promise<string | undefined> {
    this.#requireOpen();
    return this.#untilDeadline('audit', async () => {
      const config = await topicConfig(await this.#connection.anyBroker(), this.#topics.audit);
      if (config.get('retention.bytes') !== '-1') return undefined;
      const milliseconds = Number(config.get('retention.ms'));
      if (milliseconds < 0) return '';
      return new Date(Date.now() - milliseconds + CLOCKS_DIFFER_MS).toISOString();
    });
  }

  counters(): StoreCounters {
    const { taken: claims, lost: fences } = this.#writer;
    return { claims, fences, behind: this.#log.behind };
  }

  async removeResidue(): Promise<Residue> {
    this.#requireWritable();
    return this.#untilDeadline('write', () => residueIn(this.#connection, this.#topics.records));
  }

  /** What was asked for before is finished first. */
  async close(): Promise<void> {
    await Promise.all([this.#writes.done, this.#appends.done]);
    await Promise.allSettled(this.#running);
    this.#state = 'closed';
    this.#connection.close();
  }

  /** Keeps count of work that is running, so that `close` can wait for it. */
  async #run<T>(work: () => Promise<T>): Promise<T> {
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async #create(): Promise<void> {
    await createTopics(this.#connection, this.#topics, this.#replicationFactor);
    // What is written is read back: without that right, nobody would know what became of the first change.
    await this.#connection.requireRights('read');
  }

  async #untilDeadline<T>(
    purpose: Purpose,
    work: () => Promise<T>,
    ms: number = this.#timeoutMs,
  ): Promise<T> {
    try {
      return await this.#connection.untilDeadline(deadlineIn(ms, this.#signal), work);
    } catch (error) {
      throw await this.#connection.failure(error, purpose);
    }
  }

  #deadline(): Deadline {
    return deadlineIn(this.#timeoutMs, this.#signal);
  }

  #requireOpen(): void {
    if (this.#state === 'closed') throw this.#unavailable('it was closed');
    if (this.#state === 'new' || this.#state === 'found')
      throw this.#unavailable('it was not opened');
  }

  #requireWritable(): void {
    this.#requireOpen();
    if (this.#state === 'read-only') throw this.#unavailable('it was opened for reading only');
  }

  #unavailable(reason: string): SecretregError {
    return new SecretregError('store-unavailable', { place: this.place, reason });
  }
}

function purposeOf({ create, readOnly }: OpenOptions): Purpose {
  if (create) return 'create';
  return readOnly ? 'names' : 'read';
}

/** Where an answer is lost there has to be time left to ask once more. */
function clientOf({ brokers, client, timeoutMs = TIMEOUT_MS }: KafkaStoreOptions) {
  const answerMs = Math.min(5000, timeoutMs / 2);
  return {
    clientId: 'secretreg',
    connectMs: timeoutMs / 3,
    connectionTimeout: answerMs,
    authenticationTimeout: answerMs,
    requestTimeout: answerMs,
    retry: { initialRetryTime: 25, maxRetryTime: 200, retries: 1 },
    ...client,
    brokers: [...brokers],
  };
}
