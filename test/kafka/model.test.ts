// Row M of quality.md on a topic: a store here and one in a process of its own, which is killed and starts again.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { ChildProcess, killed } from '../registry/model/child-process.ts';
import { localPlace } from '../registry/model/local.ts';
import type { Place } from '../registry/model/moves.ts';
import { runModel, sequences } from '../registry/model/run.ts';
import { alarmsIn } from './alarms.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';

const RUNS = sequences(0.1);

describeKafka('a registry in a topic', () => {
  let broker: Broker;
  let topics = 0;
  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(() => broker.stop());

  it(`does what a map does, in ${RUNS} random sequences`, async () => {
    await runModel('a topic', RUNS, { rotations: 9, most: 80, ends: 20 }, topicOf);
  }, 3_600_000);

  async function topicOf(): Promise<Place> {
    topics += 1;
    const topic = `model-${topics}`;
    const openStore = () => new KafkaStore({ brokers: [broker.address], topic });
    const place = await localPlace(openStore, () => undefined);
    return {
      ...place,
      open: (at, masterKey) => {
        if (at === 0) return place.open(at, masterKey);
        return killed(ChildProcess.open(`kafka://${broker.address}/${topic}`, masterKey));
      },
      async verify(masterKey) {
        await place.verify(masterKey);
        const store = openStore();
        await store.open(() => undefined);
        const { facts } = await store.inspect();
        await store.close();
        expect(alarmsIn(facts)).toEqual([]);
      },
    };
  }
});
