// Which files differ from a revision, by what Git says: those that changed since this branch left the revision, staged or not,
// and new ones that are not ignored.
import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { visible } from '../domain/visible.ts';
import { SecretregError } from '../errors.ts';
import type { InputFile } from './input-files.ts';

/**
 * The inputs that have changed; stdin always counts as one. A named one that is not there is kept: it is told when it is read.
 * Fails with revision-unknown and changes-unknown, the latter also for a file of which Git knows nothing.
 */
export async function changedSince(
  revision: string,
  inputs: readonly InputFile[],
): Promise<InputFile[]> {
  const ask = (...args: string[]) => git(revision, args);
  const [top = ''] = await ask('rev-parse', '--show-toplevel');
  const folder = top.replace(/\n$/, '');
  const changed = await ask('diff', ...NAMES, '--merge-base', '--end-of-options', revision, '--');
  const added = await ask('-C', folder, 'ls-files', '--others', '--exclude-standard', '-z');
  const all = [...changed, ...added].map((name) => join(folder, name.replace(/\/$/, '')));
  const isChanged = changesIn(folder, new Set(all));
  return inputs.filter(({ file, isStdin, found }) => {
    if (isStdin === true) return true;
    const names = namesOf(file);
    if (names === undefined) return !found;
    if (!names.some((name) => name.startsWith(join(folder, '/'))))
      throw new SecretregError('changes-unknown', {
        revision,
        reason: `'${file}' is not in the work tree of Git, ${folder}`,
      });
    return names.some(isChanged);
  });
}

/**
 * Of a submodule, and of another repository that is not added, Git tells no more than the folder: everything below it counts.
 */
function changesIn(top: string, changed: ReadonlySet<string>): (name: string) => boolean {
  return (name) => {
    for (let at = name; at.length > top.length; at = dirname(at)) if (changed.has(at)) return true;
    return false;
  };
}

/**
 * The names of changed files that are still there: not quoted (-z), and from the top of the work tree. Of submodules too,
 * though the checkout's .gitmodules may say that they are to be ignored.
 */
const NAMES = [
  '--name-only',
  '--no-relative',
  '--no-ext-diff',
  '--ignore-submodules=none',
  '--diff-filter=d',
  '-z',
];

/**
 * Keeps Git from running what a checkout names: a program that tells what changed (fsmonitor), and whatever is named in the
 * settings of a bare repository among the files of the checkout.
 */
const RUNS_NOTHING = ['-c', 'core.fsmonitor=false', '-c', 'safe.bareRepository=explicit'];

/** What Git prints, cut at the zero bytes. */
async function git(revision: string, args: readonly string[]): Promise<string[]> {
  try {
    return (await printed(args)).split('\0').filter((name) => name !== '');
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    if (/bad revision|no merge base/.test(stderr)) throw await unknownRevision(revision, error);
    const said = stderr.split('\n').find((line) => line !== '');
    const reason =
      said === undefined
        ? 'git cannot be started'
        : `git says: ${visible(said.replace(/^fatal: /, ''))}`;
    throw new SecretregError('changes-unknown', { revision, reason }, { cause: error });
  }
}

async function printed(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', [...RUNS_NOTHING, ...args], {
    // Its messages are compared above, so they must not be translated.
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 1024 ** 3,
  });
  return stdout;
}

/** A clone that has its whole history cannot be given more of it: there the name is a slip, or was never fetched. */
async function unknownRevision(revision: string, cause: unknown): Promise<SecretregError> {
  const isShallow = (await printed(['rev-parse', '--is-shallow-repository'])).startsWith('true');
  const options = isShallow ? { cause } : { cause, hint: NAMES_OF_REVISIONS };
  return new SecretregError('revision-unknown', { revision }, options);
}

const NAMES_OF_REVISIONS =
  'git branch --all    (what there is; a branch that is not among them has to be fetched)';

/**
 * The file under its own name and where its links lead: a link may have changed, or what it leads to. undefined for a file
 * that is not there.
 */
function namesOf(file: string): string[] | undefined {
  try {
    return [realpathSync(file), join(realpathSync(dirname(file)), basename(file))];
  } catch {
    return undefined;
  }
}
