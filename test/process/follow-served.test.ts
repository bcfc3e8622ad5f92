// `audit --follow` of a server, each in a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ServerProcess } from '../http/server-process.ts';
import { CommandLine } from './command-line.ts';
import { runningProcesses } from './running.ts';
import { initServed } from './served-registry.ts';

let line: CommandLine;

beforeEach(() => {
  line = new CommandLine();
});
afterEach(() => line.remove());
const running = runningProcesses();

test('it tells of what is asked of the server and beside it, and ends with the server, which does not wait for it', async () => {
  const token = await initServed(line, join(line.home, 'registry.db'));
  const server = await ServerProcess.start(line.home, [], running);
  const remote = {
    SECRETREG_REGISTRY: server.url,
    SECRETREG_TOKEN_FILE: line.file('token', `${token}\n`),
  };
  const child = spawn(
    process.execPath,
    [resolve('bin/secretreg.js'), 'audit', '--follow', '--path', 'orders'],
    {
      cwd: line.home,
      env: { PATH: process.env['PATH'] ?? '', HOME: line.home, ...remote },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  running.add(child);
  const told = text(child.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value?.split('\t').slice(1).join(' ');
  expect(await next()).toBe('User:admin audit.Read secret=orders ok');
  await line.run(['put', 'orders', 'password', '-'], { input: 'one', env: remote });
  expect(await next()).toBe('User:admin secret.Write secret=orders/key=password/version=1 ok');
  const local = {
    SECRETREG_REGISTRY: `file:${join(line.home, 'registry.db')}`,
    SECRETREG_MASTER_KEY_FILE: join(line.home, 'master.key'),
  };
  await line.run(['get', 'orders', 'nothing'], { env: local });
  expect(await next()).toMatch(/^User:\S+ secret\.Read secret=orders\/key=nothing key-not-found$/);
  const ended = once(child, 'close');
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(await ended).toEqual([3, null]);
  expect(await told).toContain('it has ended what it was telling, as when it stops');
});
