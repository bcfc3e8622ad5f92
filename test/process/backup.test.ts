// `backup` beside others: each copy is the registry as it was at one moment, and one that was killed leaves none, or a whole one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, watch } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommandLine } from './command-line.ts';
import { runningProcesses } from './running.ts';

const COPIES = 10;
const WRITERS = ['first', 'second'];

let shell: CommandLine;

beforeEach(async () => {
  shell = new CommandLine();
  expect((await shell.run(['init'])).end).toBe(0);
});
afterEach(() => shell.remove());
// Behind that hook, and so ended before it: hooks at the end run from the last one on.
const running = runningProcesses();

/** What it prints; it has to end well. */
async function told(...args: string[]): Promise<string> {
  const { end, stdout, stderr } = await shell.run(args, { input: 'made-up' });
  expect({ args, end, stderr }).toEqual({ args, end: 0, stderr: '' });
  return stdout;
}

async function lastVersion(key: string, registry: string[] = []): Promise<number> {
  const rows = JSON.parse(await told('list', 'orders', key, '-o', 'json', ...registry)) as {
    version: number;
  }[];
  return Math.max(...rows.map(({ version }) => version));
}

test(`each of ${COPIES} copies that are taken while two processes write is of one moment`, async () => {
  const acknowledged = new Map(WRITERS.map((key) => [key, 0]));
  const over = new AbortController();
  const write = async (key: string) => {
    while (!over.signal.aborted) {
      const [, , version] = (await told('put', 'orders', key, '-')).trim().split('\t');
      acknowledged.set(key, Number(version));
    }
  };
  for (const key of WRITERS) await told('put', 'orders', key, '-');
  const writers = WRITERS.map(write);
  const heads: string[] = [];
  for (let copy = 0; copy < COPIES; copy += 1) {
    const before = new Map(acknowledged);
    const file = `${copy}.db`;
    heads.push(/--head: (\S+)/.exec(await told('backup', file))?.[1] ?? '');
    for (const key of WRITERS) {
      const version = await lastVersion(key, ['--registry', `file:${file}`]);
      expect(version).toBeGreaterThanOrEqual(Math.max(before.get(key) ?? 0, 1));
      expect(version).toBeLessThanOrEqual(await lastVersion(key));
    }
    await told('audit', 'verify', '--registry', `file:${file}`);
  }
  over.abort();
  await Promise.all(writers);
  for (const head of heads) await told('audit', 'verify', '--head', head);
}, 180_000);

/** Killed at that change of a file beside the registry or in the folder of the copy. */
async function killedAt(change: number, folder: string): Promise<void> {
  const data = join(shell.home, '.local/share/secretreg');
  const child = spawn(
    process.execPath,
    [resolve('bin/secretreg.js'), 'backup', join(folder, 'copy.db')],
    {
      cwd: shell.home,
      env: { PATH: process.env['PATH'] ?? '', HOME: shell.home },
      stdio: 'ignore',
    },
  );
  running.add(child);
  let changes = 0;
  const watchers = [data, folder].map((place) =>
    watch(place, () => {
      changes += 1;
      if (changes === change) child.kill('SIGKILL');
    }),
  );
  await once(child, 'close');
  for (const watcher of watchers) watcher.close();
}

test.each([1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 18, 20])(
  'killed at change %i of a file it leaves no copy or a whole one',
  async (change) => {
    await told('put', 'orders', 'password', '-');
    const folder = join(shell.home, 'copies');
    mkdirSync(folder);
    await killedAt(change, folder);
    const file = join(folder, 'copy.db');
    if (existsSync(file)) await told('audit', 'verify', '--registry', `file:${file}`);
    await told('put', 'orders', 'password', '-');
    await told('audit', 'verify');
    await told('backup', join(folder, 'again.db'));
  },
);
