// How many lines of each folder the tests run, against the floors: `npm run coverage` with all tests, `npm run coverage
// domain crypto` of these folders with their own tests only. Exit code 1 below a floor, or where a test fails.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';

/** Lines, in percent (docs/testing.md). The other folders are run by processes of their own, which are not counted. */
const FLOORS: Readonly<Record<string, number>> = {
  domain: 95,
  crypto: 95,
  documents: 95,
  resolver: 95,
  validator: 95,
  registry: 95,
  http: 95,
};

interface Lines {
  total: number;
  covered: number;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((folder) => !Object.hasOwn(FLOORS, folder));
if (unknown.length > 0) {
  console.error(`no floor for ${unknown.join(', ')}; there are ${Object.keys(FLOORS).join(', ')}`);
  process.exit(2);
}

const tests = wanted.map((folder) => `test/${folder}`).filter((folder) => existsSync(folder));
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--coverage', ...tests];
const { status } = spawnSync(process.execPath, vitest, { stdio: 'inherit' });

const found = linesByFolder('coverage/coverage-summary.json');
let low = 0;
for (const folder of wanted.length > 0 ? wanted : Object.keys(FLOORS)) {
  const { total, covered } = found.get(folder) ?? { total: 0, covered: 0 };
  const percent = total === 0 ? 0 : (100 * covered) / total;
  const floor = FLOORS[folder] ?? 0;
  if (percent < floor) low += 1;
  const end = percent < floor ? `BELOW ${floor} %` : `at least ${floor} %`;
  console.log(`${folder.padEnd(10)} ${percent.toFixed(1).padStart(5)} % of ${total} lines, ${end}`);
}
process.exitCode = status === 0 && low === 0 ? 0 : 1;

function linesByFolder(summary: string): Map<string, Lines> {
  const files = JSON.parse(readFileSync(summary, 'utf8')) as Record<string, { lines: Lines }>;
  const folders = new Map<string, Lines>();
  for (const [file, { lines }] of Object.entries(files)) {
    const [src, folder = ''] = relative('', file).split(sep);
    if (src !== 'src') continue;
    const sum = folders.get(folder) ?? { total: 0, covered: 0 };
    folders.set(folder, { total: sum.total + lines.total, covered: sum.covered + lines.covered });
  }
  return folders;
}
