// A registry that its user may not write: every command says so before SQLite opens it, and leaves nothing beside it.
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CommandLine } from './command-line.ts';

/** Without what lets root pass over modes. */
const asUser =
  process.getuid?.() === 0 &&
  (spawnSync('setpriv', ['--version']).status === 0 || process.env['CI'])
    ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--']
    : [];
const isBound = process.getuid?.() !== 0 || asUser.length > 0;

const shell = new CommandLine();
const folder = join(shell.home, '.local/share/secretreg');
const file = join(folder, 'registry.db');
const secretreg = (...args: string[]) => shell.run(args, { through: asUser });

beforeAll(async () => {
  expect(await secretreg('init')).toMatchObject({ end: 0 });
});
afterAll(() => shell.remove());

const said = (reason: string, files: string) =>
  `the registry at file:${file} cannot be used: ${reason}; nothing was written@hint: chmod u+w ${files}`;

test.runIf(isBound).each([
  ['the file', [file], 0o444, 'this user may not write the file or its folder'],
  ['the folder', [folder], 0o500, 'this user may not write the file or its folder'],
  [
    'the files beside it',
    [`${file}-wal`, `${file}-shm`],
    0o444,
    'this user may not write registry.db-wal and registry.db-shm beside it',
  ],
] as const)('it may not write %s', async (_, closed, mode, reason) => {
  for (const one of closed) {
    if (one.endsWith('wal') || one.endsWith('shm')) writeFileSync(one, '');
    chmodSync(one, mode);
  }
  const before = readdirSync(folder);
  const text = said(reason, closed.join(' '));
  const list = await secretreg('list');
  expect(list).toMatchObject({ end: 3, stderr: `secretreg: ${text.replace('@', '\n')}\n` });
  const doctor = await secretreg('doctor');
  expect(doctor.stdout).toContain(`  fail  store-unavailable: ${text.replace('@', '; ')}\n`);
  expect(doctor.end).toBe(1);
  expect(readdirSync(folder)).toEqual(before);
  const [, hint = ''] = text.split('@hint: ');
  expect(spawnSync('sh', ['-c', hint]).status).toBe(0);
  expect(await secretreg('list')).toEqual({ end: 0, stdout: '', stderr: '' });
});
