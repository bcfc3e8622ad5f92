// The check of `POST /validate`, with data in and data out, so that it can run in the main thread and in another one.
import { type AskFits } from '../validator/fits.ts';
import type { Diagnostic } from '../validator/diagnostic.ts';
import { existenceIn, type KeyFacts } from '../validator/existence.ts';
import { type Input, validator, type ValidateOptions } from '../validator/validate.ts';

export interface FileCheck {
  files: readonly Input[];
  options: Pick<ValidateOptions, 'providerNames' | 'allProviders' | 'now'>;
  facts: KeyFacts;
  /** Whether a registry is to be asked about values. */
  asks: boolean;
}

export type Checked = { files: CheckedFile[] } | { refused: string };

type CheckedFile = Awaited<ReturnType<typeof checkedFile>>;

/** More than anybody reads. For each finding all keys are searched for what was probably meant, and it stands in the answer. */
const MOST_FINDINGS = 2000;

/** Refuses files with more findings than `most` or MOST_FINDINGS. */
export async function checkFiles(
  { files, options, facts, asks }: FileCheck,
  askFits: AskFits,
  most = Number.POSITIVE_INFINITY,
): Promise<Checked> {
  let found = 0;
  const check = validator({
    ...options,
    onFindings(count) {
      found += count;
      if (found > Math.min(most, MOST_FINDINGS)) throw new TooMany();
    },
    inlineIgnores: true,
    existence: existenceIn(facts),
    ...(asks && { askFits }),
  });
  const checked: CheckedFile[] = [];
  try {
    for (const file of files) checked.push(await checkedFile(check, file));
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    return { refused: `the files have more than ${MOST_FINDINGS} faults` };
  }
  return { files: checked };
}

class TooMany extends Error {}

async function checkedFile(check: ReturnType<typeof validator>, input: Input) {
  const { file, connectors, references, diagnostics } = await check(input);
  return { file, connectors, references, diagnostics: diagnostics.map(diagnosticBody) };
}

function diagnosticBody(it: Diagnostic) {
  const { rule, severity, line, column, endLine, endColumn, connector, message, hint } = it;
  return {
    rule,
    severity,
    line,
    column,
    endLine,
    endColumn,
    ...(connector !== undefined && { connector }),
    message,
    ...(hint !== undefined && { hint }),
  };
}
