// What the command line asks a worker that has the plugin, and finds out about one that has not.
import { afterAll, beforeAll, describe } from 'vitest';
import { Broker } from '../kafka/broker.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { connectJar } from './jar.ts';
import { ServedRegistry } from './served.ts';
import { checkSuite } from './suites/check.ts';
import { validateThroughSuite } from './suites/validate-through.ts';
import { Worker } from './worker.ts';

describeKafka('a worker with the plugin', () => {
  let broker: Broker;
  let registry: ServedRegistry;
  let jar: string;
  beforeAll(async () => {
    [jar, broker, registry] = await Promise.all([
      connectJar(),
      Broker.start(),
      ServedRegistry.start(),
    ]);
  }, 300_000);
  afterAll(async () => {
    registry.stop();
    await broker.stop();
  });

  describe.each([4, 3] as const)('of Connect %i', (version) => {
    let worker: Worker;
    beforeAll(async () => {
      const { properties } = registry;
      worker = await Worker.start({ version, broker, properties, plugins: [jar] });
    }, 300_000);
    afterAll(() => worker.stop());

    validateThroughSuite(
      () => worker,
      () => registry,
    );
    checkSuite(
      () => worker,
      () => registry,
      (properties) =>
        Worker.start({
          version,
          broker,
          joins: worker,
          ...(properties && { properties, plugins: [jar] }),
        }),
    );
  });
});
