// Somebody without the master key who may read and write the topic and use its transactional id: what he can do with a
// transaction that another process has begun and not ended. All that he knows of it stands in the topic.
import type { Connection } from '../../src/store/kafka/connection.ts';
import { fetchBatches } from '../../src/store/kafka/fetch.ts';
import {
  type Broker,
  type Message,
  type ProducerId,
  READ_UNCOMMITTED,
} from '../../src/store/kafka/kafkajs-internals.ts';
import { batchesOf, type LogRecord } from '../../src/store/kafka/record-batches.ts';
import { plainConnection } from './plain-connection.ts';

/** The claim of the first process that has used a transactional id. */
const FIRST_EPOCH = 0;

export class Forger {
  readonly #connection: Connection;
  readonly #topic: string;
  readonly #transactionalId: string;
  /** Of the newest record, as whoever does not wait for the end of a transaction reads it. */
  readonly newest: LogRecord;
  readonly producer: ProducerId;
  /** How many records that producer has written. */
  readonly written: number;

  private constructor(connection: Connection, topic: string, records: readonly LogRecord[]) {
    const newest = records.at(-1);
    if (newest?.transactionOf === undefined) throw new Error('nothing was written');
    this.#connection = connection;
    this.#topic = topic;
    this.#transactionalId = `secretreg-${topic}`;
    this.newest = newest;
    this.producer = { producerId: String(newest.transactionOf), producerEpoch: FIRST_EPOCH };
    this.written = records.length;
  }

  static async does(
    attack: (forger: Forger) => Promise<unknown>,
    address: string,
    topic: string,
  ): Promise<void> {
    const connection = plainConnection(address, topic);
    const { batches } = await fetchBatches(await connection.leader(topic), topic, {
      offset: 0,
      maxBytes: 1024 * 1024,
      maxWaitMs: 0,
      isolationLevel: READ_UNCOMMITTED,
    });
    const records = [...batchesOf(batches)].flatMap((batch) =>
      batch.control === undefined ? batch.records : [],
    );
    await attack(new Forger(connection, topic, records));
    connection.close();
  }

  /** Takes the right to write, which voids what its holder has begun. */
  claim(): Promise<ProducerId> {
    const transactionTimeout = 15_000;
    return this.#ask((coordinator) =>
      coordinator.initProducerId({ transactionalId: this.#transactionalId, transactionTimeout }),
    );
  }

  async begin(producer = this.producer): Promise<void> {
    const topics = [{ topic: this.#topic, partitions: [0] }];
    await this.#ask((coordinator) =>
      coordinator.addPartitionsToTxn({
        ...producer,
        transactionalId: this.#transactionalId,
        topics,
      }),
    );
  }

  async end(how: 'commit' | 'abort', producer = this.producer): Promise<void> {
    await this.#ask((coordinator) =>
      coordinator.endTxn({
        ...producer,
        transactionalId: this.#transactionalId,
        transactionResult: how === 'commit',
      }),
    );
  }

  /** A record with the headers of the newest one; without a producer outside of any transaction. */
  async write(
    value: Uint8Array | null,
    { producer, firstSequence = 0 }: { producer?: ProducerId; firstSequence?: number } = {},
  ): Promise<void> {
    const headers: NonNullable<Message['headers']> = {};
    for (const [name, text] of this.newest.headers) headers[name] = Buffer.from(text);
    const messages = [{ key: Buffer.from('a'), value, headers }];
    const leader = await this.#connection.leader(this.#topic);
    await leader.produce({
      ...(producer && { ...producer, transactionalId: this.#transactionalId }),
      acks: -1,
      timeout: 5000,
      topicData: [{ topic: this.#topic, partitions: [{ partition: 0, firstSequence, messages }] }],
    });
  }

  #ask<T>(request: (coordinator: Broker) => Promise<T>): Promise<T> {
    return this.#connection.untilDeadline({ at: performance.now() + 10_000 }, async () =>
      request(await this.#connection.coordinator(this.#transactionalId)),
    );
  }
}

const FORGED = Buffer.from('forged');

export async function claimAndWrite(forger: Forger): Promise<void> {
  await forger.claim();
  await forger.write(FORGED);
}

export async function claimAndCommit(forger: Forger): Promise<void> {
  const producer = await forger.claim();
  await forger.begin(producer);
  await forger.write(FORGED, { producer });
  await forger.end('commit', producer);
}

/** Without a claim: nobody is fenced, and the holder's own end is answered as if it were the end of its own transaction. */
export async function commitForged(forger: Forger, value: Uint8Array | null = FORGED) {
  const { producer, written: firstSequence } = forger;
  await forger.end('abort');
  await forger.begin();
  await forger.write(value, { producer, firstSequence });
  await forger.end('commit');
}

export async function commitAgain(forger: Forger): Promise<void> {
  await commitForged(forger, forger.newest.value);
}

/** The broker takes what the holder sends then for a repetition of it. */
export async function writeInItsPlace(forger: Forger): Promise<void> {
  const { producer, written: firstSequence } = forger;
  await forger.write(FORGED, { producer, firstSequence });
}
