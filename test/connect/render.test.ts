import { afterAll, beforeAll } from 'vitest';
import { Broker } from '../kafka/broker.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { renderSuite } from './suites/render.ts';

describeKafka('a worker of Connect 4', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(() => broker.stop());

  renderSuite(4, () => broker);
});
