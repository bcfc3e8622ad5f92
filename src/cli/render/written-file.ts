import { lstatSync, readFileSync } from 'node:fs';
import { writeSecretFile } from '../output-file.ts';

/** Writes a file of mode 0600; answers false, and leaves it alone, where it is there with this text. */
export function writeWhereNew(file: string, text: string): boolean {
  const there = lstatSync(file, { throwIfNoEntry: false });
  const isPrivate = there?.isFile() === true && (there.mode & 0o777) === 0o600;
  if (isPrivate && readFileSync(file, 'utf8') === text) return false;
  writeSecretFile(file, text);
  return true;
}
