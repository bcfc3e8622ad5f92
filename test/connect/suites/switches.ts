// A worker with all switches of the extension: it asks who may configure a connector, has the registry's routes, and its rule
// counts for every provider.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Broker } from '../../kafka/broker.ts';
import { recording } from '../connectors.ts';
import type { WorkerVersion } from '../install.ts';
import { connectJar } from '../jar.ts';
import { logIn } from '../log-in.ts';
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
        'secret.registry.all.providers': 'true',
      };
      const plugins = [await connectJar()];
      worker = await Worker.start({ version, broker: broker(), properties, plugins });
    }, 300_000);
    afterAll(async () => {
      await worker?.stop();
      registry?.stop();
    });

    // Without it this one goes through: the suite of the rule shows that.
    test('the literal reading of the rule: it counts for every provider', async () => {
      const owner = await logIn(registry, 'lena', 'ResourceOwner', 'literal');
      const config = recording(worker, 'literal', { username: '${env:HOME}' });
      const { json } = await worker.request('PUT', '/connectors/literal/config', config, owner);
      expect(json).toEqual({
        error_code: 422,
        message:
          "Connector 'literal' may only refer to secrets under its own name: 'username' refers to no path",
      });
    });

    const switched = () => ({ worker, registry });
    authorizeSuite(switched);
    proxySuite(switched);
  });
}
