// The registry is away, or hangs: who is held up, for how long, and with which values connectors go on.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Broker } from '../../kafka/broker.ts';
import { recorded, submit, taskConfig, until, untilState, untilStatus } from '../connectors.ts';
import type { WorkerVersion } from '../install.ts';
import { connectJar } from '../jar.ts';
import { canary } from '../secrets.ts';
import { ServedRegistry } from '../served.ts';
import { Syncing, untilAllRun } from '../syncing.ts';
import { Worker } from '../worker.ts';

/** What one call of the provider may take, in all. */
const BUDGET_MS = 3000;
const TTL_MS = 2000;
/** How often a registry that is away is looked for. */
const DOWN_MS = 500;
/** A release lets it hang for as long. */
const HANG_MS = process.env['SECRETREG_TEST_SIZE'] === 'release' ? 60_000 : 0;

export function outageSuite(version: WorkerVersion, broker: () => Broker): void {
  describe('while the registry is away', () => {
    let worker: Worker;
    let registry: ServedRegistry;
    /** Every value that a path ever had. */
    const values = new Map<string, string[]>();

    beforeAll(async () => {
      registry = await ServedRegistry.start();
      const [secret, ttl] = ['config.providers.secret.param', 'config.providers.ttl.param'];
      const properties = {
        ...registry.properties,
        ...registry.provider('ttl'),
        'config.providers': 'secret,ttl',
        [`${secret}.total.timeout.ms`]: `${BUDGET_MS}`,
        [`${secret}.down.memory.ms`]: `${DOWN_MS}`,
        [`${ttl}.down.memory.ms`]: `${DOWN_MS}`,
        [`${ttl}.ttl.ms`]: `${TTL_MS}`,
      };
      const plugins = [await connectJar()];
      worker = await Worker.start({ version, broker: broker(), properties, plugins });
    }, 300_000);
    afterAll(async () => {
      await worker?.stop();
      registry?.stop();
    });
    // A test that failed in the middle leaves it as the next one does not expect it.
    beforeEach(() => registry.restart());

    const newValue = async (name: string) => {
      const value = `${name} ${canary()}`;
      values.set(name, [...(values.get(name) ?? []), value]);
      await registry.set(name, { password: value });
      return value;
    };
    const password = (name: string, provider = 'secret') => `\${${provider}:${name}:password}`;
    const running = async (name: string, provider = 'secret') => {
      const value = await newValue(name);
      await taken(name, provider);
      return value;
    };
    /** Some time after the registry is back: the worker does not ask it again at once. */
    const taken = async (name: string, provider = 'secret') => {
      await until('the worker to take it', async () => {
        const { status } = await submit(worker, name, { password: password(name, provider) });
        return status < 300 || undefined;
      });
      await untilState(worker, name, 'RUNNING');
    };
    /** Resolves when connector and task were started once more. A restart that the registry refuses has no end. */
    const restarted = async (name: string) => {
      const before = recorded(worker, name).length;
      await until('the next start of its task', async () => {
        await worker.request('POST', `/connectors/${name}/restart?includeTasks=true`);
        return until(
          'a start',
          async () => recorded(worker, name).length >= before + 2 || undefined,
          2000,
        ).catch(() => undefined);
      });
      await untilState(worker, name, 'RUNNING');
    };

    test('a connector that is submitted then is refused with the reason, and taken afterwards', async () => {
      await newValue('submitted');
      await registry.kill();
      const { status, json } = await submit(worker, 'submitted', {
        password: password('submitted'),
      });
      expect(json).toEqual({
        error_code: status,
        message: expect.stringContaining(
          `the registry cannot be reached: ${registry.url}: it takes no connection`,
        ),
      });
      expect(status).toBe(502);
      expect((await worker.request('GET', '/connectors/submitted')).status).toBe(404);

      const value = await newValueAfterReturn('submitted');
      await taken('submitted');
      expect(taskConfig(worker, 'submitted')?.password).toBe(value);
    });

    test('a restart goes on with the values that were read last, and says so', async () => {
      const value = await running('restarted');
      await registry.kill();
      await restarted('restarted');
      expect(taskConfig(worker, 'restarted')?.password).toBe(value);
      const said = "path 'restarted' is served with the values that were read";
      expect(worker.log().includes(`WARN ${said}`), worker.tail()).toBe(true);

      const next = await newValueAfterReturn('restarted');
      await until('the next value', async () => {
        await restarted('restarted');
        return taskConfig(worker, 'restarted')?.password === next || undefined;
      });
    });

    test('restarts for a time to live go on too', async () => {
      const value = await running('lived', 'ttl');
      await registry.kill();
      const before = recorded(worker, 'lived').length;
      await until('two restarts', async () => {
        return recorded(worker, 'lived').length >= before + 2 || undefined;
      });
      expect(new Set(recorded(worker, 'lived').map(({ config }) => config.password))).toEqual(
        new Set([value]),
      );
      await untilState(worker, 'lived', 'RUNNING');

      const next = await newValueAfterReturn('lived');
      await until('the next value', async () => {
        await restarted('lived');
        return taskConfig(worker, 'lived')?.password === next || undefined;
      });
    });

    test('what the registry refused since is not served', async () => {
      await running('deleted');
      const before = recorded(worker, 'deleted').length;
      const refusedWith = async (text: string) => {
        const logged = worker.log().length;
        await worker.request('POST', '/connectors/deleted/restart?includeTasks=true');
        await until(text, async () => worker.log().slice(logged).includes(text) || undefined);
      };
      await registry.admin('DELETE', '/secret/paths/deleted');
      await refusedWith("secret 'password' of path 'deleted' cannot be found");
      await registry.kill();
      await refusedWith("secret 'password' of path 'deleted' cannot be found");
      expect(recorded(worker, 'deleted')).toHaveLength(before);
    });

    test('while it hangs, everybody waits for one call, not for one of each connector', async () => {
      const names = Array.from({ length: 8 }, (_, index) => `hung-${index}`);
      await Promise.all(names.map((name) => running(name)));
      await newValue('hung-new');
      const starts = () => names.flatMap((name) => recorded(worker, name)).length;
      const before = starts();
      registry.hang();
      const begun = performance.now();
      const submitted = submit(worker, 'hung-new', { password: password('hung-new') });
      // Each of them looks its values up twice, on the one thread that other requests wait for.
      const restarts = names.map((name) =>
        worker.request('POST', `/connectors/${name}/restart?includeTasks=true`),
      );
      const { status } = await worker.request('GET', '/connectors/hung-0');
      const heldUp = performance.now() - begun;
      expect(status).toBe(200);
      expect(new Set((await Promise.all(restarts)).map((it) => it.status))).toEqual(new Set([202]));
      await until('all starts', async () => starts() === before + 2 * names.length || undefined);
      const all = performance.now() - begun;
      expect(await submitted).toMatchObject({ status: 502 });
      // One call each would be 16 of them.
      expect([heldUp < 4 * BUDGET_MS, all < 6 * BUDGET_MS], `${heldUp}, ${all}`).toEqual([
        true,
        true,
      ]);
      // From then on nobody waits for it, as long as it hangs.
      let longest = 0;
      while (performance.now() - begun < HANG_MS) {
        const asked = performance.now();
        const again = submit(worker, 'hung-new', { password: password('hung-new') });
        const answers = [await worker.request('GET', '/connectors/hung-1'), await again];
        expect(answers.map((answer) => answer.status)).toEqual([200, 502]);
        longest = Math.max(longest, performance.now() - asked);
      }
      const [first, last, later] = [heldUp, all, longest].map(Math.round);
      console.log(
        `it hung for ${Math.round(performance.now() - begun)} ms: another one's answer took ${first} ms, ${2 * names.length} starts ${last} ms, what came later ${later} ms at most`,
      );
      expect(longest).toBeLessThan(BUDGET_MS);
      registry.resume();
      await taken('hung-new');
    }, 240_000);

    test('connectors of a worker that starts then fail, and run when they are restarted', async () => {
      await running('started-1');
      await running('started-2');
      await registry.kill();
      await worker.restart();
      for (const name of ['started-1', 'started-2']) {
        const { connector } = await untilStatus(worker, name, ({ connector, tasks }) =>
          [connector, ...tasks].every(({ state }) => state === 'FAILED'),
        );
        expect(connector.trace).toContain('the registry cannot be reached');
      }
      const next = await newValueAfterReturn('started-1');
      await until('the next value', async () => {
        await restarted('started-1');
        return taskConfig(worker, 'started-1')?.password === next || undefined;
      });
    }, 180_000);

    test('once it is back, sync leaves nothing on its way, and every task with the value of now', async () => {
      await worker.request('DELETE', '/connectors/deleted');
      const syncing = await Syncing.start(worker, registry);
      try {
        const providers = ['secret', 'ttl'].flatMap((name) => ['--provider-name', name]);
        const { end, stderr } = await syncing.once(...providers);
        expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
      } finally {
        syncing.remove();
      }
      const names = await untilAllRun(worker);
      expect(names.length).toBeGreaterThan(10);
      for (const name of names)
        expect(taskConfig(worker, name)?.password, name).toBe(values.get(name)?.at(-1));
    }, 240_000);

    test('no connector ever had a value of another path', () => {
      for (const [name, own] of values) {
        const had = recorded(worker, name).map(({ config }) => config.password);
        expect(had.filter((one) => !own.includes(`${one}`))).toEqual([]);
      }
      expect(values.size).toBeGreaterThan(5);
    });

    /** The registry is there again, and the secret has another value than before. */
    async function newValueAfterReturn(name: string): Promise<string> {
      await registry.restart();
      return newValue(name);
    }
  });
}
