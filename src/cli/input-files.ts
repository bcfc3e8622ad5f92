// The files that a command is given: names, folders, globs, or `-` for stdin. One at a time, so that a large tree is
// never held in memory.
import { type Dirent, existsSync, globSync, readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { hasCode, SecretregError } from '../errors.ts';
import { STDIN } from '../validator/diagnostic.ts';
import { connectorText, decoded, type FileKind } from './connector-text.ts';
import { type Io, readStdin } from './io.ts';
import { unreadable } from './text-file.ts';

export interface InputFile {
  /** As it is shown. */
  file: string;
  /** True where it was found in a folder or by a glob: then it need not be a connector's. */
  found: boolean;
  isRegular?: boolean;
  isStdin?: boolean;
  read(): Promise<string>;
}

/**
 * Fails with file-unreadable where a pattern fits nothing; that a named file is not there is told when it is read. `found`:
 * those that are named need not be a connector's either.
 */
export function inputFiles(
  io: Io,
  names: readonly string[],
  { found = false }: { found?: boolean } = {},
): InputFile[] {
  return names.flatMap((name) => {
    if (name === '-') return [stdinInput(io, found)];
    if (isFolder(name)) {
      const files = inFolder(name);
      // A gate in CI that looks at nothing must not pass.
      if (files.length === 0) throw nothingIn(name);
      return files;
    }
    // A file may be called as a pattern is: `orders[1].json`.
    if (!/[*?[{]/.test(name) || existsSync(name))
      return [fileInput(name, { found, isNamed: true })];
    const matches = globSync(name)
      .filter((file) => !isFolder(file))
      .sort();
    if (matches.length === 0)
      throw new SecretregError('file-unreadable', {
        file: name,
        reason: 'the pattern fits no file',
      });
    return matches.map((file) => fileInput(file, { found: true }));
  });
}

function stdinInput(io: Io, found = false): InputFile {
  const file = STDIN;
  return {
    file,
    found,
    isStdin: true,
    read: async () => decoded(await readStdin(io), file, found),
  };
}

function nothingIn(folder: string): SecretregError {
  return new SecretregError('file-unreadable', {
    file: folder,
    reason: `no file is in it that may hold a connector (${EXTENSIONS.join(', ')})`,
  });
}

/** The text; for a file that was found, also why it cannot be read. Fails with file-unreadable for a file that was named. */
export async function textOrFault(
  input: InputFile,
): Promise<string | SecretregError<'file-unreadable'>> {
  try {
    return await input.read();
  } catch (error) {
    if (input.found && hasCode(error, 'file-unreadable')) return error;
    throw error;
  }
}

/** One document, from a file or stdin. */
export async function readDocument(io: Io, name: string): Promise<{ file: string; text: string }> {
  const input = name === '-' ? stdinInput(io) : fileInput(name);
  return { file: input.file, text: await input.read() };
}

/** Every file below a folder with one of EXTENSIONS. A link to a file counts; one to a folder could lead in a circle. */
function inFolder(folder: string): InputFile[] {
  const files: string[] = [];
  /** Links, pipes and devices. */
  const others = new Set<string>();
  const folders = [join(folder)];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of entriesOf(next)) {
      const place = inside(next, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(entry.name)) folders.push(place);
      } else if (isOfConnector(entry.name) && !(entry.isSymbolicLink() && isFolder(place))) {
        files.push(place);
        if (!entry.isFile()) others.add(place);
      }
    }
  }
  return files.sort().map((file) => fileInput(file, { found: true, isRegular: !others.has(file) }));
}

/** A faster `join`, for a folder that was joined already: there may be ten thousand files. */
function inside(folder: string, name: string): string {
  if (folder === '.') return name;
  return folder.endsWith(sep) ? folder + name : `${folder}${sep}${name}`;
}

/** The formats of src/documents, as docs/ci.md lists them. A file that is named is read whatever it is called. */
const EXTENSIONS = [
  '.json',
  '.yaml',
  '.yml',
  '.properties',
  '.tf',
  '.sql',
  '.ksql',
  '.sh',
  '.bash',
] as const;

/** Windows, and what was written there, has endings in upper case. */
function isOfConnector(name: string): boolean {
  const lower = name.toLowerCase();
  return EXTENSIONS.some((extension) => lower.endsWith(extension));
}

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', '.git']);

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

/** A file that was named, unless the options say otherwise. */
export function fileInput(
  file: string,
  { found = false, isRegular = false, isNamed = !found }: Partial<FileKind> = {},
): InputFile {
  return {
    file,
    found,
    isRegular,
    read: async () => {
      try {
        return connectorText(file, { found, isRegular, isNamed });
      } catch (error) {
        throw error instanceof SecretregError ? error : unreadable(file, error);
      }
    },
  };
}

/** False, too, for what cannot be looked at, such as a link that leads in a circle: reading it says why. */
export function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch {
    return false;
  }
}
