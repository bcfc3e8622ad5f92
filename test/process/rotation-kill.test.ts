// Row R of quality.md: a change of the master key is killed at each of its steps and at random moments. After each kill
// neither key alone serves what it should not, the same command finishes, and every value is there under the new key.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { registryFolder } from '../store/sqlite-folder.ts';
import {
  bytesOf,
  contentUnder,
  KID_NEW,
  KID_OLD,
  makeRegistry,
  NEW,
  OLD,
  sealedUnderKid,
  startUp,
  withRotation,
} from './rotation-registry.ts';

const KILLS = Number(process.env['SECRETREG_TEST_KILLS'] ?? 40);
const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? Date.now() % 1_000_000);
/** Two commits, those that 1,800 records need in batches of 256, and the removal of residue. */
const STEPS = 11;
const LAST_COMMIT = STEPS - 1;

const template = registryFolder();
let content: Record<string, unknown>;
let folder: ReturnType<typeof registryFolder>;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  await makeRegistry(template.file);
  const { kids: _, ...rest } = await contentUnder(template.file, { key: OLD });
  content = rest;
});
afterAll(() => template.remove());
beforeEach(() => {
  folder = registryFolder();
  copyFileSync(template.file, folder.file);
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  folder.remove();
});

function start(script: string, ...args: string[]) {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [file, folder.file, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.add(child);
  const lines: string[] = [];
  let wake = () => {};
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    wake();
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    wake();
    return (code ?? signal) as number | string;
  });
  const reached = async (count: number) => {
    while (lines.length < count && running.has(child))
      await new Promise<void>((resolve) => (wake = resolve));
  };
  return { child, lines, ended, reached };
}

const NOT_BEGUN = { old: 'no error', new: 'wrong-master-key' };
const UNDER_WAY = { old: 'master-key-retiring', new: 'rotation-unfinished' };
const DONE = { old: 'wrong-master-key', new: 'no error' };

/** What has to hold after a kill, and after the same change was asked for again. */
async function expectRecovery(allowed: readonly (typeof DONE)[]): Promise<void> {
  const now = await startUp(folder.file);
  expect(allowed).toContainEqual(now);
  const keys =
    now.new === 'wrong-master-key'
      ? { key: OLD }
      : { key: NEW, ...(now.new !== 'no error' && { oldKey: OLD }) };
  expect(await contentUnder(folder.file, keys)).toMatchObject(content);
  const residue = await withRotation(
    new SqliteStore({ file: folder.file }),
    async (rotation) => (await rotation.run()).residue,
  );
  expect(residue).toEqual({ gone: true, text: '' });
  await expectDone();
}

async function expectDone(): Promise<void> {
  expect((await startUp(folder.file)).old).toBe('wrong-master-key');
  const kids = { [KID_OLD]: 'retired', [KID_NEW]: 'active, in use' };
  expect(await contentUnder(folder.file, { key: NEW })).toEqual({ ...content, kids });
  // The one value that stays under the old key is the check value of its descriptor: 32 zeros.
  expect(sealedUnderKid(bytesOf(folder.file), KID_OLD)).toBe(1);
}

describe('a change of the master key that is killed', () => {
  const steps = Array.from({ length: STEPS }, (_, i) => i + 1);

  test('has the steps that the rows below name', async () => {
    const { lines, ended } = start('rotation-child.ts');
    expect(await ended).toBe(0);
    expect(lines.map(Number)).toEqual(steps);
    await expectDone();
  });

  test.each(steps.flatMap((step) => [['before', step] as const, ['after', step] as const]))(
    'right %s step %i',
    async (when, step) => {
      expect(await start('rotation-child.ts', when, String(step)).ended).toBe('SIGKILL');
      const committed = when === 'after' ? step : step - 1;
      await expectRecovery([
        committed === 0 ? NOT_BEGUN : committed < LAST_COMMIT ? UNDER_WAY : DONE,
      ]);
    },
  );

  const random = generator(SEED);
  const moment = () => ({
    step: Math.floor(random() * (STEPS + 1)),
    ms: Math.round(random() * 60) / 2,
  });
  const pairs = Array.from(
    { length: Math.max(0, Math.ceil((KILLS - 2 * STEPS) / 2)) },
    (_, i) => i + 1,
  );

  test.each(pairs)(`twice, at random moments: pair %i (seed ${SEED})`, async () => {
    for (let landed = 0; landed < 2; ) {
      const { step, ms } = moment();
      const { child, ended, reached } = start('rotation-child.ts');
      await reached(step);
      await delay(ms);
      child.kill('SIGKILL');
      const end = await ended;
      if (end === 'SIGKILL') landed += 1;
      else {
        // It had come to its end before: that was no kill, and the pair begins anew.
        expect(end).toBe(0);
        copyFileSync(template.file, folder.file);
        landed = 0;
      }
    }
    await expectRecovery([NOT_BEGUN, UNDER_WAY, DONE]);
  });
});

test('another process that writes meanwhile, and has both keys, loses no acknowledged write', async () => {
  const writer = start('rotation-writer.ts');
  await writer.reached(3);
  for (const step of [1, 2, 4]) {
    const already = writer.lines.length;
    expect(await start('rotation-child.ts', 'after', String(step)).ended).toBe('SIGKILL');
    await writer.reached(already + 3);
  }
  const already = writer.lines.length;
  expect(await start('rotation-child.ts').ended).toBe(0);
  await writer.reached(already + 3);
  writer.child.stdin.end();
  expect(await writer.ended).toBe(0);

  const after = await contentUnder(folder.file, { key: NEW });
  const acknowledged = writer.lines.map((line) => /^(\d+) (.*)$/.exec(line)?.slice(1) ?? []);
  expect(acknowledged.map(([version]) => Number(version))).toEqual(
    acknowledged.map((_, i) => i + 1),
  );
  for (const [version, value] of acknowledged) {
    expect(after[`live:counter ${version}`]).toMatchObject({ value, state: 'enabled' });
  }
  expect(after['live:counter']).toBe(acknowledged.length);
  expect(after).toMatchObject(content);
});

/** mulberry32: the same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
