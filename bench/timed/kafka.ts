// Prints milliseconds of a registry in a topic: `node timed/kafka.ts WHAT ADDRESS TOPIC`.
import { setTimeout as delay } from 'node:timers/promises';
import { registryFor } from '../../src/registry/registry.ts';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { openTopic } from '../made-up-topic.ts';
import { caller, placeOf } from '../made-up-registry.ts';
import { median } from '../measure.ts';
import {
  IDLE_MS,
  IN_FLIGHT,
  LINE,
  READS,
  RECORD,
  SECRETS_TO_READ,
  WARM_READS,
  WRITES,
} from '../kafka-sizes.ts';

const [what = '', address = '', topic = ''] = process.argv.slice(2);
const timed: Record<string, () => Promise<number>> = {
  write,
  start,
  'store-start': storeStart,
  idle,
  read,
  'store-read': storeRead,
};
console.log(await timed[what]?.());

/** One write on a held claim, until it can be read. */
async function write(): Promise<number> {
  const store = new KafkaStore({ brokers: [address], topic: `${topic}-write` });
  await store.open(() => {}, { create: true });
  const samples: number[] = [];
  for (let n = 1; n <= WRITES; n += 1) {
    const begun = performance.now();
    await store.transact(() => ({
      attemptId: `${process.pid} ${n}`,
      n: n + process.pid * WRITES,
      records: ['version', 'key', 'commit'].map((key) => ({ key, value: RECORD })),
      audit: [RECORD.toString()],
    }));
    samples.push(performance.now() - begun);
  }
  await store.close();
  return median(samples.slice(WRITES / 4));
}

async function start(): Promise<number> {
  const begun = performance.now();
  const core = await openTopic(address, topic);
  const took = performance.now() - begun;
  await core.close();
  return took;
}

/** Without what the registry does with each record. */
async function storeStart(): Promise<number> {
  const begun = performance.now();
  const store = new KafkaStore({ brokers: [address], topic });
  await store.open(() => {});
  const took = performance.now() - begun;
  await store.close();
  return took;
}

/** Of a processor. */
async function idle(): Promise<number> {
  const store = new KafkaStore({ brokers: [address], topic: `${topic}-write` });
  await store.open(() => {}, { create: true });
  await delay(1000);
  const before = process.cpuUsage();
  await delay(IDLE_MS);
  const { user, system } = process.cpuUsage(before);
  await store.close();
  return (user + system) / 1000;
}

/** Audited reads, many at the same time. */
async function read(): Promise<number> {
  const core = await openTopic(address, `${topic}-read`);
  const registry = registryFor(core, caller);
  let next = 0;
  const took = await manyAtOnce(() => {
    const { path, key } = placeOf(next++ % SECRETS_TO_READ);
    return registry.read(path, key, 'latest');
  });
  await core.close();
  return took;
}

/** What the store does for them. */
async function storeRead(): Promise<number> {
  const store = new KafkaStore({ brokers: [address], topic: `${topic}-read` });
  await store.open(() => {});
  const took = await manyAtOnce(async () => {
    await store.catchUp();
    await store.appendAudit(() => [LINE.toString()]);
  });
  await store.close();
  return took;
}

/** So many are asked for at any time: who is answered asks for the next one. */
async function manyAtOnce(work: () => Promise<unknown>): Promise<number> {
  const all = async (reads: number) => {
    let left = reads;
    const asker = async () => {
      for (; left > 0; left -= 1) await work();
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, asker));
  };
  await all(WARM_READS);
  const begun = performance.now();
  await all(READS);
  return performance.now() - begun;
}
