// Our own reader of partition 0 of a topic: no group, no offsets kept at the broker, only what is committed. It advances
// by the headers of batches alone, so that a range in which nothing is left to read does not hold it.
import { SecretregError } from '../../errors.ts';
import type { Connection } from './connection.ts';
import { protocolError } from './failure.ts';
import { type FetchAnswer, fetchBatches } from './fetch.ts';
import { READ_COMMITTED, READ_UNCOMMITTED } from './kafkajs-internals.ts';
import { EARLIEST, endOf, offsetAt } from './offsets.ts';
import { BatchFault, batchesOf, type Batch, type LogRecord } from './record-batches.ts';

const FETCH_BYTES = 8 * 1024 * 1024;
const FETCH_WAIT_MS = 500;

const OFFSET_OUT_OF_RANGE = 1;
const NOT_LEADER = 6;
const MOST_FRUITLESS = 4;

export class Reader {
  readonly #connection: Connection;
  readonly #topic: string;
  readonly #mayBeginLater: boolean;
  #offset: number;
  /** Why what stands behind the offset cannot be what belongs there; nothing is read then. */
  #fault: SecretregError | undefined;

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
  async stableEnd(): Promise<number> {
    if (this.#fault !== undefined) throw this.#fault;
    const end = await endOf(this.#connection, this.#topic, READ_COMMITTED);
    if (end < this.#offset && !this.#mayBeginLater) await this.#requireUncut();
    return end;
  }

  /** Hands out what is committed before `end`, which is decided or will be at once. */
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

  /** Sends one request, which waits a little where there is nothing, and hands out what it brought. */
  async readSome(end: number, apply: (record: LogRecord) => void): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    const offset = this.#offset;
    const leader = await this.#connection.leader(this.#topic);
    const answer = await fetchBatches(leader, this.#topic, {
      offset,
      maxBytes: FETCH_BYTES,
      maxWaitMs: FETCH_WAIT_MS,
    });
    // Another read has gone on meanwhile: this answer was given up on, or asked for twice, and has been applied.
    if (offset !== this.#offset) return;
    if (answer.errorCode !== 0) await this.#refuse(answer);
    for (const batch of this.#committed(answer)) {
      // Nothing behind `end` is asked for; a batch is never in two transactions.
      if (batch.firstOffset >= end) return;
      for (const record of batch.control === undefined ? batch.records : []) {
        if (record.offset >= this.#offset) apply(record);
      }
      this.#offset = Math.max(this.#offset, batch.nextOffset);
    }
  }

  async #refuse({ errorCode }: FetchAnswer): Promise<void> {
    if (errorCode !== OFFSET_OUT_OF_RANGE) throw protocolError('fetch', errorCode);
    const start = await offsetAt(this.#connection, this.#topic, READ_UNCOMMITTED, EARLIEST);
    if (this.#offset >= start) throw await this.#requireUncut();
    if (!this.#mayBeginLater)
      throw this.#stop(
        `the beginning of topic ${this.#topic} was removed; only compaction may remove records from it`,
      );
    this.#offset = start;
  }

  /**
   * Fails where the topic is shorter than what was read of it. Otherwise gives an error after which to try again: a leader that
   * has just begun may not know of all of it yet.
   */
  async #requireUncut(): Promise<Error> {
    const end = await endOf(this.#connection, this.#topic, READ_UNCOMMITTED);
    if (end >= this.#offset) return protocolError('fetch', NOT_LEADER);
    throw this.#stop(
      `topic ${this.#topic} is shorter than what was read from it: it was truncated, or made anew`,
    );
  }

  /** For good: what stands there later may be something else than what was read. */
  #stop(reason: string): SecretregError {
    this.#fault = new SecretregError('store-unavailable', {
      place: this.#connection.place,
      reason,
    });
    return this.#fault;
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
