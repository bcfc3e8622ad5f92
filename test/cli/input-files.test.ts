// What stands in a checkout that is no file must not stop a run for ever.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { inputFiles } from '../../src/cli/input-files.ts';
import type { Io } from '../../src/cli/io.ts';

const folder = mkdtempSync(join(tmpdir(), 'secretreg-input-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['a folder', folder],
  ['a pattern', join(folder, '*.json')],
])('a link to a device and a pipe, found by %s, are told and not read', async (_what, name) => {
  rmSync(join(folder, 'pipe.json'), { force: true });
  rmSync(join(folder, 'zero.json'), { force: true });
  execFileSync('mkfifo', [join(folder, 'pipe.json')]);
  symlinkSync('/dev/zero', join(folder, 'zero.json'));
  writeFileSync(join(folder, 'a.json'), '{}');
  const read = await Promise.allSettled(inputFiles({} as Io, [name]).map((input) => input.read()));
  const told = { status: 'rejected', reason: { code: 'file-unreadable' } };
  expect(read).toMatchObject([{ status: 'fulfilled', value: '{}' }, told, told]);
});
