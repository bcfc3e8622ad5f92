import { rm } from 'node:fs/promises';
import { afterAll, beforeAll } from 'vitest';
import { faultyContract } from '../contract/faulty.contract.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { Broker } from '../kafka/broker.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { registryFolder } from './sqlite-folder.ts';

const isRelease = process.env['SECRETREG_TEST_SIZE'] === 'release';

faultyContract(
  'memory',
  async () => {
    const log = new MemoryLog();
    return { newStore: () => new MemoryStore(log), cleanup: async () => {} };
  },
  { sequences: isRelease ? 3000 : 60, timeoutMs: isRelease ? 3_600_000 : 300_000 },
);

faultyContract(
  'SQLite',
  async () => {
    const { file, path } = registryFolder();
    return {
      newStore: () => new SqliteStore({ file }),
      cleanup: () => rm(path, { recursive: true, force: true }),
    };
  },
  { sequences: isRelease ? 300 : 12, timeoutMs: isRelease ? 3_600_000 : 300_000 },
);

describeKafka('on a broker', () => {
  let broker: Broker;
  let topics = 0;
  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(() => broker.stop());

  faultyContract(
    'Kafka',
    async () => {
      topics += 1;
      const topic = `faulty-${topics}`;
      return {
        newStore: () => new KafkaStore({ brokers: [broker.address], topic }),
        cleanup: async () => {},
      };
    },
    { sequences: isRelease ? 100 : 5, timeoutMs: isRelease ? 3_600_000 : 300_000 },
  );
});
