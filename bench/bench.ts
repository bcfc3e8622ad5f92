// Measures each figure of the budgets beside its floor, prints a table and keeps the results. Run by `npm run bench`;
// names of figures as arguments measure only those and keep nothing. What is over its budget is told, not failed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, isWithin, type Measure, tableOf } from './figure.ts';
import { get } from './figures/get.ts';
import { kafka } from './figures/kafka.ts';
import { open } from './figures/open.ts';
import { rotation } from './figures/rotation.ts';
import { rest } from './figures/rest.ts';
import { size } from './figures/size.ts';
import { validate } from './figures/validate.ts';
import { version } from './figures/version.ts';
import { machine } from './machine.ts';
import { benchFile } from './program.ts';

const measures: Record<string, Measure> = {
  version,
  get,
  validate,
  open,
  rotation,
  size,
  kafka,
  rest,
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in measures));
if (unknown === undefined) await bench();
else console.error(`no figure '${unknown}'; there are ${Object.keys(measures).join(', ')}`);

async function bench(): Promise<void> {
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(measures)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.error(`measuring ${name}`);
    figures.push(...(await inFolder(measure)));
  }
  console.log(`\n${Object.values(machine()).join(' · ')}\n\n${tableOf(figures)}`);
  const over = figures.filter((one) => !isWithin(one));
  console.log(
    over.length === 0
      ? `all ${figures.length} figures are within their budgets`
      : `${over.length} of ${figures.length} figures OVER budget: ${over.map(({ name }) => name).join('; ')}`,
  );
  if (wanted.length === 0) keep(figures);
}

async function inFolder(measure: Measure): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'secretreg-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const interrupted = () => {
    remove();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  try {
    return await measure(folder);
  } finally {
    process.removeListener('SIGINT', interrupted);
    remove();
  }
}

/** bench/results/<date>.json: milliseconds, or the unit of the figure. */
function keep(figures: readonly Figure[]): void {
  const date = new Date().toISOString().slice(0, 10);
  const folder = benchFile('results');
  mkdirSync(folder, { recursive: true });
  const results = { date, machine: machine(), figures: figures.map(rounded) };
  writeFileSync(join(folder, `${date}.json`), `${JSON.stringify(results, null, 2)}\n`);
}

function rounded(one: Figure): object {
  const text = JSON.stringify({ ...one, within: isWithin(one) }, (_, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 1000) / 1000 : value,
  );
  return JSON.parse(text) as object;
}
