import { readFileSync } from 'node:fs';
import { SecretregError } from '../errors.ts';
import { reasonOf } from './output-file.ts';

/** A file of settings, whole. Fails with file-unreadable. */
export function readTextFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SecretregError(
      'file-unreadable',
      { file, reason: reasonOf(error) },
      { cause: error },
    );
  }
}
