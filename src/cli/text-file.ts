import { lstatSync, readFileSync } from 'node:fs';
import { nodeCodeOf, SecretregError } from '../errors.ts';
import { reasonOf } from './system-reason.ts';

/** A file of settings, whole. Fails with file-unreadable. */
export function readTextFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** The error for a file or folder that the system does not let us read. */
export function unreadable(file: string, cause: unknown): SecretregError {
  const reason = isLinkToNothing(file, cause) ? LINK_TO_NOTHING : reasonOf(cause);
  return new SecretregError('file-unreadable', { file, reason }, { cause });
}

const LINK_TO_NOTHING = 'it is a symbolic link, and what it leads to is not there';

function isLinkToNothing(file: string, cause: unknown): boolean {
  return (
    nodeCodeOf(cause) === 'ENOENT' &&
    lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true
  );
}
