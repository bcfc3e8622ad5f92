// Row K of quality.md: processes are killed at random moments while they write one registry. What they had
// acknowledged is there, nothing is corrupt, and nobody waits for a lock of the dead.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { allOf, fold } from '../contract/store.contract.ts';
import type { StoredRecord } from '../../src/store/store.ts';
import { generator } from '../random.ts';
import { registryFolder } from '../store/sqlite-folder.ts';
import { runningProcesses } from './running.ts';

const KILLS = Number(process.env.SECRETREG_TEST_KILLS ?? 60);
/** A registry is read as a whole again and again, so that many kills are of several registries. */
const MOST_OF_ONE = 60;
const SEED = Number(process.env.SECRETREG_TEST_SEED ?? Date.now() % 1_000_000);
const WRITER = fileURLToPath(new URL('sqlite-writer.ts', import.meta.url));

let folder: ReturnType<typeof registryFolder>;

beforeEach(() => {
  folder = registryFolder();
});
afterEach(() => folder.remove());
// Behind that hook, and so ended before it: hooks at the end run from the last one on.
const running = runningProcesses();

interface Writer {
  child: ChildProcess;
  acknowledged: string[];
  /** Resolves once so many lines have been acknowledged. */
  reached(lines: number): Promise<void>;
  ended: Promise<number | null>;
}

function start(name: string, count?: number): Writer {
  const args = [WRITER, folder.file, name, ...(count === undefined ? [] : [String(count)])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  const acknowledged: string[] = [];
  let wake: (() => void) | undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    acknowledged.push(line);
    wake?.();
  });
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    wake?.();
    return code as number | null;
  });
  const reached = async (lines: number) => {
    while (acknowledged.length < lines && running.has(child)) {
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { child, acknowledged, reached, ended };
}

const registries = Array.from({ length: Math.ceil(KILLS / MOST_OF_ONE) }, (_, i) => ({
  kills: Math.min(MOST_OF_ONE, KILLS - i * MOST_OF_ONE),
  seed: SEED + i,
}));

it.each(registries)(
  '$kills kills of two writers lose nothing that was acknowledged (seed $seed)',
  ({ kills, seed }) => survive(kills, seed),
);

async function survive(kills: number, seed: number): Promise<void> {
  console.log(`SECRETREG_TEST_SEED=${seed}`);
  const random = generator(seed);
  const acknowledged: string[] = [];
  const writers = [start('first'), start('second')];
  let ofThird = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    const slot = random() < 0.5 ? 0 : 1;
    const writer = writers[slot]!;
    // Sometimes while it starts, mostly while it writes.
    if (random() < 0.2) await delay(random() * 150);
    else await writer.reached(Math.floor(random() * 20)).then(() => delay(random() * 8));
    writer.child.kill('SIGKILL');
    expect(await writer.ended).toBeNull();
    acknowledged.push(...writer.acknowledged);
    writers[slot] = start(slot === 0 ? 'first' : 'second');
    if (kill % 6 === 0) {
      const third = start('third', 2);
      expect(await third.ended).toBe(0);
      acknowledged.push(...third.acknowledged);
      ofThird += third.acknowledged.length;
      await check(acknowledged, 'others are writing');
    }
  }
  for (const { child, ended, acknowledged: lines } of writers) {
    child.kill('SIGKILL');
    await ended;
    acknowledged.push(...lines);
  }
  const { versions } = await check(acknowledged, 'nobody is writing');
  expect(ofThird).toBe(Math.floor(kills / 6) * 3);
  expect(versions).toBeGreaterThanOrEqual(kills);
}

/** Opens the registry and holds everything acknowledged against it. */
async function check(
  acknowledged: readonly string[],
  meanwhile: 'others are writing' | 'nobody is writing',
): Promise<{ versions: number }> {
  const database = new DatabaseSync(folder.file, { timeout: 5000 });
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  database.close();

  const store = new SqliteStore({ file: folder.file });
  const seen: StoredRecord[] = [];
  await store.open((record) => seen.push(record));
  const state = fold(seen);
  const lines = await allOf(store.readAudit());
  // No lock of the dead is left.
  await store.transact(() => ({ attemptId: 'none', n: undefined, records: [], audit: [] }));
  await store.close();

  const versions = Object.keys(state)
    .filter((key) => key.startsWith('["secret"'))
    .map((key) => (JSON.parse(key) as [string, string, string, number])[3])
    .sort((a, b) => a - b);
  expect(versions).toEqual(Array.from({ length: versions.length }, (_, i) => i + 1));
  expect(state['["key","p","k"]']).toBe(String(versions.length));

  expect(lines.map(({ position }) => position)).toEqual(lines.map((_, i) => i + 1));
  expect(lines.map(({ line }) => Number.parseInt(line, 10))).toEqual(lines.map((_, i) => i + 1));
  const written = lines.filter(({ line }) => line.includes(' version '));
  expect(written.map(({ line }) => Number(line.split(' ')[2]))).toEqual(
    written.map((_, i) => i + 1),
  );
  // The lines were read a moment after the records.
  if (meanwhile === 'nobody is writing') expect(written).toHaveLength(versions.length);
  else expect(written.length).toBeGreaterThanOrEqual(versions.length);

  const there = new Set(lines.map(({ line }) => `line ${line}`));
  for (const one of acknowledged) {
    const [kind, version, name] = one.split(' ');
    if (kind === 'version') expect(state[`["secret","p","k",${version}]`], one).toBe(name);
    else expect(there.has(one), one).toBe(true);
  }
  return { versions: versions.length };
}
