// Plants each fault of test/faults in a copy of the source and runs the test that has to catch it:
// `node scripts/faults.ts [name…]`. The same tests pass without the fault. Exit code 1 where one is not caught.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Fault, faults as ours } from '../test/faults/faults.ts';
import { pluginFaults } from '../test/faults/plugin-faults.ts';

const faults = [...ours, ...pluginFaults];
const COPIED = [
  'action.yml',
  'bin',
  'ci',
  'src',
  'test',
  'fixtures',
  'docs',
  'scripts',
  'connect/README.md',
  'connect/pom.xml',
  'connect/src',
  'package.json',
  'tsconfig.json',
  'tsconfig.types.json',
  'vitest.config.ts',
];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !faults.some((fault) => fault.name === name));
const chosen = faults.filter(({ name }) => names.length === 0 || names.includes(name));
const lost = chosen.filter((fault) => countOf(fault) !== 1);
for (const name of unknown) console.error(`no fault is called '${name}'`);
for (const fault of lost)
  console.error(
    `${fault.name}: its text stands ${countOf(fault)} times in ${fault.file}, and should once`,
  );
if (unknown.length > 0 || lost.length > 0) process.exit(1);

const root = mkdtempSync(join(tmpdir(), 'secretreg-faults-'));
// Some tests run the program as another user.
chmodSync(root, 0o755);
try {
  const bad = await runAll();
  console.log(`\n${chosen.length - bad.length} of ${chosen.length} planted faults caught`);
  process.exitCode = bad.length === 0 ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}

/** Every fault, in as many copies at once as there are processors; answers those that are not caught. */
async function runAll(): Promise<Fault[]> {
  const bad: Fault[] = [];
  const jobs = [...Map.groupBy(chosen, ({ test }) => test)];
  const width = Math.max(...chosen.map(({ name }) => name.length));
  const testWidth = Math.max(...chosen.map(({ test }) => test.length));
  const tell = ({ name, test }: Fault, end: string) =>
    console.log(`${name.padEnd(width)}  ${test.padEnd(testWidth)}  ${end}`);
  const work = async (folder: string) => {
    copyTo(folder);
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const [test, planted] = job;
      const isBuilt = planted.some((fault) => fault.isBuilt);
      const { failed, reason } = await run(folder, test, isBuilt);
      for (const fault of planted) {
        const found =
          failed.length > 0 || reason !== undefined ? undefined : await plant(folder, fault);
        if (found === undefined)
          tell(fault, `NOT caught: the test fails without it (${reason ?? failed[0]})`);
        else
          tell(
            fault,
            found.failed[0] === undefined
              ? `NOT caught${found.reason ? `: ${found.reason}` : ''}`
              : `caught: ${found.failed[0]}`,
          );
        if (found?.failed[0] === undefined) bad.push(fault);
      }
    }
  };
  const lanes = Math.min(availableParallelism(), 4, jobs.length);
  await Promise.all(Array.from({ length: lanes }, (_, lane) => work(join(root, `copy-${lane}`))));
  return bad;
}

async function plant(folder: string, fault: Fault): Promise<Outcome> {
  const file = join(folder, fault.file);
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(fault.find, () => fault.replace),
  );
  try {
    return await run(folder, fault.test, fault.isBuilt);
  } finally {
    writeFileSync(file, text);
  }
}

interface Outcome {
  /** Titles of the tests that failed. A file that does not even load has none: that is no test that caught something. */
  failed: string[];
  reason: string | undefined;
}

async function run(folder: string, test: string, isBuilt = false): Promise<Outcome> {
  if (isBuilt) await ended(folder, ['scripts/build.ts']);
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs');
  const tests = test.endsWith('.md') ? ['test/scripts/pages.test.ts', '-t', test] : [test];
  const args = [vitest, 'run', ...tests, '--reporter=json', `--outputFile=${report}`];
  const env = {
    ...process.env,
    SECRETREG_TEST_KAFKA: resolve('.kafka'),
    SECRETREG_TEST_NODE_22: resolve('.node-22'),
    SECRETREG_TEST_GO_PROGRAMS: resolve('.go-programs'),
    SECRETREG_TEST_SOAK: 'yes',
  };
  await ended(folder, args, env);
  const { numTotalTests, testResults } = readReport(report);
  if (numTotalTests === 0)
    return { failed: [], reason: testResults[0]?.message?.split('\n')[0] ?? `${test} has no test` };
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed'),
  );
  const isOutside = failed.length === 0 && testResults.some(({ status }) => status === 'failed');
  return {
    failed: failed.map(({ fullName }) => fullName),
    reason: isOutside ? 'what stands around its tests failed, or had no time' : undefined,
  };
}

async function ended(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore' });
  await new Promise((resolve) => child.once('close', resolve));
}

interface Report {
  numTotalTests: number;
  testResults: {
    status: string;
    message?: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
}

function readReport(file: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return {
      numTotalTests: 0,
      testResults: [{ status: 'failed', message: 'vitest wrote no report', assertionResults: [] }],
    };
  }
}

/** The links are one level down: vitest keeps a cache in node_modules, which every copy needs for itself. */
function copyTo(folder: string): void {
  for (const name of COPIED) cpSync(name, join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync('node_modules')) {
    if (name !== '.vite')
      symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
  }
}

function countOf({ file, find }: Fault): number {
  return readFileSync(file, 'utf8').split(find).length - 1;
}
