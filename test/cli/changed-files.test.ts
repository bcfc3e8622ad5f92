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
  git('-c', 'user.name=a', '-c', 'user.email=a@example', 'commit', '-qm', 'one');
}

function git(...args: string[]): void {
  execFileSync('git', args, { stdio: 'pipe' });
}
