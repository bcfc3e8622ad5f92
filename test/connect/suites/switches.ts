// A worker with both switches of the extension: it asks who may configure a connector, and has the registry's routes.
import { afterAll, beforeAll, describe } from 'vitest';
import type { Broker } from '../../kafka/broker.ts';
import type { WorkerVersion } from '../install.ts';
import { connectJar } from '../jar.ts';
import { ServedRegistry } from '../served.ts';
import { Worker } from '../worker.ts';
import { authorizeSuite } from './authorize.ts';
import { proxySuite } from './proxy.ts';

export interface Switched {
  worker: Worker;
  registry: ServedRegistry;
}

export function switchesSuite(version: WorkerVersion, broker: () => Broker): void {
  describe('with the switches of the extension', () => {
    let worker: Worker;
    let registry: ServedRegistry;
    beforeAll(async () => {
      registry = await ServedRegistry.start();
      const properties = {
        ...registry.properties,
        'secret.registry.rest.authorize': 'true',
        'secret.registry.rest.proxy': 'true',
      };
      const plugins = [await connectJar()];
      worker = await Worker.start({ version, broker: broker(), properties, plugins });
    }, 300_000);
    afterAll(async () => {
      await worker?.stop();
      registry?.stop();
    });

    const switched = () => ({ worker, registry });
    authorizeSuite(switched);
    proxySuite(switched);
  });
}
