// The right to write. All processes on a topic share one transactional id: whoever asks for it last has it, and the
// broker refuses everybody before (a fence, KIP-98). Kept from commit to commit until somebody else takes it.
import { failpoint } from '../../failpoint.ts';
import { transactionalIdOf } from './acls.ts';
import type { Connection } from './connection.ts';
import type { Deadline } from './deadline.ts';
import { verdictOf } from './failure.ts';
import type { Broker, Message, ProducerId } from './kafkajs-internals.ts';
import { batchesOf } from './message-batches.ts';
import type { Topics } from './topics.ts';

/** After this the broker itself ends a transaction that nobody ended. */
export const TRANSACTION_TIMEOUT_MS = 15_000;
const PRODUCE_TIMEOUT_MS = 5000;

/** Everything was sent, and the end of the transaction asked for. `unknown`: no broker said what became of the end. */
export interface Sent {
  is: 'committed' | 'unknown';
  /** The offset behind what was written to each topic. */
  ends: ReadonlyMap<string, number>;
}

/** `lost`: surely not committed, and why. */
export type Outcome = Sent | { is: 'lost'; cause: unknown };

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

  /** Takes the right to write from whoever has it; what that one left open is aborted. */
  static async take(connection: Connection, topics: Topics, deadline: Deadline): Promise<Claim> {
    const transactionalId = transactionalIdOf(topics);
    const request = { transactionalId, transactionTimeout: TRANSACTION_TIMEOUT_MS };
    const id = await connection.untilDeadline(deadline, async () =>
      (await connection.coordinator(transactionalId)).initProducerId(request),
    );
    return new Claim(connection, topics, transactionalId, id);
  }

  /**
   * One transaction over both topics. Resolves with what became of it, as far as brokers say so. Fails where the broker
   * refuses the records; then the claim is of no use any more.
   */
  async commit(
    records: readonly Message[],
    audit: readonly Message[],
    deadline: Deadline,
  ): Promise<Outcome> {
    let ends: Map<string, number>;
    try {
      await this.begin(Object.values(this.#topics), deadline);
      ends = await this.#produce(records, audit, deadline);
    } catch (cause) {
      // What was begun and never ended is void: the next claim aborts it.
      if (VOID.has(verdictOf(cause))) return { is: 'lost', cause };
      throw cause;
    }
    return (await this.end('commit', deadline))
      ? { is: 'committed', ends }
      : { is: 'unknown', ends };
  }

  async begin(topics: readonly string[], deadline: Deadline): Promise<void> {
    await this.#connection.untilDeadline(deadline, async () =>
      (await this.#coordinator()).addPartitionsToTxn({
        ...this.#id,
        transactionalId: this.#transactionalId,
        topics: topics.map((topic) => ({ topic, partitions: [0] })),
      }),
    );
  }

  /**
   * False where it is not known what became of the transaction: each error of this request has been seen where the end took
   * place. Where the answer was lost the request is sent again; a broker answers the end of an ended transaction once more.
   */
  async end(how: 'commit' | 'abort', deadline: Deadline): Promise<boolean> {
    try {
      await this.#connection.untilDeadline(deadline, async () =>
        (await this.#coordinator()).endTxn({
          ...this.#id,
          transactionalId: this.#transactionalId,
          transactionResult: how === 'commit',
        }),
      );
      failpoint('transaction-ended');
      return true;
    } catch {
      return false;
    }
  }

  /** The offset behind what was written to each topic. Topics that one broker leads, mostly both, go to it in one request. */
  async #produce(
    records: readonly Message[],
    audit: readonly Message[],
    deadline: Deadline,
  ): Promise<Map<string, number>> {
    const left = [
      { topic: this.#topics.records, batches: [...batchesOf(records)] },
      { topic: this.#topics.audit, batches: [...batchesOf(audit)] },
    ];
    const ends = new Map<string, number>();
    while (left.some(({ batches }) => batches.length > 0)) {
      const next = left.flatMap(({ topic, batches }) => {
        const batch = batches.shift();
        return batch === undefined ? [] : [[topic, batch] as const];
      });
      for (const together of await this.#byLeader(new Map(next), deadline)) {
        for (const [topic, end] of await this.#send(together, deadline)) ends.set(topic, end);
      }
    }
    return ends;
  }

  async #byLeader(
    batches: ReadonlyMap<string, Message[]>,
    deadline: Deadline,
  ): Promise<Map<string, Message[]>[]> {
    const leaders = await this.#connection.untilDeadline(deadline, () =>
      Promise.all([...batches.keys()].map((topic) => this.#connection.leader(topic))),
    );
    const groups = Map.groupBy(batches, (_, i) => leaders[i]);
    return [...groups.values()].map((group) => new Map(group));
  }

  /**
   * The offset behind each batch in its topic. A batch whose answer was lost is sent again, and the broker knows its number.
   */
  async #send(
    batches: ReadonlyMap<string, Message[]>,
    deadline: Deadline,
  ): Promise<Map<string, number>> {
    const topicData = [...batches].map(([topic, messages]) => {
      const firstSequence = this.#sequences.get(topic) ?? 0;
      return { topic, partitions: [{ partition: 0, firstSequence, messages }] };
    });
    const [first = ''] = batches.keys();
    const { topics } = await this.#connection.untilDeadline(deadline, async () =>
      (await this.#connection.leader(first)).produce({
        ...this.#id,
        transactionalId: this.#transactionalId,
        acks: -1,
        timeout: PRODUCE_TIMEOUT_MS,
        topicData,
      }),
    );
    const ends = new Map<string, number>();
    for (const [topic, { length }] of batches) {
      this.#sequences.set(topic, (this.#sequences.get(topic) ?? 0) + length);
      const answer = topics.find(({ topicName }) => topicName === topic);
      ends.set(topic, Number(answer?.partitions[0]?.baseOffset ?? -1) + length);
    }
    return ends;
  }

  #coordinator(): Promise<Broker> {
    return this.#connection.coordinator(this.#transactionalId);
  }
}

const VOID: ReadonlySet<string> = new Set(['claim-lost', 'heal', 'retry', 'unknown-topic']);
