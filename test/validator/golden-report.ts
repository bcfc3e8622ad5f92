// Runs the rules over one case of fixtures/validate/.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { obstacleIn } from '../../src/domain/surroundings.ts';
import { type Existence, existenceIn, type KeyFact } from '../../src/validator/existence.ts';
import type { AskFits } from '../../src/validator/fits.ts';
import { type ReportFormat, reports } from '../../src/validator/reports/index.ts';
import type { WorkerVerdict } from '../../src/validator/worker/verdict.ts';
import { plainStyle, type Report } from '../../src/validator/reports/report.ts';
import { validate, type ValidateOptions } from '../../src/validator/validate.ts';

/** options.json of a case: those of the validator, with the secrets that exist as `{path: {key: fact}}`, and a worker's verdicts by JSON pointers. */
export type GoldenOptions = Omit<
  ValidateOptions,
  'existence' | 'verdicts' | 'askFits' | 'project'
> & {
  existence?: Record<string, Record<string, KeyFact>>;
  verdicts?: Record<string, WorkerVerdict>;
  /** The values that are stored, as `{path: {key: value}}`: they are asked whether they fit. */
  values?: Record<string, Record<string, string>>;
  found?: boolean;
  connectorName?: string;
};

export const goldensFolder = join(import.meta.dirname, '../../fixtures/validate');

export async function goldenReport(name: string, format: ReportFormat): Promise<string> {
  return reports[format](await goldenFindings(name), plainStyle);
}

export async function goldenFindings(name: string): Promise<Report> {
  const folder = join(goldensFolder, name);
  const given = readOptions(join(folder, 'options.json'));
  const { existence, verdicts, found, connectorName } = given;
  const input = inputOf(name);
  const text = readFileSync(input, 'utf8');
  const files = await validate(
    [{ file: `orders${extname(input)}`, text, connectorName, ...(found === true && { found }) }],
    validateOptions(given),
  );
  return {
    files,
    existenceChecked: existence !== undefined,
    offersFix: true,
    ...(verdicts && { askedWorker: Object.keys(verdicts).length }),
  };
}

export function validateOptions({
  existence,
  verdicts,
  values,
  ...rest
}: GoldenOptions): ValidateOptions {
  return {
    inlineIgnores: true,
    ...rest,
    ...(existence && { existence: tableOf(existence) }),
    ...(verdicts && { verdicts: new Map(Object.entries(verdicts)) }),
    ...(values && { askFits: fitsOf(values) }),
  };
}

/** The file of a case, whose extension is that of its format. */
export function inputOf(name: string): string {
  const folder = join(goldensFolder, name);
  const input = readdirSync(folder).find((file) => file.startsWith('input.'));
  if (input === undefined) throw new Error(`${folder} has no input`);
  return join(folder, input);
}

function readOptions(file: string): GoldenOptions {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as GoldenOptions) : {};
}

function tableOf(table: Record<string, Record<string, KeyFact>>): Existence {
  return existenceIn(
    new Map(Object.entries(table).map(([path, keys]) => [path, new Map(Object.entries(keys))])),
  );
}

function fitsOf(values: Record<string, Record<string, string>>): AskFits {
  return async (path, questions) =>
    questions.flatMap((question) => {
      const value = values[path]?.[question.key];
      if (value === undefined) return [];
      const obstacle = obstacleIn(value, question.surroundings);
      return [{ ...question, ...(obstacle !== undefined && { obstacle }) }];
    });
}
