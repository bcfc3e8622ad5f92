// Our own reader of partition 0 of a topic: no group, no offsets kept at the broker, only what is committed. It advances
// by the headers of batches alone, so that a range in which nothing is left to read does not hold it.
import { SecretregError } from '../../errors.ts';
import type { Connection } from './connection.ts';
import { protocolError } from './failure.ts';
import { BatchFault, batchesOf, type Batch, type LogRecord } from './record-batches.ts';
import {
  type FetchAnswer,
  fetchBatches,
  READ_COMMITTED,
  READ_UNCOMMITTED,
} from './kafkajs-internals.ts';

const FETCH_BYTES = 8 * 1024 * 1024;
const FETCH_WAIT_MS = 500;
const LATEST = -1;
const EARLIEST = -2;

const OFFSET_OUT_OF_RANGE = 1;
const NOT_LEADER = 6;
const MOST_FRUITLESS = 4;

export class Reader {
  readonly #connection: Connection;
  readonly #topic: string;
  readonly #mayBeginLater: boolean;
  #offset: number;

  constructor(
    connection: Connection,
    topic: string,
    { offset = 0, mayBeginLater = false }: { offset?: number; mayBeginLater?: boolean } = {},
  ) {
    this.#connection = connection;
    this.#topic = topic;
    this.#offset = offset;
    this.#mayBeginLater = mayBeginLater;
  }

  /** Where reading goes on. */
  get offset(): number {
    return this.#offset;
  }

  /** Everything before it is decided: the last stable offset. */
  stableEnd(): Promise<number> {
    return endOf(this.#connection, this.#topic, READ_COMMITTED);
  }

  /** Hands out what is committed before `end`, which is decided. */
  async readTo(end: number, apply: (record: LogRecord) => void): Promise<void> {
    let fruitless = 0;
    while (this.#offset < end) {
      const before = this.#offset;
      await this.readSome(end, apply);
      fruitless = this.#offset === before ? fruitless + 1 : 0;
      // What is decided can be read: if it cannot, the leader has changed.
      if (fruitless === MOST_FRUITLESS) throw protocolError('fetch', NOT_LEADER);
    }
  }

  /** One request and what it brought. */
  async readSome(end: number, apply: (record: LogRecord) => void): Promise<void> {
    const leader = await this.#connection.leader(this.#topic);
    const answer = await fetchBatches(leader, this.#topic, {
      offset: this.#offset,
      maxBytes: FETCH_BYTES,
      maxWaitMs: FETCH_WAIT_MS,
    });
    if (answer.errorCode !== 0) await this.#refuse(answer);
    for (const batch of this.#committed(answer)) {
      // Nothing behind `end` is asked for; a batch is never in two transactions.
      if (batch.firstOffset >= end) return;
      for (const record of batch.control === undefined ? batch.records : []) {
        if (record.offset >= this.#offset) apply(record);
      }
      this.#offset = batch.nextOffset;
    }
  }

  async #refuse({ errorCode }: FetchAnswer): Promise<void> {
    if (errorCode !== OFFSET_OUT_OF_RANGE) throw protocolError('fetch', errorCode);
    const start = await offsetAt(this.#connection, this.#topic, READ_UNCOMMITTED, EARLIEST);
    if (this.#offset < start && this.#mayBeginLater) {
      this.#offset = start;
      return;
    }
    throw new SecretregError('store-unavailable', {
      place: this.#connection.place,
      reason:
        this.#offset < start
          ? `the beginning of topic ${this.#topic} was removed; only compaction may remove records from it`
          : `topic ${this.#topic} is shorter than what was read from it: it was truncated, or made anew`,
    });
  }

  /** The batches that count: not those of transactions that were aborted. */
  *#committed(answer: FetchAnswer): Generator<Batch> {
    const aborted = answer.aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
    const aborting = new Set<bigint>();
    try {
      for (const batch of batchesOf(answer.batches)) {
        while (aborted[0] !== undefined && aborted[0].firstOffset < batch.nextOffset) {
          aborting.add(aborted[0].producerId);
          aborted.shift();
        }
        if (batch.control === 'abort') aborting.delete(batch.producerId);
        const isVoid = batch.isTransactional && aborting.has(batch.producerId);
        yield isVoid ? { ...batch, records: [] } : batch;
      }
    } catch (error) {
      if (!(error instanceof BatchFault)) throw error;
      const reason = `topic ${this.#topic} cannot be read at offset ${this.#offset}: ${error.message}`;
      throw new SecretregError('store-unavailable', { place: this.#connection.place, reason });
    }
  }
}

/** The next offset: of what is decided, or of everything. */
export function endOf(
  connection: Connection,
  topic: string,
  isolationLevel: number,
): Promise<number> {
  return offsetAt(connection, topic, isolationLevel, LATEST);
}

async function offsetAt(
  connection: Connection,
  topic: string,
  isolationLevel: number,
  timestamp: number,
): Promise<number> {
  const leader = await connection.leader(topic);
  const { responses } = await leader.listOffsets({
    isolationLevel,
    topics: [{ topic, partitions: [{ partition: 0, timestamp }] }],
  });
  return Number(responses[0]?.partitions[0]?.offset ?? 0);
}
