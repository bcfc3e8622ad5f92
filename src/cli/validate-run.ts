// One run of validate: which files it looks at, one after another, and what each of them comes to.
import { availableParallelism } from 'node:os';
import type { ConnectWorker } from '../connect/worker.ts';
import { count } from '../domain/count.ts';
import { SecretregError } from '../errors.ts';
import type { FileReport } from '../validator/diagnostic.ts';
import { type ValidateOptions, validator } from '../validator/validate.ts';
import { nameFor, type NameFlags } from './connector-name.ts';
import { type InputFile, inputFiles, textOrFault } from './input-files.ts';
import { type Io, note } from './io.ts';
import { ownFault } from './own-fault.ts';
import { startBar } from './progress.ts';
import type { BaselineFile } from './validate-baseline.ts';
import type { Fixing } from './validate-fix.ts';
import type { Severities, ValidateSettings } from './validate-settings.ts';
import type { WorkerOpinion } from './validate-through.ts';

export interface RunFlags extends NameFlags {
  changedSince?: string;
  skipOthers?: boolean;
  jobs?: number;
}

export interface Found {
  files: FileReport[];
  /** How many connectors a worker was asked about; undefined where none was to be asked. */
  askedWorker?: number;
  /** Why the run is not whole; the command ends with the last one. */
  faults: SecretregError[];
}

/** Without the rule that needs all files of a project: of a part of them, it would call the secrets of all others unused. */
export function severitiesFor(
  io: Io,
  { changedSince, skipOthers }: RunFlags,
  { ofProject, flagged }: { ofProject: Severities; flagged: Severities },
): Severities {
  const all = { ...ofProject, ...flagged };
  if (changedSince === undefined && skipOthers !== true) return all;
  if ((flagged[NEEDS_ALL] ?? 'off') !== 'off')
    note(io, `${NEEDS_ALL} needs all files, and does not look at a part of them`);
  return { ...all, [NEEDS_ALL]: 'off' };
}

const NEEDS_ALL = 'unused-secret';

/** What a run has beside its flags. */
export interface Run {
  worker: ConnectWorker | undefined;
  fixing: Fixing | undefined;
  isExcluded: ValidateSettings['isExcluded'] | undefined;
  baseline: BaselineFile | undefined;
}

export async function reportsOf(
  io: Io,
  names: readonly string[],
  flags: RunFlags,
  options: ValidateOptions,
  { worker, fixing, isExcluded, baseline }: Run,
): Promise<Found> {
  try {
    if (worker === undefined)
      return await checked(io, await filesToCheck(io, names, flags, isExcluded), flags, options, {
        fixing,
        baseline,
      });
    if (names.length === 0) return await checked(io, [deployed(worker)], flags, options, {});
    const { WorkerOpinion } = await import('./validate-through.ts');
    const opinion = new WorkerOpinion(worker);
    const inputs = await filesToCheck(io, names, flags, isExcluded);
    const reports = await checked(io, inputs, flags, options, { opinion, fixing, baseline });
    if (opinion.fault !== undefined) reports.faults.unshift(opinion.fault);
    return { ...reports, askedWorker: opinion.asked };
  } finally {
    worker?.close();
  }
}

async function filesToCheck(
  io: Io,
  names: readonly string[],
  { changedSince: revision, skipOthers }: RunFlags,
  isExcluded: Run['isExcluded'] = () => false,
): Promise<InputFile[]> {
  const all = inputFiles(io, names.length === 0 ? ['.'] : names, { found: skipOthers === true });
  const inputs = all.filter(({ file, isStdin }) => isStdin === true || !isExcluded(file));
  // Where nothing is left, a person should know why.
  if (inputs.length === 0 && all.length > 0)
    note(io, `${count(all.length, 'file')} excluded by secretreg.yaml, and no other to look at`);
  if (revision === undefined) return inputs;
  const { changedSince } = await import('./changed-files.ts');
  return changedSince(revision, inputs);
}

/** What the worker runs, as a file of that name. */
function deployed(worker: ConnectWorker): InputFile {
  return { file: worker.place, found: false, read: () => worker.deployed() };
}

/** From so many files on threads help. JSON does not count: it is read as fast as threads hand findings over (bench/README.md). */
const MANY = 500;
const MOST_THREADS = 8;

/** How many threads check these files, this one among them. */
function threadsFor(inputs: readonly InputFile[], jobs: number | undefined): number {
  if (inputs.some(({ isStdin }) => isStdin)) return 1;
  const slow = inputs.filter(({ file }) => !file.toLowerCase().endsWith('.json')).length;
  return jobs ?? (slow < MANY ? 1 : Math.min(availableParallelism(), MOST_THREADS));
}

async function checked(
  io: Io,
  inputs: readonly InputFile[],
  flags: RunFlags,
  options: ValidateOptions,
  {
    opinion,
    fixing,
    baseline,
  }: Partial<Omit<Run, 'worker' | 'isExcluded'>> & { opinion?: WorkerOpinion },
): Promise<Found> {
  const check = validator(options);
  const shown = (report: FileReport) => baseline?.hide(report) ?? report;
  const bar = await startBar(io, 'validating');
  const isAlone = opinion !== undefined || fixing !== undefined || options.askFits !== undefined;
  const threads = isAlone || options.project !== undefined ? 1 : threadsFor(inputs, flags.jobs);
  if (threads > 1) {
    const { checkedInThreads, workOn } = await import('./many-files.ts');
    const work = workOn(inputs, options, flags);
    const found = await checkedInThreads(work, threads, (done) => bar.show(done, inputs.length));
    bar.end();
    return found;
  }
  const done: FileReport[] = [];
  const faults: SecretregError[] = [];
  for (const input of inputs) {
    const connectorName = nameFor(input.file, flags);
    const text = await textOrFault(input);
    if (typeof text !== 'string') {
      faults.push(text);
      continue;
    }
    const one = { file: input.file, found: input.found, text, connectorName };
    const report = await reportOrFault(one.file, async () => {
      const mended = fixing === undefined ? one : await fixing.on(input, one, { options, shown });
      const plain = await check(mended);
      return opinion === undefined ? plain : opinion.on(mended, plain, options);
    });
    if (report instanceof SecretregError) faults.push(report);
    else done.push(report);
    if (done.length % 100 === 0) bar.show(done.length, inputs.length);
  }
  bar.end();
  if (fixing?.fault !== undefined) faults.push(fixing.fault);
  return { files: done, faults };
}

/** A fault of secretreg itself in one file does not keep the others from being told. */
async function reportOrFault(
  file: string,
  check: () => Promise<FileReport>,
): Promise<FileReport | SecretregError> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof SecretregError) throw error;
    return ownFault(error, file);
  }
}
