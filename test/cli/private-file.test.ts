// Whose files may be read by a group.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { privateKeyText, privateText } from '../../src/cli/private-file.ts';
import { SecretregError } from '../../src/errors.ts';

const isRoot = process.geteuid?.() === 0;

test.runIf(isRoot).each([
  ['root', 0o400, 'read'],
  ['root', 0o440, 'mode 0440'],
  ['another', 0o440, 'read'],
  ['another', 0o640, 'read'],
  ['another', 0o444, 'mode 0444'],
  ['another', 0o660, 'mode 0660'],
] as const)("root's key for TLS, as %s reads it, with mode %o", (who, mode, outcome) => {
  const file = fileOf(mode);
  readAs(who === 'root' ? 0 : 1000);
  expect(outcomeOf(() => privateKeyText(file, 'the key file'))).toContain(outcome);
});

test.runIf(isRoot)('other secrets of root are not for a group', () => {
  const file = fileOf(0o440);
  readAs(1000);
  expect(outcomeOf(() => privateText(file, 'the token file'))).toContain('mode 0440');
});

function fileOf(mode: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'secretreg-private-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'tls.key');
  writeFileSync(file, 'read');
  chmodSync(file, mode);
  return file;
}

function readAs(uid: number): void {
  const spy = vi.spyOn(process as { geteuid: () => number }, 'geteuid').mockReturnValue(uid);
  onTestFinished(() => spy.mockRestore());
}

function outcomeOf(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (error instanceof SecretregError) return error.message;
    throw error;
  }
}
