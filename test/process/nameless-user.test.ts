// A user whom /etc/passwd does not know, as a container has one on OpenShift or with `docker run --user 12345`.
import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CommandLine, type RunOptions } from './command-line.ts';

/** What os.userInfo() does for such a user. Only root becomes one; whoever else runs the tests has a name, and stays who they are. */
const WITHOUT_NAMES = `import os from 'node:os';
import { syncBuiltinESMExports } from 'node:module';
os.userInfo = () => { throw Object.assign(new Error('no entry'), { code: 'ERR_SYSTEM_ERROR' }); };
syncBuiltinESMExports();`;

const own = process.getuid?.() ?? 0;
const uid = own === 0 ? 12_345 : own;
const asNameless: RunOptions =
  own === 0
    ? { uid }
    : {
        env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(WITHOUT_NAMES)}` },
      };

const shell = new CommandLine();
const secretreg = (args: readonly string[], input = '') =>
  shell.run(args, { ...asNameless, input });

beforeAll(() => {
  if (own === 0) chownSync(shell.home, uid, uid);
});
afterAll(() => shell.remove());

test('they make a registry and store a secret in it', async () => {
  const made = await secretreg(['init']);
  expect(made).toMatchObject({ end: 0, stderr: '' });
  const stored = await secretreg(['put', 'orders', 'password', '-'], 'hunter2hunter2');
  expect(stored).toMatchObject({ end: 0, stderr: '' });
});

test('the audit trail names them by their number', async () => {
  const { stdout } = await secretreg(['audit', '-o', 'jsonl']);
  expect(stdout).toContain('registry.Init');
  const principals = [...stdout.matchAll(/"User:[^"]*"/g)].map(([name]) => name);
  expect(new Set(principals)).toEqual(new Set([`"User:${uid}"`]));
});

test.each([
  'audit verify',
  'doctor',
  'rotate --status',
  'run --path orders --files -- true',
  'run --path orders --files-in . -- true',
])('they may use %s', async (line) => {
  const ended = await secretreg(line.split(' '));
  expect([ended.end, ended.stderr]).toEqual([0, '']);
});

test('a folder of theirs for files of the session holds the values', async () => {
  const env = { ...asNameless.env, XDG_RUNTIME_DIR: shell.home };
  const args = ['run', '--path', 'orders', '--files', '--', 'printenv', 'PASSWORD_FILE'];
  const { end, stdout } = await shell.run(args, { ...asNameless, env });
  expect(end).toBe(0);
  expect(stdout.startsWith(`${shell.home}/`)).toBe(true);
});

test('they have values rendered into a folder of their own', async () => {
  const config = { 'connection.password': '${secret:orders:password}' };
  const file = shell.file('orders.json', JSON.stringify({ name: 'orders', config }));
  if (own === 0) chownSync(file, uid, uid);
  const rendered = await secretreg(['render', 'orders.json', '--to', 'directory:values']);
  expect(rendered).toMatchObject({ end: 0 });
});

test('a file of theirs that is closed to writing they can open again', async () => {
  const registry = join(shell.home, '.local/share/secretreg/registry.db');
  chmodSync(registry, 0o400);
  const list = await secretreg(['list']);
  chmodSync(registry, 0o600);
  expect(list).toMatchObject({ end: 3 });
  expect(list.stderr).toContain(`hint: chmod u+w ${registry}\n`);
});
