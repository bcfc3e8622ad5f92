// A change of the master key that a server has begun goes on, whoever waits for it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FalseServer, json } from './false-server.ts';

test('Ctrl-C while a server changes its master key says that the server goes on', async () => {
  const server = await FalseServer.start([
    json({ kid: 'f0', done: 1, total: 2, state: 'running' }),
  ]);
  onTestFinished(() => server.stop());
  const registry = `http://localhost:${server.port}`;
  const args = ['rotate', '--new-key-id', 'f0', '--registry', registry];
  const child = spawn(process.execPath, [resolve('test/process/run-main.ts'), ...args], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', SECRETREG_TOKEN: 'a-token' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
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
