// The runs that are too long for each change: `npm run test:release [part…]`. Each part is kept under `.release/<commit>` when
// it ends, its log beside it; one that passed on this commit is not run again, so a run that was interrupted goes on.
import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

interface Part {
  what: string;
  tests: readonly string[];
  env: Record<string, string>;
}

const RELEASE = { SECRETREG_TEST_SIZE: 'release' };

/** By the letters of docs/testing.md. */
const PARTS: Readonly<Record<string, Part>> = {
  P: {
    what: '1,000,000 mutations of sealed values and of MACs',
    tests: ['test/crypto/seal-mutations.test.ts', 'test/crypto/record-mac.test.ts'],
    env: { RUNS: '1000000' },
  },
  K: {
    what: '1,000 kills of writers of a file',
    tests: ['test/process/sqlite-kill.test.ts'],
    env: { SECRETREG_TEST_KILLS: '1000' },
  },
  S: {
    what: '600 calls of the system that fail',
    tests: ['test/process/system-calls.test.ts', 'test/process/serve-system-calls.test.ts'],
    env: { SECRETREG_TEST_POINTS: '600' },
  },
  store: {
    what: 'calls of each engine that fail, in 3,000 sequences',
    tests: ['test/store/faulty-stores.test.ts'],
    env: RELEASE,
  },
  B: {
    what: '200 kills of a broker',
    tests: ['test/kafka/processes.test.ts', 'test/kafka/lost-marker.test.ts'],
    env: { SECRETREG_TEST_KILLS: '200' },
  },
  epochs: {
    what: 'more claims than a transactional id has epochs',
    tests: ['test/kafka/epochs.test.ts'],
    env: RELEASE,
  },
  R: {
    what: '200 kills of a change of the master key, on each store',
    tests: ['test/process/rotation-kill.test.ts', 'test/kafka/rotation.test.ts'],
    env: { SECRETREG_TEST_KILLS: '200' },
  },
  M: {
    what: '10,000 sequences against a map',
    tests: ['test/registry/model', 'test/kafka/model.test.ts'],
    env: RELEASE,
  },
  L: {
    what: '200 histories of several processes, on each store',
    tests: ['test/process/histories'],
    env: RELEASE,
  },
  X: {
    what: '1,000,000 damaged files, batches and requests, and every large file',
    tests: [
      'test/validator/hostile',
      'test/store/kafka-batches.test.ts',
      'test/http/hostile-random.test.ts',
    ],
    env: { ...RELEASE, SECRETREG_TEST_HOSTILE: '1000000', SECRETREG_TEST_RUNS: '1000000' },
  },
  W: {
    what: 'a registry that hangs for a minute under workers of Connect 3 and 4',
    tests: ['test/connect/worker-3.test.ts', 'test/connect/worker-4.test.ts'],
    env: RELEASE,
  },
  O: {
    what: 'half an hour of mixed load on servers that come and go, and five minutes on one: memory and descriptors flat',
    tests: ['test/process/soak.test.ts', 'test/process/serve-memory.test.ts'],
    env: { ...RELEASE, SECRETREG_TEST_SOAK: 'yes' },
  },
};

interface Result {
  passed: number;
  failed: number;
  skipped: number;
  seconds: number;
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  console.error(
    `no part is called '${unknown.join("', '")}'; there are ${Object.keys(PARTS).join(', ')}`,
  );
  process.exit(2);
}
if (git('status', '--porcelain') !== '') {
  console.error(
    'there are changes that are not committed: the results would be those of no commit',
  );
  process.exit(2);
}
const folder = join('.release', git('rev-parse', '--short=12', 'HEAD'));
mkdirSync(folder, { recursive: true });

const total = { passed: 0, failed: 0, skipped: 0 };
for (const [name, part] of Object.entries(PARTS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const kept = keptResult(name);
  const result = kept ?? (await run(name, part));
  for (const end of ['passed', 'failed', 'skipped'] as const) total[end] += result[end];
  const { passed, failed, seconds } = result;
  const again = kept === undefined ? '' : ', kept from before';
  console.log(`${name}: ${part.what}: ${passed} passed, ${failed} failed, ${seconds} s${again}`);
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** Of a part that passed. */
function keptResult(name: string): Result | undefined {
  const file = join(folder, `${name}.json`);
  if (!existsSync(file)) return undefined;
  const result = JSON.parse(readFileSync(file, 'utf8')) as Result;
  return result.failed === 0 ? result : undefined;
}

async function run(name: string, { what, tests, env }: Part): Promise<Result> {
  console.log(`${name}: ${what} …`);
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', ...tests, '--testTimeout=86400000'],
    { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const log = join(folder, `${name}.log`);
  await pipeline(child.stdout, createWriteStream(log));
  const result = { ...countsIn(readFileSync(log, 'utf8')), seconds: secondsSince(begun) };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

/** A run without its last line counted nothing, and has failed. */
function countsIn(log: string): Omit<Result, 'seconds'> {
  const last = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m.exec(log);
  if (last === null) return { passed: 0, failed: 1, skipped: 0 };
  const [passed = 0, failed = 0, skipped = 0] = last.slice(1).map(Number);
  return { passed, failed: passed === 0 ? failed + 1 : failed, skipped };
}

function secondsSince(begun: number): number {
  return Math.round((performance.now() - begun) / 1000);
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' }).trim();
}
