// Row R of quality.md: a change of the master key is killed at each of its steps and at random moments. After each kill
// neither key alone serves what it should not, the same command finishes, and every value is there under the new key.
import { copyFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { registryFolder } from '../store/sqlite-folder.ts';
import { DONE, keysFor, NOT_BEGUN, startScript, UNDER_WAY } from './rotation-process.ts';
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
import { generator } from '../random.ts';
import { runningProcesses } from './running.ts';

const KILLS = Number(process.env['SECRETREG_TEST_KILLS'] ?? 40);
const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? Date.now() % 1_000_000);
/** Two commits, those that 1,800 records need in batches of 256, and the removal of residue. */
const STEPS = 11;
const LAST_COMMIT = STEPS - 1;

const template = registryFolder();
let content: Record<string, unknown>;
let folder: ReturnType<typeof registryFolder>;

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
afterEach(() => folder.remove());
// Behind that hook, and so ended before it: hooks at the end run from the last one on.
const running = runningProcesses();

function start(script: string, ...args: string[]) {
  return startScript(running, script, folder.file, ...args);
}

/** What has to hold after a kill, and after the same change was asked for again. */
async function expectRecovery(allowed: readonly (typeof DONE)[]): Promise<void> {
  const now = await startUp(folder.file);
  expect(allowed).toContainEqual(now);
  expect(await contentUnder(folder.file, keysFor(now))).toMatchObject(content);
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
    expect(lines).toEqual(
      steps.map((step) => (step <= LAST_COMMIT ? 'commit to the store' : 'clean the store')),
    );
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
