// The right to write. All processes on a topic share one transactional id: whoever asks for it last has it, and the
// broker refuses everybody before (a fence, KIP-98). Kept from commit to commit until somebody else takes it.
import { SecretregError } from '../../errors.ts';
import { type Connection, type Deadline, isOver, pause } from './connection.ts';
import { verdictOf } from './failure.ts';
import {
  type Broker,
  type Message,
  type ProducerId,
  READ_COMMITTED,
  READ_UNCOMMITTED,
} from './kafkajs-internals.ts';
import { endOf } from './reader.ts';
import type { Topics } from './topics.ts';

/** After this the broker itself ends a transaction that nobody ended. */
const TRANSACTION_TIMEOUT_MS = 15_000;
const PRODUCE_TIMEOUT_MS = 10_000;
/** How long an end that was answered may take to be written before the leftover is closed by us. */
const SETTLE_AFTER_MS = 300;
const SETTLED_WITHIN_MS = 10_000;
/** Batches smaller than what the topic takes for one. */
const MOST_BYTES_IN_A_BATCH = 4 * 1024 * 1024;

/** `lost`: surely not committed. `unknown`: it may have been. */
export type Outcome = 'committed' | 'lost' | 'unknown';

export class Claim {
  readonly #connection: Connection;
  readonly #topics: Topics;
  readonly #transactionalId: string;
  readonly #id: ProducerId;
  /** The next sequence number of each topic, from 0 in each claim. */
  readonly #sequences = new Map<string, number>();

  private constructor(
    connection: Connection,
    topics: Topics,
    transactionalId: string,
    id: ProducerId,
  ) {
    this.#connection = connection;
    this.#topics = topics;
    this.#transactionalId = transactionalId;
    this.#id = id;
  }

  /** Takes the right to write from whoever has it, and closes what that one left open. */
  static async take(connection: Connection, topics: Topics, deadline: Deadline): Promise<Claim> {
    const transactionalId = `secretreg-${topics.records}`;
    return connection.untilDeadline(deadline, async () => {
      const coordinator = await connection.coordinator(transactionalId);
      const id = await coordinator.initProducerId({
        transactionalId,
        transactionTimeout: TRANSACTION_TIMEOUT_MS,
      });
      const claim = new Claim(connection, topics, transactionalId, id);
      await claim.#settle(deadline);
      return claim;
    });
  }

  /**
   * One transaction over both topics. Resolves with what became of it and, where it was committed, the offset of its
   * last record. Fails where the broker refuses the records; then the claim is of no use any more.
   */
  async commit(
    records: readonly Message[],
    audit: readonly Message[],
    deadline: Deadline,
  ): Promise<{ outcome: Outcome; lastOffset: number }> {
    let lastOffset = -1;
    try {
      await this.#begin([this.#topics.records, this.#topics.audit], deadline);
      lastOffset = await this.#produce(this.#topics.records, records, deadline);
      await this.#produce(this.#topics.audit, audit, deadline);
    } catch (error) {
      const verdict = verdictOf(error);
      // What was begun and never ended is void: the next claim aborts it.
      if (verdict === 'claim-lost' || verdict === 'heal' || verdict === 'retry')
        return { outcome: 'lost', lastOffset };
      throw error;
    }
    return { outcome: await this.#end(true, deadline), lastOffset };
  }

  async #begin(topics: string[], deadline: Deadline): Promise<void> {
    await this.#connection.untilDeadline(deadline, async () =>
      (await this.#coordinator()).addPartitionsToTxn({
        ...this.#id,
        transactionalId: this.#transactionalId,
        topics: topics.map((topic) => ({ topic, partitions: [0] })),
      }),
    );
  }

  /** The offset of the last message. A batch whose answer was lost is sent again with its number, which the broker knows. */
  async #produce(topic: string, messages: readonly Message[], deadline: Deadline): Promise<number> {
    let lastOffset = -1;
    for (const batch of batchesOf(messages)) {
      const firstSequence = this.#sequences.get(topic) ?? 0;
      const { topics } = await this.#connection.untilDeadline(deadline, async () =>
        (await this.#connection.leader(topic)).produce({
          ...this.#id,
          transactionalId: this.#transactionalId,
          acks: -1,
          timeout: PRODUCE_TIMEOUT_MS,
          topicData: [{ topic, partitions: [{ partition: 0, firstSequence, messages: batch }] }],
        }),
      );
      this.#sequences.set(topic, firstSequence + batch.length);
      lastOffset = Number(topics[0]?.partitions[0]?.baseOffset ?? -1) + batch.length - 1;
    }
    return lastOffset;
  }

  /** Whatever goes wrong here leaves open what became of the transaction. The end of an ended one is answered again. */
  async #end(commit: boolean, deadline: Deadline): Promise<Outcome> {
    try {
      await this.#connection.untilDeadline({ at: deadline.at }, async () =>
        (await this.#coordinator()).endTxn({
          ...this.#id,
          transactionalId: this.#transactionalId,
          transactionResult: commit,
        }),
      );
      return 'committed';
    } catch {
      return 'unknown';
    }
  }

  #coordinator(): Promise<Broker> {
    return this.#connection.coordinator(this.#transactionalId);
  }

  /**
   * After a broker's crash the marker that ends an answered transaction may be missing for ever (KAFKA-20734): readers
   * do not see it, and our own marker would later make it visible. So what stays open is closed by an end of our own
   * before anything is read. Since a granted claim leaves no transaction open, this never hits a living one.
   */
  async #settle(deadline: Deadline): Promise<void> {
    for (const topic of [this.#topics.records, this.#topics.audit]) {
      const end = await endOf(this.#connection, topic, READ_UNCOMMITTED);
      if (await this.#isStable(topic, end, SETTLE_AFTER_MS)) continue;
      await this.#begin([topic], deadline);
      // An audit line without its record is told apart by its attempt; a record without its end was never answered.
      await this.#end(topic === this.#topics.audit, deadline);
      if (await this.#isStable(topic, end, SETTLED_WITHIN_MS)) continue;
      throw new SecretregError('store-unavailable', {
        place: this.#connection.place,
        reason: `another application has a transaction open on topic ${topic}`,
      });
    }
  }

  async #isStable(topic: string, end: number, withinMs: number): Promise<boolean> {
    const limit = { at: performance.now() + withinMs };
    while ((await endOf(this.#connection, topic, READ_COMMITTED)) < end) {
      if (isOver(limit)) return false;
      await pause(10);
    }
    return true;
  }
}

function* batchesOf(messages: readonly Message[]): Generator<Message[]> {
  let batch: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = sizeOf(message);
    if (batch.length > 0 && bytes + size > MOST_BYTES_IN_A_BATCH) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

export function sizeOf({ key, value }: Message): number {
  return (key?.length ?? 0) + (value?.length ?? 0) + 100;
}
