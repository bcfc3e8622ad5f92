// The reports of `validate`: one on stdout, and as many more as are asked for, each in a file of its own.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { hasCode, SecretregError } from '../errors.ts';
import { type ReportFormat, reportFormats, reports } from '../validator/reports/index.ts';
import type { Base } from '../validator/reports/location.ts';
import { breaks, type Fault, plainStyle, type Report } from '../validator/reports/report.ts';
import { type Io, note, print } from './io.ts';
import { appendToFile, isSameFile, writePublicFile } from './output-file.ts';

export interface ReportFlags {
  format: ReportFormat;
  report?: ReportFile[];
}

interface ReportFile {
  format: ReportFormat;
  file: string;
}

export function reportOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'the report on stdout')
        .choices(reportFormats)
        .default('text'),
    )
    .option(
      '--report <format=file>',
      'one more report of the same run, in a file; may be given several times',
      (text: string, before: ReportFile[] | undefined) => withReport(before ?? [], text),
    );
}

function withReport(before: readonly ReportFile[], text: string): ReportFile[] {
  const report = parseReport(text);
  if (before.some(({ file }) => resolve(file) === resolve(report.file)))
    throw wrongUse(`two reports go to '${report.file}': the second would replace the first`);
  return [...before, report];
}

function parseReport(text: string): ReportFile {
  const [name = '', ...rest] = text.split('=');
  const file = rest.join('=');
  const format = reportFormats.find((one) => one === name);
  if (format === undefined)
    throw wrongUse(`--report has no format '${name}': there are ${list(reportFormats)}`);
  if (file === '')
    throw wrongUse(`--report ${name} lacks the file`, `secretreg validate --report ${name}=FILE`);
  if (file === '-')
    throw wrongUse(
      '--report writes files; what goes to stdout is named by --format',
      `secretreg validate --format ${name}`,
    );
  return { format, file };
}

export interface Outcome {
  /** As they were given on the command line. */
  names: readonly string[];
  failOn: 'error' | 'warning';
  report: Pick<
    Report,
    'files' | 'existenceChecked' | 'namesAuthenticated' | 'values' | 'askedWorker' | 'offersFix'
  >;
  /** Why the run is not whole; the command ends with the last one. */
  faults: readonly SecretregError[];
  /** True where stdout is for something else: then the report goes to stderr. */
  isAside: boolean;
}

/** What no report may replace; `what` as in `is the baseline`. */
export interface KeptFile {
  file: string;
  what: string;
}

/** A slip must not cost a connector. The report of the run before, in the same folder, may be replaced. Fails with wrong-use. */
export function requireOtherFiles(
  { report = [] }: ReportFlags,
  { names, report: { files } }: Outcome,
  kept: readonly KeptFile[],
): void {
  const written = report.filter(({ file }) => existsSync(file));
  if (written.length === 0) return;
  for (const { file } of written) {
    const one = kept.find((it) => isSameFile(it.file, file));
    if (one !== undefined) throw wrongUse(`--report would write over '${file}', which ${one.what}`);
  }
  const checked = files.filter(({ file, connectors }) => connectors > 0 || names.includes(file));
  for (const { file } of written) {
    if (checked.some((one) => isSameFile(one.file, file)))
      throw wrongUse(`--report would write over '${file}', which is one of the files to check`);
  }
}

/**
 * Gives every report; the answer is the exit code. Findings are reported before files that could not be read, for these end
 * the command: it fails with the last fault when all is told.
 */
export async function giveReports(io: Io, flags: ReportFlags, outcome: Outcome): Promise<number> {
  const { failOn, faults } = outcome;
  const isBroken = outcome.report.files.some((file) =>
    file.diagnostics.some(({ severity }) => breaks(severity, { failOn })),
  );
  const exitCode = faults.at(-1)?.exit ?? (isBroken ? 1 : 0);
  const report: Report = {
    ...outcome.report,
    faults: faults.map(faultOf),
    exitCode,
    failOn,
    base: baseOf(io),
  };
  // Before stdout, whose reader may stop reading, which ends the command.
  const unwritten = writeFiles(io, flags, report);
  const own = reports[flags.format];
  if (outcome.isAside) io.stderr.write(own(report, io.errorStyle));
  else await print(io, own(report, io.style));
  const all = [...faults, ...unwritten];
  for (const { message } of all.slice(0, -1)) note(io, message);
  const last = all.at(-1);
  if (last !== undefined) throw last;
  return exitCode;
}

function faultOf(error: SecretregError): Fault {
  const { message } = error;
  return hasCode(error, 'file-unreadable', 'file-not-writable')
    ? { file: error.params.file, message }
    : { message };
}

function writeFiles(io: Io, { report: files = [] }: ReportFlags, report: Report): SecretregError[] {
  return files.flatMap(({ format, file }) => {
    try {
      writeReport(io, file, reports[format](report, plainStyle));
      return [];
    } catch (error) {
      if (!hasCode(error, 'file-not-writable')) throw error;
      return error;
    }
  });
}

/**
 * The summary of a step in GitHub Actions is appended to, as its documentation says: other commands of the step may write it
 * too. A blank line ends what they wrote.
 */
function writeReport(io: Io, file: string, text: string): void {
  const summary = io.env['GITHUB_STEP_SUMMARY'];
  if (summary !== undefined && summary !== '' && isSameFile(file, summary))
    appendToFile(file, `\n${text}`);
  else writePublicFile(file, text);
}

/** The repository is where `.git` is, upwards from the working folder; without one, that folder. */
function baseOf({ cwd }: Io): Base {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return { folder: cwd, root: folder };
    if (folder === dirname(folder)) return { folder: cwd, root: cwd };
  }
}

function list(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

function wrongUse(reason: string, hint?: string): SecretregError {
  return new SecretregError('wrong-use', { reason }, hint === undefined ? {} : { hint });
}
