// The mutation score of the folders that everything else trusts: Stryker changes their code in every place, and the tests
// have to notice. Each file is run by itself against the tests that mirror it, for what is made when a module is loaded can
// only be changed for all of a run. `node scripts/mutation.ts [FILE…]` runs what changed since the last time, or all of these
// files. The figures are kept in bench/results/mutation.json where no file was named. Exit code 1 where a folder is below the
// floor.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import {
  type Figures,
  FLOOR,
  FOLDERS,
  type Mutant,
  scoreOf,
  tableOf,
  totalOf,
} from './mutation-score.ts';

const KEPT = 'bench/results/mutation.json';

const all = FOLDERS.flatMap((folder) => globSync(`${folder}/*.ts`)).sort();
const wanted = process.argv.slice(2);
for (const file of wanted.length > 0 ? wanted : all) stryker(file, wanted.length > 0);

const figures: Figures = { date: new Date().toISOString().slice(0, 10), files: {} };
for (const file of all) {
  const score = existsSync(reportOf(file)) ? scoreOf(mutantsIn(reportOf(file))) : undefined;
  if (score !== undefined && score.killed + score.survived > 0) figures.files[file] = score;
}
if (wanted.length === 0) writeFileSync(KEPT, `${JSON.stringify(figures, undefined, 1)}\n`);
console.log(tableOf(figures));
const low = FOLDERS.filter((folder) => totalOf(figures, folder).score < FLOOR);
for (const folder of low) console.error(`${folder} is below ${FLOOR} %`);
process.exitCode = low.length > 0 ? 1 : 0;

/**
 * Stryker runs again what it sees changed, which leaves out mutants of a loading module that only a new test would notice:
 * those by force.
 */
function stryker(file: string, whole: boolean): void {
  const { status } = spawnSync(
    process.execPath,
    [
      ...['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', '--mutate', file],
      ...['--incremental', '--incrementalFile', reportOf(file), ...(whole ? ['--force'] : [])],
    ],
    { stdio: 'inherit', env: { ...process.env, MUTATION_TESTS: testsOf(file).join(' ') } },
  );
  if (status !== 0) throw new Error(`stryker ended with ${status} at ${file}`);
}

function reportOf(file: string): string {
  return `.stryker/${basename(dirname(file))}-${basename(file, '.ts')}.json`;
}

/** Those of the same name, of which there may be several; where there are none all of the folder. */
function testsOf(file: string): string[] {
  const folder = `test/${basename(dirname(file))}`;
  const own = globSync(`${folder}/${basename(file, '.ts')}{,-*}.test.ts`);
  return own.length > 0 ? own : [`${folder}/**/*.test.ts`];
}

function mutantsIn(report: string): Mutant[] {
  const { files } = JSON.parse(readFileSync(report, 'utf8')) as {
    files: Record<string, { mutants: Mutant[] }>;
  };
  return Object.values(files).flatMap(({ mutants }) => mutants);
}
