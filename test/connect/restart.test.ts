// A restart by the states that a worker tells one after the other, on a clock of the test.
import { afterEach, expect, test } from 'vitest';
import { restart } from '../../src/connect/restart.ts';
import { ConnectWorker } from '../../src/connect/worker.ts';
import type { ConnectorStatus } from '../../src/connect/worker-answers.ts';
import { type Answer, FalseServer, json } from '../client/false-server.ts';

const running: FalseServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

/** The state of the connector, and those of its tasks. */
type Told = readonly [state: string, ...tasks: string[]];

const [UP, DOWN, AGAIN, IDLE] = [
  ['RUNNING', 'RUNNING'],
  ['FAILED', 'FAILED'],
  ['RESTARTING', 'RESTARTING'],
  ['RUNNING'],
] as const;

interface Run {
  before: Told;
  /** After this many milliseconds the worker tells that. */
  states: readonly (readonly [ms: number, told: Told])[];
}

async function run({ before, states }: Run) {
  let now = 0;
  const restarts: number[] = [];
  const answer: Answer = (response, asked) => {
    if (asked.method === 'POST') {
      restarts.push(now);
      return json({}, 202)(response, asked);
    }
    const told = states.findLast(([since]) => since <= now)?.[1] ?? before;
    json(body(told))(response, asked);
  };
  const server = await FalseServer.start([answer]);
  running.push(server);
  const worker = new ConnectWorker({ urls: [server.url], userAgent: 'test' });
  const wait = async (ms: number) => void (now += ms);
  const options = { timeoutMs: 60_000, wait, now: () => now };
  const ended = await restart(worker, 'orders', statusOf(before), options);
  return { ended, after: now, restarts };
}

function body([state, ...tasks]: Told) {
  const unit = { worker_id: 'w' };
  return {
    connector: { state, ...unit },
    tasks: tasks.map((one, id) => ({ id, state: one, ...unit })),
  };
}

function statusOf([state, ...tasks]: Told): ConnectorStatus {
  const workerId = 'w';
  return { state, workerId, tasks: tasks.map((one, id) => ({ id, state: one, workerId })) };
}

test.each<[string, Run, object]>([
  [
    'is done once all of it was on its way and runs',
    {
      before: UP,
      states: [
        [200, AGAIN],
        [900, ['RUNNING', 'RESTARTING']],
        [1000, UP],
      ],
    },
    { ended: { done: true }, after: 1000, restarts: [0] },
  ],
  [
    'is not done by the states of before',
    {
      before: UP,
      states: [
        [2000, AGAIN],
        [2500, UP],
      ],
    },
    { ended: { done: true }, after: 2500 },
  ],
  [
    'is taken for done after three seconds where it was too fast to be seen',
    { before: UP, states: [] },
    { ended: { done: true }, after: 3000 },
  ],
  [
    'waits for a task on another worker',
    {
      before: ['RUNNING', 'RUNNING', 'RUNNING'],
      states: [
        [100, ['RESTARTING', 'RESTARTING', 'RUNNING']],
        [300, ['RUNNING', 'RUNNING', 'RUNNING']],
        [1500, ['RUNNING', 'RUNNING', 'RESTARTING']],
        [2000, ['RUNNING', 'RUNNING', 'RUNNING']],
      ],
    },
    { ended: { done: true }, after: 2000 },
  ],
  [
    'is not failed by the failure of before',
    {
      before: DOWN,
      states: [
        [400, AGAIN],
        [800, UP],
      ],
    },
    { ended: { done: true }, after: 800 },
  ],
  [
    'is done where what had failed runs, though nobody saw it begin',
    { before: DOWN, states: [[400, UP]] },
    { ended: { done: true }, after: 400 },
  ],
  [
    'fails with the connector',
    {
      before: UP,
      states: [
        [100, AGAIN],
        [500, ['FAILED', 'RESTARTING']],
      ],
    },
    { ended: { done: false, why: 'it is FAILED after the restart' } },
  ],
  [
    'fails with a task',
    {
      before: UP,
      states: [
        [100, AGAIN],
        [500, ['RUNNING', 'FAILED']],
      ],
    },
    { ended: { done: false, why: 'task 0 is FAILED after the restart' }, after: 500 },
  ],
  [
    'has failed again where it stays so',
    { before: DOWN, states: [] },
    { ended: { done: false, why: 'it is FAILED after the restart' }, after: 3000 },
  ],
  [
    'is done with the first tasks that it has',
    {
      before: ['FAILED'],
      states: [
        [300, IDLE],
        [1200, ['RUNNING', 'RUNNING']],
      ],
    },
    { ended: { done: true }, after: 1200 },
  ],
  [
    'is done without any tasks',
    {
      before: IDLE,
      states: [
        [300, ['RESTARTING']],
        [800, IDLE],
      ],
    },
    { ended: { done: true }, after: 3000 },
  ],
  [
    'is asked for again where the worker has lost it',
    {
      before: UP,
      states: [
        [100, AGAIN],
        [5500, UP],
      ],
    },
    { ended: { done: true }, after: 5500, restarts: [0, 5000] },
  ],
  [
    'fails where it hangs, and is asked for ever more rarely',
    { before: UP, states: [[100, AGAIN]] },
    {
      ended: { done: false, why: 'it is RESTARTING for 60 s' },
      after: 60_100,
      restarts: [0, 5000, 15_000, 45_000],
    },
  ],
  [
    'fails where a task hangs',
    { before: UP, states: [[100, ['RUNNING', 'UNASSIGNED']]] },
    { ended: { done: false, why: 'task 0 is UNASSIGNED for 60 s' } },
  ],
  [
    'ends where somebody pauses it',
    {
      before: UP,
      states: [
        [100, AGAIN],
        [300, ['PAUSED', 'PAUSED']],
      ],
    },
    { ended: { done: false, why: 'somebody made it PAUSED meanwhile' }, after: 300 },
  ],
])('a restart %s', async (_, given, expected) => {
  expect(await run(given)).toMatchObject(expected);
});
