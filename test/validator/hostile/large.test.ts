// In a process that may not have more memory, and is ended where it hangs: each text says how much of the processor's time it took.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const CHILD = join(import.meta.dirname, 'large-child.ts');
/** A tenth of this on a quiet machine, and for most of them a hundredth. */
const LONGEST_MS = 10_000;
/** One of so many texts is looked at, unless all are asked for. */
const STEP = process.env['SECRETREG_TEST_SIZE'] === 'release' ? 1 : 41;
const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? Date.now() % 1_000_000);

function looked(...args: readonly number[]): string[] {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['--max-old-space-size=1000', CHILD, ...args.map(String)],
    { encoding: 'utf8', timeout: STEP === 1 ? 1_800_000 : 240_000, maxBuffer: 2 ** 28 },
  );
  expect([status, signal, stdout.split('\n').at(-2), stderr.slice(-1000)]).toEqual([
    0,
    null,
    expect.any(String),
    '',
  ]);
  return stdout.split('\n').filter((line) => line !== '');
}

test('a mebibyte of the same ends soon', { timeout: 3_600_000 }, () => {
  console.log(`SECRETREG_TEST_SEED=${SEED}`);
  const lines = looked(SEED % STEP, STEP);
  expect(lines.length).toBeGreaterThan(15);
  expect(lines.filter((line) => Number.parseInt(line, 10) > LONGEST_MS)).toEqual([]);
});

test('what grows while it is read ends soon', { timeout: 600_000 }, () => {
  const lines = looked(-1, 1);
  expect(lines).toHaveLength(22);
  expect(lines.filter((line) => Number.parseInt(line, 10) > LONGEST_MS)).toEqual([]);
});
