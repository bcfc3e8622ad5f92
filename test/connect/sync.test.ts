// Rounds over a group whose states the test moves, on a clock of the test: order, pauses, other processes, lost connectors.
import { afterEach, describe, expect, test } from 'vitest';
import { type Held, type Versions, versionsOf } from '../../src/connect/plan.ts';
import { type Outcome, Sync, type SyncOptions, type SyncRecord } from '../../src/connect/sync.ts';
import { ConnectWorker } from '../../src/connect/worker.ts';
import { type Answer, type Asked, FalseServer, json } from '../client/false-server.ts';
import { name, path, v } from '../registry/fixture.ts';

const running: FalseServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

/** What becomes of a connector at a restart: the states in turn, each for one look. */
type Behaviour = readonly string[];

interface Group {
  sync: Sync;
  states: Map<string, string>;
  behaviours: Map<string, Behaviour>;
  /** The status with which the worker refuses to restart it. */
  refusals: Map<string, number>;
  /** Of which the server in front of the worker's code says something in HTML. */
  aliens: Set<string>;
  restarts: string[];
  versions: Map<string, number>;
  record: MemoryRecord;
  pass: (milliseconds: number) => void;
  /** Runs in front of each restart. */
  onRestart: (connector: string) => void;
}

class MemoryRecord implements SyncRecord {
  readonly all = new Map<string, readonly Held[]>();
  read = () => this.all;
  set = (connector: string, held: readonly Held[]) => void this.all.set(connector, held);
  isWritable = true;
  requireWritable(): void {
    if (!this.isWritable) throw new Error('the disk is full');
  }
  keepOnly(connectors: ReadonlySet<string>): void {
    for (const one of this.all.keys()) if (!connectors.has(one)) this.all.delete(one);
  }
}

/** Connectors `a`, `b` …, each with a password under its own name that has version 1, and known to run with it. */
async function groupOf(names: readonly string[], options: Partial<SyncOptions> = {}) {
  let now = 0;
  const record = new MemoryRecord();
  const group = {
    states: new Map(names.map((one) => [one, 'RUNNING'])),
    behaviours: new Map<string, Behaviour>(),
    refusals: new Map<string, number>(),
    aliens: new Set<string>(),
    restarts: [] as string[],
    versions: new Map(names.map((one) => [one, 1])),
    record,
    pass: (milliseconds: number) => void (now += milliseconds),
    onRestart: ((): void => undefined) as (connector: string) => void,
  };
  for (const one of names) record.set(one, [{ path: one, key: 'password', version: 1 }]);
  const server = await FalseServer.start([answerOf(group)]);
  running.push(server);
  const sync = new Sync({
    worker: new ConnectWorker({ urls: [server.url], userAgent: 'test' }),
    latest: async () => versionsIn(group.versions),
    record,
    isOurs: (provider) => provider === 'secret',
    whyUnreadable: async () => undefined,
    ...{ assumeCurrent: false, dryRun: false, graceMs: 5000, timeoutMs: 60_000 },
    wait: async (milliseconds) => group.pass(milliseconds),
    now: () => now,
    ...options,
  });
  return Object.assign(group, { sync }) satisfies Group;
}

function answerOf(group: Omit<Group, 'sync'>): Answer {
  const coming = new Map<string, string[]>();
  return (response, { method, url }: Asked) => {
    const [, one = ''] = /^\/connectors\/([^/?]+)/.exec(url) ?? [];
    const state = group.states.get(one);
    if (url === '/')
      return json({ version: '4', commit: '', kafka_cluster_id: 'c' })(response, asked);
    if (one === '') return json(Object.fromEntries(listing(group)))(response, asked);
    if (state === undefined)
      return json({ error_code: 404, message: 'unknown' }, 404)(response, asked);
    if (method === 'POST') {
      if (group.aliens.has(one)) {
        response.writeHead(400, { 'content-type': 'text/html' }).end('<h1>Ambiguous URI</h1>');
        return;
      }
      const refused = group.refusals.get(one);
      if (refused !== undefined)
        return json({ error_code: refused, message: 'hunter2' }, refused)(response, asked);
      group.onRestart(one);
      group.restarts.push(one);
      coming.set(one, [...(group.behaviours.get(one) ?? ['RESTARTING', 'RUNNING'])]);
      return json({}, 202)(response, asked);
    }
    const next = coming.get(one)?.shift() ?? state;
    group.states.set(one, next);
    json(statusOf(next))(response, asked);
  };
}

const asked: Asked = { method: '', url: '', headers: {}, body: '' };

function listing({ states }: Omit<Group, 'sync'>): [string, object][] {
  return [...states].map(([one, state]) => {
    const config = { name: one, 'connector.class': 'X', password: `\${secret:${one}:password}` };
    return [one, { info: { type: 'source', config }, status: statusOf(state) }];
  });
}

function statusOf(state: string) {
  const unit = { state, worker_id: 'w' };
  return { connector: unit, tasks: [{ id: 0, ...unit }] };
}

function versionsIn(versions: ReadonlyMap<string, number>): Versions {
  const made = { createdAt: '', createdBy: '', state: 'enabled' as const };
  const keys = [...versions].map(([one, version]) => {
    const names = { path: path(one), key: name('password') };
    return { ...names, versions: [{ ...names, ...made, version: v(version) }], metadata: {} };
  });
  return versionsOf(keys);
}

async function round({ sync }: Pick<Group, 'sync'>): Promise<string[]> {
  const told: string[] = [];
  for await (const outcome of sync.round()) told.push(show(outcome));
  return told;
}

const show = ({ connector, result, why }: Outcome) => `${connector} ${result}: ${why}`;
const versionOf = ({ record }: Group, one: string) => record.all.get(one)?.[0]?.version;

test('only what moved is restarted, one after another by name', async () => {
  const group = await groupOf(['c', 'a', 'b']);
  group.versions.set('c', 2).set('a', 2);
  expect(await round(group)).toEqual([
    'a restarted: a:password 1 → 2',
    'b current: ',
    'c restarted: c:password 1 → 2',
  ]);
  expect(group.restarts).toEqual(['a', 'c']);
  expect(await round(group)).toEqual(['a current: ', 'b current: ', 'c current: ']);
});

test('a version that comes in the midst of a restart leads to another one', async () => {
  const group = await groupOf(['a']);
  group.versions.set('a', 2);
  group.onRestart = () => void group.versions.set('a', 3);
  expect(await round(group)).toEqual(['a restarted: a:password 1 → 2']);
  expect(await round(group)).toEqual(['a restarted: a:password 2 → 3']);
});

test('a connector whose turn comes later gets what is the latest then', async () => {
  const group = await groupOf(['a', 'b']);
  group.versions.set('a', 2).set('b', 2);
  group.onRestart = (one) => void (one === 'a' && group.versions.set('b', 3));
  expect(await round(group)).toEqual([
    'a restarted: a:password 1 → 2',
    'b restarted: b:password 1 → 3',
  ]);
  expect(versionOf(group, 'b')).toBe(3);
});

test('what another process has done meanwhile is not done again', async () => {
  const group = await groupOf(['a', 'b']);
  group.versions.set('a', 2).set('b', 2);
  group.onRestart = () => group.record.set('b', [{ path: 'b', key: 'password', version: 2 }]);
  expect(await round(group)).toEqual(['a restarted: a:password 1 → 2', 'b current: ']);
});

test('a dry run restarts nothing and notes nothing', async () => {
  const group = await groupOf(['a', 'b'], { dryRun: true });
  group.versions.set('a', 2);
  group.record.all.delete('b');
  group.record.set('gone', []);
  expect(await round(group)).toEqual([
    'a would-restart: a:password 1 → 2',
    'b would-restart: with which versions it runs is not known here',
  ]);
  expect([group.restarts, [...group.record.all.keys()]]).toEqual([[], ['a', 'gone']]);
});

test('what is not known is taken for current where somebody says so', async () => {
  const group = await groupOf(['a', 'b'], { assumeCurrent: true });
  group.record.all.delete('a');
  group.versions.set('a', 7).set('b', 2);
  expect(await round(group)).toEqual(['a recorded: a:password 7', 'b restarted: b:password 1 → 2']);
});

test('connectors that are gone are forgotten, also in the midst of it', async () => {
  const group = await groupOf(['a', 'b']);
  group.record.set('gone', []);
  group.versions.set('a', 2).set('b', 2);
  group.onRestart = () => void group.states.delete('b');
  expect(await round(group)).toEqual(['a restarted: a:password 1 → 2']);
  expect([...group.record.all.keys()]).toEqual(['a', 'b']);
  await round(group);
  expect([...group.record.all.keys()]).toEqual(['a']);
});

test('what the worker refuses of one connector holds up no other', async () => {
  const group = await groupOf(['a', 'b', 'c']);
  group.refusals.set('a', 403).set('b', 500);
  for (const one of ['a', 'b', 'c']) group.versions.set(one, 2);
  expect(await round(group)).toEqual([
    'a failed: the worker does not take it from this log-in (403) (a:password 1 → 2)',
    'b failed: the worker refused it (500): it failed, or did not come to it in time; its log says more (b:password 1 → 2)',
    'c restarted: c:password 1 → 2',
  ]);
});

test('what a server in front of the worker says of one connector holds up no other', async () => {
  const group = await groupOf(['a', 'b']);
  group.aliens.add('a');
  for (const one of ['a', 'b']) group.versions.set(one, 2);
  expect(await round(group)).toEqual([
    'a failed: its answer (400) is text/html, and not that of a worker (a:password 1 → 2)',
    'b restarted: b:password 1 → 2',
  ]);
});

test('nothing is restarted where the worker cannot read secrets, or the record cannot be written', async () => {
  let why: string | undefined = 'its token has ended';
  const asked: unknown[] = [];
  const group = await groupOf(['a', 'b'], {
    async whyUnreadable({ config }, provider) {
      asked.push([config.get('connector.class'), provider]);
      return why;
    },
  });
  for (const one of ['a', 'b']) group.versions.set(one, 2);
  const left = 'it is left as it is, for the worker cannot read secrets: its token has ended';
  expect(await round(group)).toEqual([
    `a failed: ${left} (a:password 1 → 2)`,
    `b failed: ${left} (b:password 1 → 2)`,
  ]);
  expect(asked).toEqual([['X', 'secret']]);
  group.record.isWritable = false;
  await expect(round(group)).rejects.toThrow('the disk is full');
  expect(group.restarts).toEqual([]);
  group.record.isWritable = true;
  why = undefined;
  await round(group);
  expect(group.restarts).toEqual(['a', 'b']);
});

test('after a restart that failed it is asked again whether the worker can read secrets', async () => {
  let asked = 0;
  const whyUnreadable = async () => void (asked += 1);
  const group = await groupOf(['a', 'b', 'c', 'd'], { whyUnreadable });
  for (const one of ['a', 'b', 'c', 'd']) group.versions.set(one, 2);
  group.behaviours.set('b', ['RESTARTING', 'FAILED']);
  await round(group);
  expect([asked, group.restarts]).toEqual([2, ['a', 'b', 'c', 'd']]);
});

test('a connector that is paused while it is left alone is not waited for', async () => {
  const group = await groupOf(['a']);
  group.states.set('a', 'FAILED');
  group.behaviours.set('a', ['RESTARTING', 'FAILED']);
  await round(group);
  group.states.set('a', 'PAUSED');
  expect(await round(group)).toEqual(['a left: it is PAUSED']);
  group.pass(60_000);
  expect(group.sync.isPending).toBe(false);
});

describe('a connector that fails', () => {
  test('is restarted at once, then after ever longer pauses', async () => {
    const group = await groupOf(['a']);
    group.states.set('a', 'FAILED');
    group.behaviours.set('a', ['RESTARTING', 'FAILED']);
    const restartsIn = async (milliseconds: number) => {
      const before = group.restarts.length;
      for (let passed = 0; passed < milliseconds; passed += 1000) {
        await round(group);
        group.pass(1000);
      }
      return group.restarts.length - before;
    };
    expect(await round(group)).toEqual(['a failed: it is FAILED after the restart (it is FAILED)']);
    expect(await restartsIn(60_000)).toBe(3);
    expect(await restartsIn(600_000)).toBe(4);
  });

  test('is restarted at once where its secret moves', async () => {
    const group = await groupOf(['a']);
    group.states.set('a', 'FAILED');
    group.behaviours.set('a', ['RESTARTING', 'FAILED']);
    await round(group);
    expect(await round(group)).toEqual([]);
    group.behaviours.delete('a');
    group.versions.set('a', 2);
    expect(await round(group)).toEqual(['a restarted: a:password 1 → 2']);
  });

  test('after a restart with a new version keeps the one of before in the record', async () => {
    const group = await groupOf(['a']);
    group.versions.set('a', 2);
    group.behaviours.set('a', ['RESTARTING', 'FAILED']);
    expect(await round(group)).toEqual([
      'a failed: it is FAILED after the restart (a:password 1 → 2)',
    ]);
    expect(versionOf(group, 'a')).toBe(1);
    expect(group.sync.isPending).toBe(false);
    group.pass(5000);
    expect(group.sync.isPending).toBe(true);
  });

  test('again and again soon after it ran is not restarted without a pause', async () => {
    const group = await groupOf(['a']);
    for (let i = 0; i < 3; i += 1) {
      group.states.set('a', 'FAILED');
      await round(group);
    }
    expect(group.restarts).toEqual(['a']);
  });
});

describe('a connector that is on its way', () => {
  test('is left to itself for a while', async () => {
    const group = await groupOf(['a']);
    group.states.set('a', 'UNASSIGNED');
    expect(await round(group)).toEqual([]);
    expect([group.sync.isRestless, group.sync.isPending]).toEqual([true, true]);
    group.pass(4000);
    group.states.set('a', 'RUNNING');
    expect(await round(group)).toEqual(['a current: ']);
    expect([group.sync.isRestless, group.restarts]).toEqual([false, []]);
  });

  test('is restarted where it does not get there', async () => {
    const group = await groupOf(['a']);
    group.states.set('a', 'RESTARTING');
    await round(group);
    group.pass(5000);
    group.behaviours.set('a', ['RUNNING']);
    expect(await round(group)).toEqual(['a restarted: it is RESTARTING']);
  });
});
