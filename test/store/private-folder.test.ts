// Folders that are made for a file: who enters them, and what is said where none can be made.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { makePrivateFolder } from '../../src/store/private-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'secretreg-folder-'));
afterAll(() => rmSync(folder, { recursive: true }));

const mode = (of: string) => (statSync(of).mode & 0o777).toString(8);

test('it is made with those above it, and its owner alone enters them', () => {
  makePrivateFolder(join(folder, 'a', 'b'));
  expect([mode(join(folder, 'a')), mode(join(folder, 'a', 'b'))]).toEqual(['700', '700']);
});

test('one that is there keeps its mode, also behind a link', () => {
  mkdirSync(join(folder, 'wide'), { mode: 0o755 });
  symlinkSync(join(folder, 'wide'), join(folder, 'link'));
  makePrivateFolder(join(folder, 'wide'));
  makePrivateFolder(join(folder, 'link'));
  expect(mode(join(folder, 'wide'))).toBe('755');
});

test.each([
  ['a file in its place', 'file', 'EEXIST'],
  ['a file above it', 'file/below', 'ENOTDIR'],
  ['a link to nowhere in its place', 'dangling', 'EEXIST'],
])('%s is refused', (_, below, code) => {
  writeFileSync(join(folder, 'file'), '');
  rmSync(join(folder, 'dangling'), { force: true });
  symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
  expect(() => makePrivateFolder(join(folder, below))).toThrow(expect.objectContaining({ code }));
});

// In a process that is ended where it does not end by itself.
test.runIf(process.platform === 'linux')('where none can be made it does not ask for ever', () => {
  const module = pathToFileURL('src/store/private-folder.ts').href;
  const code = `const { makePrivateFolder } = await import('${module}'); try { makePrivateFolder('/proc/none/below') } catch ({ code }) { console.log(code) }`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(stdout).toBe('ENOENT\n');
});
