// The folder that values are put into. Anybody else who may write there could put a link, or a value of their own, in the
// place of a value; through a link that is there already they would get what is written.
import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { SecretregError } from '../../errors.ts';
import { makePrivateFolder } from '../../store/private-folder.ts';
import { reasonOf } from '../system-reason.ts';

/** Makes the folder where it is missing, for its owner alone. Fails with file-not-writable. */
export function requireFolder(folder: string): void {
  try {
    makePrivateFolder(folder);
    const problem = problemOf(lstatSync(folder)) ?? replaceable(folder);
    if (problem !== undefined) throw refused(folder, problem);
  } catch (error) {
    if (error instanceof SecretregError) throw error;
    throw refused(folder, reasonOf(error), error);
  }
}

export function refused(file: string, reason: string, cause?: unknown): SecretregError {
  return new SecretregError('file-not-writable', { file, reason }, { cause });
}

/** Why a reference could not name this place: Kafka reads a path up to a colon or a brace. */
export function placeProblems(place: string): string[] {
  return [':', '}']
    .filter((sign) => place.includes(sign))
    .map((sign) => `'${place}' holds '${sign}', which ends the path of a reference`);
}

/** Why a name cannot be that of a file. */
export function fileNameProblem(name: string, suffix = ''): string | undefined {
  if (name.includes('/')) return 'a slash cannot stand in the name of a file';
  if (name.startsWith('..')) return 'a file of a name with two leading dots would be overlooked';
  if (Buffer.byteLength(name + suffix) > LONGEST_FILE_NAME)
    return `the name of a file has at most ${LONGEST_FILE_NAME} bytes`;
  return undefined;
}

/** NAME_MAX of Linux. */
const LONGEST_FILE_NAME = 255;

function problemOf(stat: Stats): string | undefined {
  if (stat.isSymbolicLink()) return 'it is a symbolic link, and none is followed';
  if (!stat.isDirectory()) return 'it is not a folder';
  const own = process.geteuid?.();
  if (own !== undefined && stat.uid !== own)
    return "it belongs to somebody else: render runs as the worker's user, who alone can read what it writes";
  return writers(stat);
}

const STICKY = 0o1000;

/**
 * Why somebody else could put another folder in the place of this one. Whoever may write to a folder can replace what is in it,
 * unless it is sticky, as /tmp is; the owner of a folder can do so whatever its mode. Root can anyway, and does not count.
 */
export function replaceable(folder: string, own = process.geteuid?.()): string | undefined {
  // The folders above the name, and above what it leads to: a link can be replaced where it lies, its target where that lies.
  const above = new Set([...foldersAbove(folder), ...foldersAbove(realpathSync(folder))]);
  for (const one of above) {
    const stat = statSync(one);
    const isOfOthers = own !== undefined && stat.uid !== own && stat.uid !== ROOT;
    const writable = (stat.mode & STICKY) === 0 ? writers(stat) : undefined;
    const problem = isOfOthers ? 'that folder belongs to another user' : writable;
    if (problem !== undefined) return `it could be replaced in '${one}': ${problem}`;
  }
  return undefined;
}

function foldersAbove(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [parent, ...foldersAbove(parent)];
}

function writers({ mode }: Stats): string | undefined {
  if ((mode & 0o002) !== 0) return 'everybody may write there';
  if ((mode & 0o020) !== 0) return 'its group may write there';
  return undefined;
}

const ROOT = 0;
