// A change of the master key that a server has begun goes on, whoever waits for it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { errors } from '../../src/errors.ts';
import { type Answer, FalseServer, json, refusal } from './false-server.ts';

const KID = 'f0'.repeat(16);
const running = json({ kid: KID, done: 1, total: 2, state: 'running' });

test('Ctrl-C while a server changes its master key says that the server goes on', async () => {
  const { server, registry, child, said } = await rotating(running);
  // The change is asked for once, and how it goes again and again.
  await expect.poll(() => server.asked.length, { timeout: 20_000 }).toBeGreaterThan(2);
  child.kill('SIGINT');
  const [told, problem, [code]] = await said;
  expect([told, code]).toEqual(['', 130]);
  expect(problem).toBe(
    'secretreg: interrupted: the change of the master key has begun and is not finished; until it is, neither key alone will do\n' +
      `hint: secretreg rotate --status --registry ${registry}    (the server goes on with the change)\n`,
  );
});

test.each<[string, string, Answer[]]>([
  ['that is killed', 'connection refused', [running, running]],
  [
    'that was started again meanwhile',
    'this server was not asked to change the master key since it started',
    [
      running,
      refusal(40409, 'this server was not asked to change the master key since it started'),
    ],
  ],
  [
    'whose disk is away',
    'the registry at file:r.db cannot be used: an I/O error',
    [
      running,
      refusal(50302, 'the registry at file:r.db cannot be used: an I/O error; nothing was written'),
    ],
  ],
])('of a server %s it is said that the change has begun', async (name, reason, answers) => {
  const { server, registry, said, stop } = await rotating(...answers);
  if (name === 'that is killed') {
    await expect.poll(() => server.asked.length, { timeout: 20_000 }).toBeGreaterThan(1);
    await stop();
  }
  const [told, problem, [code]] = await said;
  expect([told, code]).toEqual(['', 3]);
  expect(problem).toBe(
    `secretreg: ${errors['rotation-not-followed'].text({ place: registry, kid: KID, reason })}\n` +
      `hint: secretreg rotate --new-key-id ${KID} --registry ${registry}    (goes on with it; until it is done neither key alone will do)\n`,
  );
});

test.each(['abc', 'F0'.repeat(16), 'hunter2hunter2hunter2hunter2hunter2hunter2='])(
  'what is no id of a key is not sent, and not shown: %s',
  async (kid) => {
    const { server, registry, said } = await rotatingTo(kid, running);
    const [told, problem, [code]] = await said;
    expect([told, code, server.asked]).toEqual(['', 2, []]);
    expect(problem).toBe(
      'secretreg: --new-key-id is not the id of a key, which has 32 digits of 0-9 and a-f\n' +
        `hint: secretreg rotate --status --registry ${registry}    (the ids of the keys that the registry knows)\n`,
    );
  },
);

/** `rotate` in a process, which asks a server that answers so. */
const rotating = (...answers: Answer[]) => rotatingTo(KID, ...answers);

async function rotatingTo(kid: string, ...answers: Answer[]) {
  const server = await FalseServer.start(answers);
  let isThere = true;
  const stop = async () => {
    if (isThere) await server.stop();
    isThere = false;
  };
  onTestFinished(stop);
  const registry = `http://localhost:${server.port}`;
  const args = ['rotate', '--new-key-id', kid, '--registry', registry];
  const child = spawn(process.execPath, [resolve('test/process/run-main.ts'), ...args], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', SECRETREG_TOKEN: 'a-token' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { server, registry, child, said, stop };
}
