// Audit lines outside of transactions: those of reads, of refusals, of everything that changes no record. The lines of a batch
// go in one request, idempotently (KIP-98): where the answer is lost the batch is sent again with the same number.
import { hasCode, SecretregError } from '../../errors.ts';
import { Queue } from '../queue.ts';
import type { ChainHead } from '../store.ts';
import type { Connection } from './connection.ts';
import { type Deadline, isOver } from './deadline.ts';
import { codeOf, verdictOf } from './failure.ts';
import type { Message, ProducerId } from './kafkajs-internals.ts';
import { batchesOf } from './message-batches.ts';

const PRODUCE_TIMEOUT_MS = 5000;
/** The batch stands in the topic already, too far back for the broker to say where. */
const DUPLICATE_SEQUENCE_NUMBER = 46;

export class AuditLog {
  readonly #connection: Connection;
  readonly #topic: string;
  #producer: { id: ProducerId; sequence: number } | undefined;
  /** One batch after another: their numbers have no gaps. */
  readonly #queue = new Queue();

  constructor(connection: Connection, topic: string) {
    this.#connection = connection;
    this.#topic = topic;
  }

  /**
   * Puts lines on a chain; resolves once they are on all replicas that are in sync. Fails with outcome-unknown where no broker
   * could say so in time; the chain ends then.
   */
  async append(chain: Chain, lines: readonly string[], deadline: Deadline): Promise<void> {
    const progress = { batches: 0 };
    try {
      await this.#queue.run(() => this.#sendAll(lines, deadline, progress));
      chain.extend(lines);
    } catch (error) {
      // Some of the lines may be there, or surely are.
      if (progress.batches > 0 || hasCode(error, 'outcome-unknown')) chain.end();
      throw error;
    }
  }

  async #sendAll(
    lines: readonly string[],
    deadline: Deadline,
    progress: { batches: number },
  ): Promise<void> {
    for (const batch of batchesOf(lines.map((line) => messageOf(line)))) {
      await this.#send(batch, deadline);
      progress.batches += 1;
    }
  }

  async #send(batch: Message[], deadline: Deadline): Promise<void> {
    const tries = { sent: 0 };
    try {
      for (;;) {
        try {
          return await this.#connection.untilDeadline(deadline, () => this.#try(batch, tries));
        } catch (error) {
          // The broker has forgotten this producer, or knows a newer one. A batch that is refused on its first try was not
          // taken.
          if (verdictOf(error) !== 'claim-lost' || tries.sent !== 1 || isOver(deadline))
            throw error;
          this.#producer = undefined;
          tries.sent = 0;
        }
      }
    } catch (error) {
      // Nobody knows which number comes next.
      this.#producer = undefined;
      // A refusal is about the last try only: a try before it, whose answer was lost, may have been taken.
      const isRefused = verdictOf(error) === 'rejected' && tries.sent === 1;
      const cause = await this.#connection.failure(error, 'append');
      if (tries.sent === 0 || isRefused) throw cause;
      const params = { place: this.#connection.place, attempt: 'of audit lines' };
      throw new SecretregError('outcome-unknown', params, { cause });
    }
  }

  async #try(messages: Message[], tries: { sent: number }): Promise<void> {
    const leader = await this.#connection.leader(this.#topic);
    this.#producer ??= {
      id: await leader.initProducerId({ transactionTimeout: PRODUCE_TIMEOUT_MS }),
      sequence: 0,
    };
    const producer = this.#producer;
    tries.sent += 1;
    const partitions = [{ partition: 0, firstSequence: producer.sequence, messages }];
    try {
      await leader.produce({
        ...producer.id,
        transactionalId: null,
        acks: -1,
        timeout: PRODUCE_TIMEOUT_MS,
        topicData: [{ topic: this.#topic, partitions }],
      });
    } catch (error) {
      if (codeOf(error) !== DUPLICATE_SEQUENCE_NUMBER) throw error;
    }
    producer.sequence += messages.length;
  }
}

export function messageOf(line: string, headers: Record<string, Uint8Array> = {}): Message {
  return { key: null, value: Buffer.from(line), headers };
}

/** The end of one chain: the next line goes on it, and after an unknown outcome a new chain begins. */
export class Chain {
  #lastLine: string | undefined;

  get head(): ChainHead {
    return { lastLine: this.#lastLine };
  }

  /** These lines are durable. */
  extend(lines: readonly string[]): void {
    this.#lastLine = lines.at(-1) ?? this.#lastLine;
  }

  /** Nobody knows whether lines are durable. */
  end(): void {
    this.#lastLine = undefined;
  }
}
