// Audit lines outside of transactions: those of reads, of refusals, of everything that changes no record. Lines of one
// batch go in one request, idempotently (KIP-98), so that a lost answer is a plain repeat with the same number.
import { SecretregError } from '../../errors.ts';
import type { ChainHead } from '../store.ts';
import { type Connection, type Deadline } from './connection.ts';
import { verdictOf } from './failure.ts';
import type { Message, ProducerId } from './kafkajs-internals.ts';

const PRODUCE_TIMEOUT_MS = 10_000;

export class AuditLog {
  readonly #connection: Connection;
  readonly #topic: string;
  #producer: { id: ProducerId; sequence: number } | undefined;

  constructor(connection: Connection, topic: string) {
    this.#connection = connection;
    this.#topic = topic;
  }

  /** Resolves once the lines are on all replicas that are in sync. Fails with outcome-unknown where nobody could say so in time. */
  async append(lines: readonly Message[], deadline: Deadline): Promise<void> {
    if (lines.length === 0) return;
    try {
      await this.#connection.untilDeadline(deadline, () => this.#send(lines));
    } catch (error) {
      // Nobody knows which number comes next.
      this.#producer = undefined;
      if (verdictOf(error) === 'rejected' || error instanceof SecretregError)
        throw await this.#connection.failure(error, 'append');
      const params = { place: this.#connection.place, attempt: 'of audit lines' };
      throw new SecretregError('outcome-unknown', params, { cause: error });
    }
  }

  async #send(messages: readonly Message[]): Promise<void> {
    const leader = await this.#connection.leader(this.#topic);
    this.#producer ??= {
      id: await leader.initProducerId({ transactionTimeout: PRODUCE_TIMEOUT_MS }),
      sequence: 0,
    };
    const { id, sequence } = this.#producer;
    await leader.produce({
      ...id,
      transactionalId: null,
      acks: -1,
      timeout: PRODUCE_TIMEOUT_MS,
      topicData: [
        {
          topic: this.#topic,
          partitions: [{ partition: 0, firstSequence: sequence, messages: [...messages] }],
        },
      ],
    });
    this.#producer.sequence += messages.length;
  }
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
