// The least that the same driver can do on the same topics: `node floor/kafka.ts WHAT ADDRESS TOPIC`, milliseconds.
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { plainConnection } from '../../test/kafka/plain-connection.ts';
import { READ_COMMITTED } from '../../src/store/kafka/kafkajs-internals.ts';
import { endOf } from '../../src/store/kafka/offsets.ts';
import { Reader } from '../../src/store/kafka/reader.ts';
import { IDLE_MS, IN_FLIGHT, LINE, READS, RECORD, WARM_READS, WRITES } from '../kafka-sizes.ts';
import { median } from '../measure.ts';

const [what = '', address = '', topic = ''] = process.argv.slice(2);
const floor: Record<string, () => Promise<number>> = { write, start, idle, read };
const deadline = { at: performance.now() + 600_000 };
console.log(await floor[what]?.());

/** A transaction over both topics, until its end is answered and the next one may begin. */
async function write(): Promise<number> {
  const name = `${topic}-write`;
  const transactionalId = `floor-${process.pid}`;
  const connection = plainConnection(address, name);
  const leader = await connection.leader(name);
  const coordinator = await connection.untilDeadline(deadline, () =>
    connection.coordinator(transactionalId),
  );
  const id = await coordinator.initProducerId({ transactionalId, transactionTimeout: 15_000 });
  const message = { key: Buffer.from('key'), value: RECORD };
  const topics = [name, `${name}-audit`];
  const samples: number[] = [];
  for (let n = 0; n < WRITES; n += 1) {
    const begun = performance.now();
    const added = topics.map((one) => ({ topic: one, partitions: [0] }));
    await connection.untilDeadline(deadline, () =>
      coordinator.addPartitionsToTxn({ ...id, transactionalId, topics: added }),
    );
    await leader.produce({
      ...id,
      transactionalId,
      acks: -1,
      timeout: 5000,
      topicData: topics.map((one, i) => {
        const messages = i === 0 ? [message, message, message] : [message];
        const partitions = [{ partition: 0, firstSequence: n * messages.length, messages }];
        return { topic: one, partitions };
      }),
    });
    await coordinator.endTxn({ ...id, transactionalId, transactionResult: true });
    samples.push(performance.now() - begun);
  }
  connection.close();
  return median(samples.slice(WRITES / 4));
}

/** Fetching the bytes, parsing each value, one HMAC each. */
async function start(): Promise<number> {
  const begun = performance.now();
  const connection = plainConnection(address, topic);
  const reader = new Reader(connection, topic);
  const end = await endOf(connection, topic, READ_COMMITTED);
  const key = createSecretKey(randomBytes(32));
  await reader.readTo(end, ({ value }) => {
    if (value === null) return;
    JSON.parse(value.toString());
    createHmac('sha256', key).update(value).digest();
  });
  const took = performance.now() - begun;
  connection.close();
  return took;
}

/** kafkajs's own consumer. */
async function idle(): Promise<number> {
  const client = new kafkajs.Kafka({ brokers: [address], logCreator: () => () => undefined });
  const consumer = client.consumer({ groupId: `floor-${process.pid}` });
  await consumer.connect();
  await consumer.subscribe({ topic: `${topic}-write` });
  await consumer.run({ eachMessage: async () => {} });
  await delay(3000);
  const before = process.cpuUsage();
  await delay(IDLE_MS);
  const { user, system } = process.cpuUsage(before);
  await consumer.disconnect();
  return (user + system) / 1000;
}

/** Lines in requests of as many as are in flight, one after another. */
async function read(): Promise<number> {
  const name = `${topic}-read`;
  const connection = plainConnection(address, name);
  const leader = await connection.leader(name);
  const id = await leader.initProducerId({ transactionTimeout: 5000 });
  const messages = Array.from({ length: IN_FLIGHT }, () => ({ key: null, value: LINE }));
  let begun = 0;
  for (let sent = 0; sent < WARM_READS + READS; sent += IN_FLIGHT) {
    if (sent === WARM_READS) begun = performance.now();
    const partitions = [{ partition: 0, firstSequence: sent, messages }];
    await leader.produce({
      ...id,
      transactionalId: null,
      acks: -1,
      timeout: 5000,
      topicData: [{ topic: `${name}-audit`, partitions }],
    });
  }
  const took = performance.now() - begun;
  connection.close();
  return took;
}
