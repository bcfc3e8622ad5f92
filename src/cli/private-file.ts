// A file that holds a key, or something to log in with: only its owner may read it.
import { closeSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { SecretregError } from '../errors.ts';
import { unreadable } from './text-file.ts';

/** The errors for a file that is refused. */
export interface Refusals {
  unreadable: (cause: unknown) => SecretregError;
  /** With its mode, such as `0644`. */
  readableByOthers: (mode: string) => SecretregError;
}

/**
 * The text of a private key for TLS. It may be root's with a group that reads it, as Kubernetes mounts a secret for a pod that
 * has an fsGroup; PostgreSQL takes its key so too. Fails with file-unreadable or readable-by-others.
 */
export function privateKeyText(file: string, what: string): string {
  return readPrivate(file, refusalsOf(file, what), isMounted);
}

/** Its text without one final newline; `what` is `the token file` or the like. Fails with file-unreadable or readable-by-others. */
export function privateText(file: string, what: string): string {
  return readPrivate(file, refusalsOf(file, what)).replace(/\r?\n$/, '');
}

function refusalsOf(file: string, what: string): Refusals {
  return {
    unreadable: (cause) => unreadable(file, cause),
    readableByOthers: (mode) => new SecretregError('readable-by-others', { what, file, mode }),
  };
}

/** The text of the very file whose mode was checked, whatever has its name by now. */
export function readPrivate(
  file: string,
  refusals: Refusals,
  isAllowed: (stat: Stats) => boolean = () => false,
): string {
  try {
    const handle = openSync(file, 'r');
    try {
      requirePrivate(handle, refusals, isAllowed);
      return readFileSync(handle, 'utf8');
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw error instanceof SecretregError ? error : refusals.unreadable(error);
  }
}

/** A pipe (`<(pass show …)`) has no file that others could open later. */
function requirePrivate(
  handle: number,
  { readableByOthers }: Refusals,
  isAllowed: (stat: Stats) => boolean,
): void {
  const stat = fstatSync(handle);
  if (!stat.isFile() || (stat.mode & 0o077) === 0 || isAllowed(stat)) return;
  throw readableByOthers((stat.mode & 0o777).toString(8).padStart(4, '0'));
}

function isMounted({ uid, mode }: Stats): boolean {
  return uid === 0 && process.geteuid?.() !== 0 && (mode & 0o037) === 0;
}
