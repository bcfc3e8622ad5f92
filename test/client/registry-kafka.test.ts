// The same on a topic: each server is a process of its own to the broker.
import { afterAll, beforeAll } from 'vitest';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { Broker } from '../kafka/broker.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { restContracts } from './rest-contracts.ts';

describeKafka('a registry in a topic, over REST', () => {
  let broker: Broker;
  let topics = 0;
  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(() => broker.stop());

  restContracts('Kafka', () => {
    topics += 1;
    const topic = `rest-${topics}`;
    return {
      open: () => new KafkaStore({ brokers: [broker.address], topic }),
      remove: () => undefined,
    };
  });
});
