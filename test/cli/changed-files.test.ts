// What Git tells of a checkout that somebody else made: nothing is run that its files name, and no link goes unseen.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changedSince } from '../../src/cli/changed-files.ts';
import type { InputFile } from '../../src/cli/input-files.ts';

const started = process.cwd();
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secretreg-changed-'));
  process.chdir(folder);
  git('init', '-q', '-b', 'main');
  mkdirSync('connectors');
  for (const name of ['good', 'bad']) writeFileSync(`${name}.json`, name);
  symlinkSync('../good.json', 'connectors/link.json');
  git('add', '.');
  commit();
});

afterEach(() => {
  process.chdir(started);
  rmSync(folder, { recursive: true });
});

test('a link that leads elsewhere has changed, and one whose file has', async () => {
  expect(await changed('connectors/link.json', 'bad.json')).toEqual([]);
  writeFileSync('good.json', 'other');
  expect(await changed('connectors/link.json', 'bad.json')).toEqual(['connectors/link.json']);
  git('checkout', '-q', 'good.json');
  rmSync('connectors/link.json');
  symlinkSync('../bad.json', 'connectors/link.json');
  expect(await changed('connectors/link.json', 'bad.json')).toEqual(['connectors/link.json']);
});

test('no program is run that watches for changes', async () => {
  git('config', 'core.fsmonitor', program());
  await changed('good.json');
  expect(existsSync('ran')).toBe(false);
});

test('no settings count of a repository among the files of the checkout', async () => {
  const run = program();
  writeFileSync('good.json', 'other');
  git('clone', '-q', '--bare', '.', 'inner');
  git('-C', 'inner', 'config', 'core.bare', 'false');
  git('-C', 'inner', 'config', 'core.worktree', folder);
  git('-C', 'inner', 'config', 'filter.x.clean', run);
  writeFileSync('.gitattributes', '*.json filter=x\n');
  process.chdir('inner');
  await expect(changed('../good.json')).rejects.toMatchObject({ code: 'changes-unknown' });
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});

test('all files of a submodule have changed where it stands at another commit', async () => {
  const file = 'modules/sub/deep/a.json';
  addSubmodule();
  expect(await changed(file, 'good.json')).toEqual([]);
  git('-C', 'modules/sub', ...AS_A, 'commit', '-qm', 'two', '--allow-empty');
  expect(await changed(file, 'good.json', 'modules/other.json')).toEqual([file]);
  git('config', '-f', '.gitmodules', 'submodule.modules/sub.ignore', 'all');
  expect(await changed(file)).toEqual([file]);
  git('add', '-f', 'modules/sub');
  commit();
  git('checkout', '-qb', 'feature', 'main~1', '--recurse-submodules');
  expect(await changed(file)).toEqual([]);
});

test('so have those of a submodule in which something changed, and of one that is new', async () => {
  const file = 'modules/sub/deep/a.json';
  addSubmodule();
  writeFileSync(file, 'other');
  expect(await changed(file, 'good.json')).toEqual([file]);
  git('-C', 'modules/sub', 'checkout', '-q', '.');
  git('checkout', '-qb', 'feature');
  git('branch', '-qf', 'main', 'main~1');
  expect(await changed(file, 'good.json')).toEqual([file]);
});

test('so have those of another repository that was not added', async () => {
  repository('nested');
  expect(await changed('nested/deep/a.json', 'good.json')).toEqual(['nested/deep/a.json']);
});

/** A submodule in a folder, as main has it. */
function addSubmodule(): void {
  repository('origin');
  writeFileSync('.gitignore', 'origin\n');
  mkdirSync('modules');
  writeFileSync('modules/other.json', '{}');
  git('add', '.');
  git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', './origin', 'modules/sub');
  commit();
}

function repository(name: string): void {
  mkdirSync(join(name, 'deep'), { recursive: true });
  writeFileSync(join(name, 'deep/a.json'), '{}');
  git('init', '-q', '-b', 'main', name);
  git('-C', name, 'add', '.');
  git('-C', name, ...AS_A, 'commit', '-qm', 'one');
}

async function changed(...files: string[]): Promise<string[]> {
  const read = async () => '';
  const inputs = files.map((file): InputFile => ({ file, found: true, read }));
  return (await changedSince('main', inputs)).map(({ file }) => file);
}

function program(): string {
  const file = join(folder, 'program');
  writeFileSync(file, `#!/bin/sh\ntouch '${join(folder, 'ran')}'\ncat\n`);
  chmodSync(file, 0o755);
  return file;
}

function commit(): void {
  git(...AS_A, 'commit', '-qm', 'one');
}

const AS_A = ['-c', 'user.name=a', '-c', 'user.email=a@example'];

function git(...args: string[]): void {
  execFileSync('git', args, { stdio: 'pipe' });
}
