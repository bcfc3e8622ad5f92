import { afterAll, beforeAll, test } from 'vitest';
import { Broker } from '../../kafka/broker.ts';
import { describeKafka } from '../../kafka/describe-kafka.ts';
import { generator } from '../../random.ts';
import { HISTORIES, Judged, SEED, SIZE } from './judged.ts';

/** Of so many histories one has a broker that dies in its midst. */
const BROKEN = 5;
/** A broker that dies looks through the topics of all histories before it is back, so a new one comes from time to time. */
const OF_A_BROKER = 20;

describeKafka('histories of processes with one topic', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(() => broker.stop());

  const happen = async () => {
    await broker.kill();
    await broker.restart();
  };

  test(`${HISTORIES} are those of one process (seed ${SEED})`, async () => {
    const random = generator(SEED);
    const judged = new Judged();
    for (let i = 0; i < HISTORIES; i += 1) {
      if (i > 0 && i % OF_A_BROKER === 0) {
        await broker.stop();
        broker = await Broker.start();
      }
      const death = { after: Math.ceil(random() * SIZE.operations), happen };
      const place = `kafka://${broker.address}/history-${i}`;
      await judged.judge(place, random, i % BROKEN === BROKEN - 1 ? [death] : []);
    }
    judged.tell('a topic');
  }, 3_600_000);
});
