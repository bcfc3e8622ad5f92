// A file with something to log in with: only its owner may read it.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { SecretregError } from '../errors.ts';
import { reasonOf } from './output-file.ts';

/** Its text without one final newline; `what` is `the token file` or the like. Fails with file-unreadable or readable-by-others. */
export function privateText(file: string, what: string): string {
  const unreadable = (cause: unknown) =>
    new SecretregError('file-unreadable', { file, reason: reasonOf(cause) }, { cause });
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch (error) {
    throw unreadable(error);
  }
  try {
    requirePrivate(handle, file, what);
    return readFileSync(handle, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw error instanceof SecretregError ? error : unreadable(error);
  } finally {
    closeSync(handle);
  }
}

/** A pipe (`<(pass show …)`) has no file that others could open later. */
function requirePrivate(handle: number, file: string, what: string): void {
  const stat = fstatSync(handle);
  if (!stat.isFile() || (stat.mode & 0o077) === 0) return;
  const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
  throw new SecretregError('readable-by-others', { what, file, mode });
}
