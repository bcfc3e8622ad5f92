// `validate --fix`: what has one right answer is written into the files. For stdin, the mended text goes to stdout and the
// findings that are left go to stderr, as editors want it that send a text through a command.
import { count } from '../domain/count.ts';
import { hasCode, SecretregError } from '../errors.ts';
import type { FileReport } from '../validator/diagnostic.ts';
import { shownDiff } from '../validator/diff.ts';
import { mend } from '../validator/mend.ts';
import { type Input, type ValidateOptions, validator } from '../validator/validate.ts';
import { diffText } from './diff-text.ts';
import type { InputFile } from './input-files.ts';
import { type Io, note, print } from './io.ts';
import { replaceFile } from './output-file.ts';

export interface FixFlags {
  fix?: boolean;
  dryRun?: boolean;
}

type Shown = (report: FileReport) => FileReport;

export class Fixing {
  readonly #io: Io;
  readonly #isDry: boolean;
  readonly #diffs: string[] = [];
  #fixed = 0;
  /** How many findings would be gone after the changes that a dry run shows. */
  #gone = 0;
  #files = 0;
  #fault: SecretregError | undefined;

  constructor(io: Io, { dryRun = false }: FixFlags) {
    this.#io = io;
    this.#isDry = dryRun;
  }

  /** Why the first file that could not be written was not. Its findings are reported all the same. */
  get fault(): SecretregError | undefined {
    return this.#fault;
  }

  /** Mends one file, and answers what it holds then. */
  async on(
    { file, isStdin = false }: InputFile,
    input: Input,
    { options, shown }: { options: ValidateOptions; shown: Shown },
  ): Promise<Input> {
    // The texts between do not count for rules on all files, and are not worth lines in the audit trail.
    const { project: _project, askFits: _askFits, ...alone } = options;
    const check = validator(alone);
    const { text, before, report, fixed } = await mend(input, check, shown);
    if (this.#isDry && fixed > 0)
      this.#diffs.push(diffText(file, await shownDiff(input.text, text, options), this.#io.style));
    const isWritten = !this.#isDry && (await this.#write(input, text, isStdin));
    if (this.#isDry) this.#gone += findingsIn(shown(before)) - findingsIn(shown(report));
    if (fixed > 0 && (isWritten || this.#isDry)) {
      this.#fixed += fixed;
      this.#files += 1;
    }
    return isWritten ? { ...input, text } : input;
  }

  /** Prints the diffs of a dry run, then how many of the findings were fixed, or would be. */
  async tell(reports: readonly FileReport[]): Promise<void> {
    for (const diff of this.#diffs) await print(this.#io, diff);
    const found = reports.reduce((sum, report) => sum + findingsIn(report), 0);
    const all = this.#fixed + found - this.#gone;
    if (all === 0) return;
    const done = this.#isDry ? 'would fix' : 'fixed';
    const where = this.#files === 0 ? '' : ` in ${count(this.#files, 'file')}`;
    // Some findings are hidden by others: the reports on the files as they are do not have them.
    const later = this.#isDry ? all - found : 0;
    const show = later === 1 ? 'shows' : 'show';
    const isLater = later > 0 ? `; ${later} of the ${all} ${show} only when that is done` : '';
    note(this.#io, `${done} ${this.#fixed} of ${count(all, 'finding')}${where}${isLater}`);
  }

  async #write({ file, text: before }: Input, text: string, isStdin: boolean): Promise<boolean> {
    if (isStdin) await print(this.#io, text);
    else if (text !== before) {
      try {
        replaceFile(file, before, text);
      } catch (error) {
        if (!hasCode(error, 'file-not-writable')) throw error;
        this.#fault ??= error;
        return false;
      }
    }
    return true;
  }
}

function findingsIn({ diagnostics }: FileReport): number {
  return diagnostics.length;
}

/** Fails with wrong-use. */
export function requireFixable(
  { fix = false, dryRun = false }: FixFlags,
  names: readonly string[],
  { asksWorker, format }: { asksWorker: boolean; format: string },
): void {
  const refuse = (reason: string) => new SecretregError('wrong-use', { reason });
  if (dryRun && !fix) throw refuse('--dry-run belongs to --fix');
  if (!fix) return;
  if (dryRun && format !== 'text')
    throw refuse('--dry-run shows a diff, which stands in front of --format text only');
  if (asksWorker && names.length === 0)
    throw refuse('--fix writes files, and what is deployed on a worker is none: name the files');
  if (names.includes('-') && names.length > 1)
    throw refuse('--fix writes what it reads from stdin to stdout: - stands alone');
}
