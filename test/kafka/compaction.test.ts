// What a cleaner does to the topic: records that were replaced go, batches stay behind empty, and the marks of
// transactions stand between them. kafkajs's own consumer hangs on such a range (issue 1072).
import { readdirSync, readFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import type { Store, StoredRecord } from '../../src/store/store.ts';
import { commit, fold } from '../contract/store.contract.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';

const TOPIC = 'compacted';

describeKafka('a topic that is compacted', () => {
  it('gives the same state after its cleaner has run and the broker has started again', async ({
    signal,
  }) => {
    const broker = await Broker.start({
      properties: { 'log.cleaner.backoff.ms': '100', 'log.initial.task.delay.ms': '200' },
    });
    const kafka = new kafkajs.Kafka({
      brokers: [broker.address],
      logCreator: () => () => undefined,
    });
    const opened: Store[] = [];
    const open = async () => {
      const store = new KafkaStore({ brokers: [broker.address], topic: TOPIC, timeoutMs: 2000 });
      opened.push(store);
      const seen: StoredRecord[] = [];
      await store.open((record) => seen.push(record), { create: true });
      return { store, seen };
    };
    try {
      const first = await open();
      const foreign = kafka.producer({
        transactionalId: 'foreign',
        idempotent: true,
        maxInFlightRequests: 1,
      });
      await foreign.connect();
      let n = 0;
      const write = () =>
        first.store.transact(() => {
          n += 1;
          return commit(n, { [`k${n % 5}`]: `${n}`, '["commit"]': `${n}`, [`gone ${n}`]: null });
        });
      for (let i = 0; i < 40; i += 1) {
        await write();
        if (i % 10 !== 0) continue;
        const transaction = await foreign.transaction();
        await transaction.send({ topic: TOPIC, messages: [{ key: 'k1', value: 'aborted' }] });
        await transaction.abort();
      }
      const before = first.seen.length;
      const end = first.seen.at(-1)?.position ?? 0;
      const left = ({ seen }: { seen: StoredRecord[] }) =>
        seen.filter(({ position }) => position <= end).length;
      await compactAtOnce(kafka);
      await endSegment(broker, write, signal);
      await isCleaned(broker, end, signal);
      // Those that hang a reader which waits for a record, and those that mark an end.
      expect(batchesOf(broker).filter(({ records }) => records === 0)).not.toEqual([]);
      expect(batchesOf(broker).filter(({ isControl }) => isControl)).not.toEqual([]);
      const again = await open();
      expect(left(again)).toBeLessThan(before / 2);
      await first.store.catchUp();
      expect(fold(again.seen)).toEqual(fold(first.seen));
      expect(Object.values(fold(again.seen))).not.toContain('aborted');
      await broker.kill();
      await broker.restart();
      const last = await open();
      expect(fold(last.seen)).toEqual(fold(first.seen));
      await write();
      await last.store.catchUp();
      expect(fold(last.seen)).toEqual(fold(first.seen));
      await foreign.disconnect();
    } finally {
      for (const store of opened) await store.close();
      await broker.stop();
    }
  }, 180_000);
});

/** Writes until the first segment has ended, which it does with the next record once its time is over. */
async function endSegment(
  broker: Broker,
  write: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const folder = join(broker.folder, 'data', `${TOPIC}-0`);
  while (readdirSync(folder).filter((name) => name.endsWith('.log')).length < 2) {
    signal.throwIfAborted();
    await write();
  }
}

/** Resolves once the cleaner has noted that it has been through all before this offset. */
async function isCleaned(broker: Broker, end: number, signal: AbortSignal): Promise<void> {
  const folder = join(broker.folder, 'data');
  const note = new RegExp(`^${TOPIC} 0 (\\d+)$`, 'm');
  const cleaned = () => {
    const text = readFileSync(join(folder, 'cleaner-offset-checkpoint'), 'utf8');
    return Number(note.exec(text)?.[1] ?? 0);
  };
  const changes = watch(folder, { signal })[Symbol.asyncIterator]();
  // From the first question on nothing is missed.
  let change = changes.next();
  while (cleaned() < end) {
    await change;
    change = changes.next();
  }
  await changes.return?.();
}

/** Of the first segment, as the broker left it on its disk: https://kafka.apache.org/documentation/#recordbatch */
function batchesOf(broker: Broker): { records: number; isControl: boolean }[] {
  const folder = join(broker.folder, 'data', `${TOPIC}-0`);
  const [first = ''] = readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .sort();
  const bytes = readFileSync(join(folder, first));
  const batches = [];
  for (let at = 0; at < bytes.length; at += 12 + bytes.readInt32BE(at + 8)) {
    const isControl = (bytes.readInt16BE(at + 21) & 0x20) !== 0;
    batches.push({ records: bytes.readInt32BE(at + 57), isControl });
  }
  return batches;
}

/** The store minds min.compaction.lag.ms at its start, so that is left just longer than its own time. */
async function compactAtOnce(kafka: kafkajs.Kafka): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const settings = {
    'cleanup.policy': 'compact',
    'compression.type': 'uncompressed',
    'max.message.bytes': '8388608',
    'segment.ms': '200',
    'min.cleanable.dirty.ratio': '0.001',
    'min.compaction.lag.ms': '4001',
    'max.compaction.lag.ms': '4002',
    'delete.retention.ms': '100',
    'file.delete.delay.ms': '100',
  };
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: TOPIC, configEntries };
  await admin.alterConfigs({ validateOnly: false, resources: [resource] });
  await admin.disconnect();
}
