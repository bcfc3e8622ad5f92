// `audit --follow` in a process of its own, while others work on the registry.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommandLine } from './command-line.ts';

let line: CommandLine;

beforeEach(async () => {
  line = new CommandLine();
  await line.run(['init']);
});
afterEach(() => line.remove());

function follow(...args: string[]) {
  const child = spawn(
    process.execPath,
    [resolve('bin/secretreg.js'), 'audit', '--follow', ...args],
    {
      cwd: line.home,
      env: { PATH: process.env['PATH'] ?? '', HOME: line.home },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, next: async () => (await lines.next()).value };
}

test('it shows what there is, then each request as it comes, its own one once, and ends with Ctrl-C', async () => {
  const { child, next } = follow();
  const shown = async () => (await next())?.split('\t').slice(2).join(' ');
  expect(await shown()).toBe('registry.Init  ok');
  expect(await shown()).toBe('audit.Read  ok');
  await line.run(['put', 'orders', 'password', '-'], { input: 'hunter2' });
  expect(await shown()).toBe('secret.Write secret=orders/key=password/version=1 ok');
  await line.run(['get', 'orders', 'nothing']);
  expect(await shown()).toBe('secret.Read secret=orders/key=nothing key-not-found');
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([130, null]);
});

test('it keeps to its filter, as JSON lines, and ends when its reader does', async () => {
  await line.run(['put', 'orders', 'password', '-'], { input: 'one' });
  const { child, next } = follow('--path', 'other', '-o', 'jsonl');
  expect(JSON.parse((await next()) ?? '')).toMatchObject({ data: { methodName: 'audit.Read' } });
  await line.run(['put', 'orders', 'password', '-'], { input: 'two' });
  await line.run(['put', 'other', 'password', '-'], { input: 'three' });
  expect(JSON.parse((await next()) ?? '')).toMatchObject({
    subject: expect.stringMatching(/secret=other\/key=password\/version=1$/),
    applied: true,
  });
  child.stdout.destroy();
  await line.run(['delete', 'other', '--yes']);
  expect(await once(child, 'close')).toEqual([141, null]);
});

test('a trail that is forged while it is followed ends it with the line', async () => {
  const { child, next } = follow();
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await next();
  await next();
  await line.run(['list']);
  await next();
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(resolve(line.home, '.local/share/secretreg/registry.db'));
  database.exec(
    "INSERT INTO audit (line) SELECT replace(line, 'List', 'Read') FROM audit WHERE position = 3",
  );
  database.close();
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(stderr).toMatch(/^secretreg: the audit trail does not fit at line 4: it was changed/);
});
