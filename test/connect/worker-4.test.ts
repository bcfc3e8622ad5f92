import { afterAll, beforeAll, expect, test } from 'vitest';
import { Broker } from '../kafka/broker.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { submit, taskConfig, untilState } from './connectors.ts';
import { Worker } from './worker.ts';

describeKafka('a worker of Connect 4', () => {
  let broker: Broker;
  let worker: Worker;
  beforeAll(async () => {
    broker = await Broker.start();
    worker = await Worker.start({ version: 4, broker });
  }, 300_000);
  afterAll(async () => {
    await worker.stop();
    await broker.stop();
  });

  test('runs the connector of the tests', async () => {
    expect(await submit(worker, 'smoke', { username: 'u1' })).toMatchObject({ status: 201 });
    await untilState(worker, 'smoke', 'RUNNING');
    expect(taskConfig(worker, 'smoke')).toMatchObject({ username: 'u1' });
  });
});
