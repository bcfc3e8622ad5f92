// Beside the files of workers with the plugin: these have none.
import { afterAll, beforeAll, describe } from 'vitest';
import { Broker } from '../kafka/broker.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import type { WorkerVersion } from './install.ts';
import { renderSuite } from './suites/render.ts';

describeKafka('render', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(() => broker.stop());

  describe.each<WorkerVersion>([4, 3])('a worker of Connect %i', (version) => {
    renderSuite(version, () => broker);
  });
});
