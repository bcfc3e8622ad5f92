import { readFileSync } from 'node:fs';
import { SecretregError } from '../errors.ts';
import { reasonOf } from './output-file.ts';

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
  return new SecretregError('file-unreadable', { file, reason: reasonOf(cause) }, { cause });
}
