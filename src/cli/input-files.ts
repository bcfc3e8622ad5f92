// The files that a command is given: names, folders, globs, or `-` for stdin. One at a time, so that a large tree is
// never held in memory.
import { globSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { SecretregError } from '../errors.ts';
import { type Io, readStdin } from './io.ts';
import { reasonOf } from './output-file.ts';

export interface InputFile {
  /** As it is shown. */
  file: string;
  /** True where it was found in a folder or by a glob: then it need not be a connector's. */
  found: boolean;
  read(): Promise<string>;
}

/** Fails with file-unreadable where a named file is not there or a pattern fits nothing. */
export function inputFiles(io: Io, names: readonly string[]): InputFile[] {
  return names.flatMap((name) => {
    if (name === '-')
      return [
        { file: '<stdin>', found: false, read: async () => decode(await readStdin(io), '<stdin>') },
      ];
    if (isFolder(name)) return inFolder(name).map((file) => fileInput(file, true));
    if (!/[*?[{]/.test(name)) return [fileInput(name, false)];
    const matches = globSync(name)
      .filter((file) => !isFolder(file))
      .sort();
    if (matches.length === 0)
      throw new SecretregError('file-unreadable', {
        file: name,
        reason: 'the pattern fits no file',
      });
    return matches.map((file) => fileInput(file, true));
  });
}

/** One document, from a file or stdin. */
export async function readDocument(io: Io, name: string): Promise<{ file: string; text: string }> {
  const input = name === '-' ? inputFiles(io, [name])[0] : fileInput(name, false);
  if (input === undefined)
    throw new SecretregError('file-unreadable', {
      file: name,
      reason: 'there is no such file or folder',
    });
  return { file: input.file, text: await input.read() };
}

function inFolder(folder: string): string[] {
  const exclude = (name: string) => name === 'node_modules' || name === '.git';
  return globSync('**/*.json', { cwd: folder, exclude })
    .map((file) => join(folder, file))
    .filter((file) => !isFolder(file))
    .sort();
}

function fileInput(file: string, found: boolean): InputFile {
  return {
    file,
    found,
    read: async () => {
      if (!found) refuseOtherForms(file);
      try {
        return decode(readFileSync(file), file);
      } catch (error) {
        if (error instanceof SecretregError) throw error;
        throw new SecretregError(
          'file-unreadable',
          { file, reason: reasonOf(error) },
          { cause: error },
        );
      }
    },
  };
}

/** A parse error at the first character would say nothing of the real reason. */
function refuseOtherForms(file: string): void {
  if (!['.yaml', '.yml', '.properties', '.tf'].includes(extname(file).toLowerCase())) return;
  throw new SecretregError('file-unreadable', {
    file,
    reason: 'this version reads connectors as JSON only',
  });
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SecretregError('file-unreadable', { file, reason: 'it is not UTF-8 text' });
  }
}

function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
