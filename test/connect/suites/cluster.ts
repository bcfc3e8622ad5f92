// Two workers of one cluster: each answers for the connectors of the other one, whose values it was never handed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Broker } from '../../kafka/broker.ts';
import { type Status, submit, until, untilState } from '../connectors.ts';
import type { WorkerVersion } from '../install.ts';
import { connectJar } from '../jar.ts';
import { canary } from '../secrets.ts';
import { ServedRegistry } from '../served.ts';
import { Worker } from '../worker.ts';

export function clusterSuite(version: WorkerVersion, broker: () => Broker): void {
  describe('on two workers', () => {
    let workers: Worker[] = [];
    let registry: ServedRegistry;
    beforeAll(async () => {
      registry = await ServedRegistry.start();
      const { properties } = registry;
      const own = { version, broker: broker(), properties, plugins: [await connectJar()] };
      const first = await Worker.start(own);
      workers = [first, await Worker.start({ ...own, joins: first })];
    }, 300_000);
    afterAll(async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      registry?.stop();
    });

    test('a worker hides what only the other one resolved', async () => {
      const [first, second] = workers as [Worker, Worker];
      const names = ['spread-1', 'spread-2', 'spread-3', 'spread-4'];
      for (const name of names) {
        await registry.set(name, { password: canary() });
        const password = registry.reference(name, 'password');
        await submit(first, name, { password, 'fail.in': 'task', 'copy.password.as': 'copied' });
      }
      // The second one is given its share of the tasks some time after it has joined.
      const places = await until('tasks on both workers', async () => {
        const found = await Promise.all(names.map((name) => placeOf(first, name)));
        return new Set(found).size === 2 ? found : undefined;
      });
      for (const [index, name] of names.entries()) {
        const place = places[index] ?? '';
        const away = first.url.endsWith(place) ? second : first;
        await untilState(away, name, 'RUNNING', 'FAILED');
        for (const answer of ['status', 'tasks/0/status', 'tasks']) {
          const text = await textOf(away, `/connectors/${name}/${answer}`);
          expect(text).not.toContain('canary-');
          expect(text).toContain(registry.reference(name, 'password'));
        }
        const text = await textOf(away, '/connectors?expand=status&expand=info');
        expect(text).not.toContain('canary-');
      }
    });

    test('the rule holds on both, whichever of them leads', async () => {
      const password = registry.reference('other', 'password');
      for (const worker of workers) {
        const { status, text } = await submit(worker, 'spread-1', { password });
        expect(status, text).toBe(422);
      }
    });
  });
}

/** Connect 3 refuses some questions while its workers share out the tasks. */
function textOf(worker: Worker, path: string): Promise<string> {
  return until(path, async () => {
    const { status, text } = await worker.request('GET', path);
    return status === 200 ? text : undefined;
  });
}

/** The address of the worker that has its task, as Connect tells it. */
async function placeOf(worker: Worker, name: string): Promise<string | undefined> {
  const { status, json } = await worker.request('GET', `/connectors/${name}/status`);
  return status === 200 ? (json as Status).tasks[0]?.worker_id : undefined;
}
