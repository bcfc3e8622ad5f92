// `secretreg connect sync` on a real worker with the plugin: what reaches the tasks, which connectors are restarted, and
// what is left of an outage.
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Broker } from '../../kafka/broker.ts';
import { recorded, submit, taskConfig, until, untilState, untilStatus } from '../connectors.ts';
import { Gate } from '../gate.ts';
import type { WorkerVersion } from '../install.ts';
import { connectJar } from '../jar.ts';
import { ServedRegistry } from '../served.ts';
import { Syncing, untilAllRun } from '../syncing.ts';
import { Worker } from '../worker.ts';

/**
 * Beside the usual one there is one that serves nothing from memory, and reaches the registry through the gate; and one more
 * of that kind whose values expire.
 */
const NAMES = ['secret', 'strict', 'expiring'];
const PROVIDERS = NAMES.flatMap((name) => ['--provider-name', name]);

export function syncSuite(version: WorkerVersion, broker: () => Broker): void {
  describe('connect sync', () => {
    let worker: Worker;
    let registry: ServedRegistry;
    let gate: Gate;
    let syncing: Syncing;
    beforeAll(async () => {
      registry = await ServedRegistry.start();
      gate = await Gate.to(registry.url);
      const properties = providersOf(registry, gate);
      const plugins = [await connectJar()];
      worker = await Worker.start({ version, broker: broker(), properties, plugins });
      syncing = await Syncing.start(worker, registry);
    }, 300_000);
    afterAll(async () => {
      syncing?.remove();
      await worker?.stop();
      gate?.stop();
      registry?.stop();
    });

    /** A connector of that name with its own password. */
    async function connector(name: string, provider = 'secret'): Promise<void> {
      await registry.set(name, { password: `${name}-1` });
      await submit(worker, name, { password: `\${${provider}:${name}:password}` });
      await untilState(worker, name, 'RUNNING');
    }
    const sync = (...args: string[]) => syncing.once(...PROVIDERS, ...args);
    const password = (name: string) => taskConfig(worker, name)?.['password'];
    const starts = (name: string) => recorded(worker, name).length;

    test('restarts what the record does not know, then only what moved', async () => {
      for (const name of ['orders', 'payments']) await connector(name);
      await submit(worker, 'without');
      await untilState(worker, 'without', 'RUNNING');
      const unknown = 'with which versions it runs is not known here';
      expect(await sync('--dry-run')).toEqual({
        end: 0,
        stderr: '',
        outcomes: [
          { connector: 'orders', result: 'would-restart', why: unknown },
          { connector: 'payments', result: 'would-restart', why: unknown },
        ],
      });
      expect(await sync('--assume-current')).toMatchObject({
        end: 0,
        outcomes: [{ result: 'recorded', why: 'orders:password 1' }, { result: 'recorded' }],
      });
      const before = ['payments', 'without'].map(starts);
      await registry.set('orders', { password: 'orders-2' });
      expect(await sync()).toEqual({
        end: 0,
        stderr: '',
        outcomes: [
          { connector: 'orders', result: 'restarted', why: 'orders:password 1 → 2' },
          { connector: 'payments', result: 'current', why: '' },
        ],
      });
      expect(password('orders')).toBe('orders-2');
      expect(['payments', 'without'].map(starts)).toEqual(before);
      expect(await sync()).toMatchObject({
        outcomes: [{ result: 'current' }, { result: 'current' }],
      });
      const readers = (await registry.audit('orders')).flatMap(({ data }) =>
        data.methodName === 'secret.Read' ? [data.authenticationInfo.principal] : [],
      );
      expect(new Set(readers)).toEqual(new Set(['User:connect']));
    });

    // Connect gives new settings to tasks where it sees that the resolved ones have changed (KAFKA-9228), and it resolves those
    // of before only when it compares.
    test('what a task does not get by the same configuration once more, or by a pause, it gets by sync', async () => {
      await connector('stale');
      await sync('--assume-current');
      await registry.set('stale', { password: 'stale-2' });
      await submit(worker, 'stale', { password: '${secret:stale:password}' });
      await until('the connector', async () => {
        const { at, config } = recorded(worker, 'stale').at(-1) ?? {};
        return (at === 'connector' && config?.['password'] === 'stale-2') || undefined;
      });
      for (const [action, state] of [
        ['pause', 'PAUSED'],
        ['resume', 'RUNNING'],
      ] as const) {
        await worker.request('PUT', `/connectors/stale/${action}`);
        await untilState(worker, 'stale', state);
      }
      expect(password('stale')).toBe('stale-1');
      expect(of('stale', (await sync()).outcomes)).toMatchObject({ result: 'restarted' });
      expect(password('stale')).toBe('stale-2');
    });

    // Whether the task gets it too is Connect's comparison as above: with a ttl nothing can be said of tasks before a sync.
    test('what a ttl brings to the connector, its task has at the latest after sync', async () => {
      await connector('renewed', 'expiring');
      await sync();
      await registry.set('renewed', { password: 'renewed-2' });
      await until('the restart that the ttl brings', async () => {
        const { config } =
          recorded(worker, 'renewed').findLast(({ at }) => at === 'connector') ?? {};
        return config?.['password'] === 'renewed-2' || undefined;
      });
      expect((await sync()).end).toBe(0);
      expect(password('renewed')).toBe('renewed-2');
      await worker.request('DELETE', '/connectors/renewed');
    });

    test('leaves what is paused or stopped, and brings it up to date once it runs', async () => {
      await connector('resting');
      await sync();
      await registry.set('resting', { password: 'resting-2' });
      await worker.request('PUT', '/connectors/resting/pause');
      await untilState(worker, 'resting', 'PAUSED');
      const { end, outcomes } = await sync();
      expect(end).toBe(0);
      expect(of('resting', outcomes)).toMatchObject({ result: 'left', why: 'it is PAUSED' });
      await worker.request('PUT', '/connectors/resting/resume');
      await untilState(worker, 'resting', 'RUNNING');
      expect(of('resting', (await sync()).outcomes)).toMatchObject({ result: 'restarted' });
      expect(password('resting')).toBe('resting-2');
    });

    test('does not restart into a secret that was deleted', async () => {
      await connector('forgotten');
      await sync();
      const before = starts('forgotten');
      await registry.admin('DELETE', '/secret/paths/forgotten');
      const { end, outcomes } = await sync();
      expect(end).toBe(1);
      expect(of('forgotten', outcomes)).toMatchObject({ result: 'missing' });
      expect(starts('forgotten')).toBe(before);
      await worker.request('DELETE', '/connectors/forgotten');
    });

    test('a registry in a file is looked at without its key', async () => {
      await connector('local');
      await sync();
      await registry.set('local', { password: 'local-2' });
      const file = join(dirname(registry.tokenFile), 'registry.db');
      // Of the same registry, so the record of before counts.
      const { end, stderr, outcomes } = await sync('--registry', `file:${file}`);
      expect([end, stderr]).toEqual([0, '']);
      expect(of('local', outcomes)).toMatchObject({ why: 'local:password 1 → 2' });
      expect(password('local')).toBe('local-2');
    });

    test('a new password reaches the task within five seconds of the watch, and no other connector', async () => {
      for (const name of ['billing', 'shipping']) await connector(name);
      await sync();
      const watching = syncing.watch(...PROVIDERS);
      // Its first look is over once it tells of a change.
      await registry.set('billing', { password: 'billing-2' });
      await until('the first change', async () => password('billing') === 'billing-2' || undefined);
      await until('what it tells', async () => of('billing', watching.outcomes));
      const before = starts('shipping');
      const begun = performance.now();
      await registry.set('billing', { password: 'billing-3' });
      await until('the next one', async () => password('billing') === 'billing-3' || undefined);
      expect(performance.now() - begun).toBeLessThan(5000);
      expect(starts('shipping')).toBe(before);
      await until('what it tells', async () => watching.outcomes[1]);
      expect(watching.outcomes).toEqual([
        { connector: 'billing', result: 'restarted', why: 'billing:password 1 → 2' },
        { connector: 'billing', result: 'restarted', why: 'billing:password 2 → 3' },
      ]);
      expect(await watching.stop('SIGINT')).toEqual([130, null]);
      expect(watching.notes).toEqual(['secretreg: interrupted; nothing was left half-written']);
    });

    test('a version that comes in the midst of a restart is not lost', async () => {
      await connector('hurried');
      await sync();
      const watching = syncing.watch(...PROVIDERS, '--interval', '200ms');
      for (let n = 2; n <= 6; n += 1) await registry.set('hurried', { password: `hurried-${n}` });
      await until('the last one', async () => password('hurried') === 'hurried-6' || undefined);
      expect(await watching.stop('SIGTERM')).toEqual([130, null]);
      await untilState(worker, 'hurried', 'RUNNING');
      await sync();
      expect(of('hurried', (await sync()).outcomes)).toMatchObject({ result: 'current' });
      expect(password('hurried')).toBe('hurried-6');
    });

    test('what failed since the registry was down when the worker started is brought back', async () => {
      await connector('early');
      await sync();
      await registry.kill();
      await worker.restart();
      await untilState(worker, 'early', 'FAILED');
      expect(await sync()).toMatchObject({ end: 3, outcomes: [] });
      await registry.restart();
      await registry.set('early', { password: 'early-2' });
      const { end } = await sync();
      expect(end).toBe(0);
      expect(password('early')).toBe('early-2');
      await untilAllRun(worker);
    }, 180_000);

    test('nothing is restarted while the worker cannot read secrets', async () => {
      await connector('hanging', 'strict');
      await sync();
      gate.close();
      await registry.set('hanging', { password: 'hanging-2' });
      const refused = await sync();
      expect(refused.end).toBe(1);
      const moved = refused.outcomes.filter(({ result }) => result !== 'current');
      expect(moved).toEqual([
        {
          connector: 'hanging',
          result: 'failed',
          why: expect.stringMatching(
            /^it is left as it is, for the worker cannot read secrets: .* \(hanging:password 1 → 2\)$/,
          ),
        },
      ]);
      await untilAllRun(worker);
      expect(password('hanging')).toBe('hanging-1');
      gate.open();
      expect((await sync()).end).toBe(0);
      expect(password('hanging')).toBe('hanging-2');
      await untilAllRun(worker);
    });

    test('what the worker began to restart by itself in an outage does not stay so', async () => {
      await connector('expiring', 'expiring');
      await sync();
      gate.close();
      await untilStatus(worker, 'expiring', ({ connector }) => connector.state !== 'RUNNING');
      gate.open();
      expect((await sync()).end).toBe(0);
      await untilAllRun(worker);
      await worker.request('DELETE', '/connectors/expiring');
    });

    test('a watch goes on over outages of registry and worker, and tells of each one once', async () => {
      await connector('lasting');
      await sync();
      const watching = syncing.watch(...PROVIDERS, '--interval', '200ms');
      const noted = (text: string) =>
        until(text, async () => watching.notes.find((note) => note.includes(text)));
      const again = (times: number) =>
        until('the end of the outage', async () => {
          const notes = watching.notes.filter((note) => note.endsWith('answer again'));
          return notes.length === times || undefined;
        });
      await registry.kill();
      await noted('the registry at');
      await registry.restart();
      await again(1);
      await worker.kill();
      await noted('the Connect worker at');
      await worker.restart();
      await again(2);
      await registry.set('lasting', { password: 'lasting-2' });
      await until('the change', async () => password('lasting') === 'lasting-2' || undefined);
      expect(await watching.stop('SIGINT')).toEqual([130, null]);
      const told = watching.notes.map((note) => note.replace(/ at .*/, '').replace(/;.*/, ''));
      expect(told).toEqual([
        'secretreg: the registry',
        'secretreg: registry and worker answer again',
        'secretreg: the Connect worker',
        'secretreg: registry and worker answer again',
        'secretreg: interrupted',
      ]);
      await untilAllRun(worker);
    }, 180_000);
  });
}

function providersOf(registry: ServedRegistry, gate: Gate): Record<string, string> {
  const atGate = (name: string) => ({
    ...registry.provider(name),
    [`config.providers.${name}.param.url`]: gate.url,
  });
  return {
    ...registry.provider('secret'),
    ...atGate('strict'),
    'config.providers.strict.param.unreachable': 'fail',
    ...atGate('expiring'),
    'config.providers.expiring.param.unreachable': 'fail',
    'config.providers.expiring.param.ttl.ms': '3000',
    'config.providers': NAMES.join(),
  };
}

function of(name: string, outcomes: readonly { connector: string }[]) {
  return outcomes.findLast(({ connector }) => connector === name);
}
