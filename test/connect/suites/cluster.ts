// Two workers of one cluster: each answers for connectors and tasks of the other, whose secrets it was not handed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Broker } from '../../kafka/broker.ts';
import { submit, untilStatus } from '../connectors.ts';
import type { WorkerVersion } from '../install.ts';
import { connectJar } from '../jar.ts';
import { canary } from '../secrets.ts';
import { ServedRegistry } from '../served.ts';
import { Worker } from '../worker.ts';

const NAMES = ['one', 'two', 'three', 'four'];

export function clusterSuite(version: WorkerVersion, broker: () => Broker): void {
  describe('two workers of one cluster', () => {
    let workers: Worker[] = [];
    let registry: ServedRegistry;

    beforeAll(async () => {
      registry = await ServedRegistry.start();
      const { properties } = registry;
      const plugins = [await connectJar()];
      const first = await Worker.start({ version, broker: broker(), properties, plugins });
      workers = [first];
      const joining = { version, broker: broker(), properties, plugins, joins: first };
      workers.push(await Worker.start(joining));
    }, 300_000);
    afterAll(async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      registry?.stop();
    });

    test('no value that one of them resolved leaves through the other', async () => {
      const [first] = workers;
      if (first === undefined) throw new Error('there is no worker');
      for (const name of NAMES) {
        await registry.set(name, { password: canary() });
        const password = registry.reference(name, 'password');
        await submit(first, name, { password, 'copy.password.as': 'copied', 'fail.in': 'task' });
      }
      const places = new Set<string>();
      for (const name of NAMES) {
        const { tasks } = await untilStatus(
          first,
          name,
          (status) => status.tasks.length === 1 && status.tasks[0]?.state === 'FAILED',
        );
        places.add(tasks[0]?.worker_id ?? '');
      }
      expect(places.size).toBe(2);
      for (const worker of workers) {
        for (const name of NAMES) {
          for (const path of ['status', 'tasks', 'tasks/0/status']) {
            const { text } = await worker.request('GET', `/connectors/${name}/${path}`);
            expect(text, path).not.toContain('canary-');
            expect(text, path).toContain(registry.reference(name, 'password'));
          }
        }
        const { text } = await worker.request('GET', '/connectors?expand=status&expand=info');
        expect(text).not.toContain('canary-');
      }
    });
  });
}
