// What the command line asks a worker that has the plugin, and finds out about one that has not.
import { afterAll, beforeAll } from 'vitest';
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
  let worker: Worker;
  beforeAll(async () => {
    const [jar, started, served] = await Promise.all([
      connectJar(),
      Broker.start(),
      ServedRegistry.start(),
    ]);
    broker = started;
    registry = served;
    worker = await Worker.start({
      version: 4,
      broker,
      properties: propertiesFor(registry),
      plugins: [jar],
    });
  }, 300_000);
  afterAll(async () => {
    await worker.stop();
    registry.stop();
    await broker.stop();
  });

  validateThroughSuite(
    () => worker,
    () => registry,
  );
  checkSuite(
    () => worker,
    () => registry,
    () => broker,
  );
});

function propertiesFor({ url, tokenFile }: ServedRegistry): Record<string, string> {
  return {
    'config.providers': 'secret',
    'config.providers.secret.class': 'io.secretreg.connect.SecretRegistryConfigProvider',
    'config.providers.secret.param.url': url,
    'config.providers.secret.param.token.file': tokenFile,
    'rest.extension.classes': 'io.secretreg.connect.SecretRegistryRestExtension',
  };
}
