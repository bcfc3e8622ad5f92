// Many files on several processors. Each thread takes the next few files when it is done with its own, so that none waits
// for a thread that has the large ones; what they found is put in the order of the files. Rules know the same in every
// thread: a run that needs what cannot be copied into one, such as a registry that is asked about values, has no threads.
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SecretregError } from '../errors.ts';
import type { FileReport } from '../validator/diagnostic.ts';
import { existenceIn, type KeyFacts } from '../validator/existence.ts';
import { type ValidateOptions, validator } from '../validator/validate.ts';
import { nameFor, type NameFlags } from './connector-name.ts';
import { fileInput, type InputFile, textOrFault } from './input-files.ts';
import { ownFault } from './own-fault.ts';

const BATCH = 32;

/** What a thread is given: nothing but data. */
export interface Work {
  files: readonly Pick<InputFile, 'file' | 'found' | 'isRegular'>[];
  options: Omit<ValidateOptions, 'existence' | 'askFits' | 'project' | 'onFindings'>;
  existence: KnownNames | undefined;
  names: NameFlags;
  /** One number: the index of the first file that no thread has taken. */
  next: Int32Array;
}

interface KnownNames {
  facts: KeyFacts;
  madeFor?: ReadonlySet<string>;
}

/** What came of one file; `at` is its index in `files`. */
export type Outcome =
  | { at: number; report: FileReport }
  | { at: number; thrown: unknown }
  | Unreadable;

interface Unreadable {
  at: number;
  unreadable: string;
  hint: string | undefined;
}

export function workOn(
  inputs: readonly InputFile[],
  all: ValidateOptions,
  { connector, nameFromFile }: NameFlags,
): Work {
  const { existence, askFits, project, onFindings, ...options } = all;
  if (askFits ?? project ?? onFindings)
    throw new RangeError('a function cannot be copied to a thread');
  const facts =
    existence &&
    new Map([...existence.paths()].map((path) => [path, existence.keys(path) ?? new Map()]));
  return {
    files: inputs.map(({ file, found, isRegular = false }) => ({ file, found, isRegular })),
    options,
    existence: facts && { facts, ...(existence?.madeFor && { madeFor: existence.madeFor }) },
    names: { connector, nameFromFile },
    next: new Int32Array(new SharedArrayBuffer(4)),
  };
}

/** What this thread and the others found. Fails with file-unreadable for a file that was named. */
export async function checkedInThreads(
  work: Work,
  threads: number,
  show: (done: number) => void,
): Promise<{ files: FileReport[]; faults: SecretregError[] }> {
  const others = Array.from({ length: threads - 1 }, () => inThread(work));
  const own = await outcomesOf(work, show);
  const outcomes = [own, ...(await Promise.all(others))].flat();
  const files: FileReport[] = [];
  const faults: SecretregError[] = [];
  for (const outcome of outcomes.toSorted((a, b) => a.at - b.at)) {
    if ('report' in outcome) files.push(outcome.report);
    else if ('thrown' in outcome)
      faults.push(ownFault(outcome.thrown, work.files[outcome.at]?.file));
    else faults.push(unreadable(work, outcome));
  }
  return { files, faults };
}

function unreadable(
  { files }: Work,
  { at, unreadable: reason, hint }: Unreadable,
): SecretregError<'file-unreadable'> {
  const { file = '', found = true } = files[at] ?? {};
  const fault = new SecretregError('file-unreadable', { file, reason }, { hint });
  if (!found) throw fault;
  return fault;
}

/** The code of a thread stands beside this file, in the source and in the build. */
const THREAD = join(import.meta.dirname, `check-thread${extname(import.meta.filename)}`);

function inThread(work: Work): Promise<Outcome[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome[]>();
  const thread = new Worker(THREAD, { workerData: work });
  thread.once('message', resolve);
  thread.once('error', reject);
  thread.once('exit', (code) => reject(new Error(`a thread ended with ${code}`)));
  return promise;
}

/** Takes files until none is left. */
export async function outcomesOf(work: Work, show?: (done: number) => void): Promise<Outcome[]> {
  const { files, next } = work;
  const check = checkerFor(work);
  const outcomes: Outcome[] = [];
  const take = () => Atomics.add(next, 0, BATCH);
  for (let from = take(); from < files.length; from = take()) {
    for (let at = from; at < Math.min(from + BATCH, files.length); at += 1)
      outcomes.push(await check(at));
    show?.(from);
  }
  return outcomes;
}

function checkerFor({ files, options, existence, names }: Work) {
  const known = existence && existenceIn(existence.facts, existence);
  const check = validator({ ...options, ...(known && { existence: known }) });
  return async (at: number): Promise<Outcome> => {
    const { file = '', found = true, isRegular = false } = files[at] ?? {};
    const connectorName = nameFor(file, names);
    // A thread would hand over an error without its class, so it becomes data. Whether it ends the run, checkedInThreads decides.
    const text = await textOrFault({ ...fileInput(file, { found, isRegular }), found: true });
    if (typeof text !== 'string') return { at, unreadable: text.params.reason, hint: text.hint };
    try {
      return { at, report: await check({ file, found, text, connectorName }) };
    } catch (thrown) {
      if (thrown instanceof SecretregError) throw thrown;
      return { at, thrown };
    }
  };
}
