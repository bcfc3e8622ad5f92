// Runs the rules over one case of fixtures/validate/.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Existence, KeyFact } from '../../src/validator/existence.ts';
import { type ReportFormat, reports } from '../../src/validator/reports/index.ts';
import type { WorkerVerdict } from '../../src/validator/worker/verdict.ts';
import { plainStyle } from '../../src/validator/reports/report.ts';
import { providersOf, validate, type ValidateOptions } from '../../src/validator/validate.ts';

/** options.json of a case: those of the validator, with the secrets that exist as `{path: {key: fact}}`, and a worker's verdicts by JSON pointers. */
export type GoldenOptions = Omit<ValidateOptions, 'existence' | 'verdicts'> & {
  existence?: Record<string, Record<string, KeyFact>>;
  verdicts?: Record<string, WorkerVerdict>;
  found?: boolean;
};

export const goldensFolder = join(import.meta.dirname, '../../fixtures/validate');

export function goldenReport(name: string, format: ReportFormat): string {
  const folder = join(goldensFolder, name);
  const { existence, verdicts, found, ...rest } = readOptions(join(folder, 'options.json'));
  const options: ValidateOptions = {
    ...rest,
    ...(existence && { existence: tableOf(existence) }),
    ...(verdicts && { verdicts: new Map(Object.entries(verdicts)) }),
  };
  const text = readFileSync(join(folder, 'input.json'), 'utf8');
  const files = validate(
    [{ file: 'orders.json', text, ...(found === true && { found }) }],
    options,
  );
  const report = {
    files,
    providers: providersOf(options),
    existenceChecked: existence !== undefined,
    ...(verdicts && { askedWorker: Object.keys(verdicts).length }),
  };
  return reports[format](report, plainStyle);
}

function readOptions(file: string): GoldenOptions {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as GoldenOptions) : {};
}

function tableOf(table: Record<string, Record<string, KeyFact>>): Existence {
  const paths = new Map(
    Object.entries(table).map(([path, keys]) => [path, new Map(Object.entries(keys))]),
  );
  return { paths: () => paths.keys(), keys: (path) => paths.get(path) };
}
