// A file that holds a key, or something to log in with: only its owner may read it.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { SecretregError } from '../errors.ts';
import { unreadable } from './text-file.ts';

/** The errors for a file that is refused. */
export interface Refusals {
  unreadable: (cause: unknown) => SecretregError;
  /** With its mode, such as `0644`. */
  readableByOthers: (mode: string) => SecretregError;
}

/** Its text without one final newline; `what` is `the token file` or the like. Fails with file-unreadable or readable-by-others. */
export function privateText(file: string, what: string): string {
  const text = readPrivate(file, {
    unreadable: (cause) => unreadable(file, cause),
    readableByOthers: (mode) => new SecretregError('readable-by-others', { what, file, mode }),
  });
  return text.replace(/\r?\n$/, '');
}

/** The text of the very file whose mode was checked, whatever has its name by now. */
export function readPrivate(file: string, refusals: Refusals): string {
  try {
    const handle = openSync(file, 'r');
    try {
      requirePrivate(handle, refusals);
      return readFileSync(handle, 'utf8');
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw error instanceof SecretregError ? error : refusals.unreadable(error);
  }
}

/** A pipe (`<(pass show …)`) has no file that others could open later. */
function requirePrivate(handle: number, { readableByOthers }: Refusals): void {
  const stat = fstatSync(handle);
  if (!stat.isFile() || (stat.mode & 0o077) === 0) return;
  throw readableByOthers((stat.mode & 0o777).toString(8).padStart(4, '0'));
}
