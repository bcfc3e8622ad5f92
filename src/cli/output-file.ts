// Files that commands write; new ones that may hold secrets have mode 0600. What takes the place of a file is written under
// a temporary name in the same folder, then moved into place, never through a link (the move replaces a link, and does not
// follow it).
import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { nodeCodeOf, SecretregError } from '../errors.ts';
import { failpoint } from '../failpoint.ts';
import { makePrivateFolder, syncFolder } from '../store/private-folder.ts';
import { reasonOf } from './system-reason.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY, W_OK } = constants;

/** Writes the whole file or leaves it as it was. Fails with file-not-writable. */
export function writeSecretFile(file: string, content: string | Uint8Array): void {
  throughTemporary(file, (temporary) => {
    refuseSpecial(file, 'special file');
    writeNew(temporary, content);
  });
}

/** Copies a file, with its mode, to one that is not there yet. Fails with file-not-writable. */
export function copySecretFile(from: string, file: string): void {
  const copy = (temporary: string) => {
    copyFileSync(from, temporary, constants.COPYFILE_EXCL);
    syncFile(temporary);
  };
  throughTemporary(file, copy, nameNew);
}

/** Like writeSecretFile, for what others may read: the file keeps its mode, and a new one gets what the umask leaves. */
export function writePublicFile(file: string, content: string): void {
  throughTemporary(file, (temporary) => {
    refuseSpecial(file, 'special report');
    const there = lstatSync(file, { throwIfNoEntry: false });
    writeNew(temporary, content, there?.isFile() === true ? there.mode & 0o777 : 'usual');
  });
}

/** Writes behind what is in the file. Fails with file-not-writable, also where it is not there. */
export function appendToFile(file: string, content: string): void {
  try {
    writeOpen(openSync(file, O_WRONLY | O_APPEND | O_NOFOLLOW), content);
  } catch (error) {
    throw notWritable(file, error);
  }
}

/**
 * Puts `content` in place of a file that still holds `before`; mode and owner stay. A link is refused: what it leads to may
 * lie anywhere. Fails with file-not-writable.
 */
export function replaceFile(file: string, before: string, content: string): void {
  throughTemporary(file, (temporary) => {
    writeNew(temporary, content, statUnchanged(file, before));
    statUnchanged(file, before);
  });
}

/** Fails with file-not-writable where `replaceFile` would, as far as that is known without writing. */
export function requireUnchanged(file: string, before: string): void {
  try {
    statUnchanged(file, before);
    accessSync(dirname(file), W_OK);
  } catch (error) {
    throw notWritable(file, error);
  }
}

/** Makes the folder that the file is to lie in, for its owner alone. Fails with file-not-writable. */
export function makeFolderOf(file: string): void {
  try {
    makePrivateFolder(dirname(file));
  } catch (error) {
    throw notWritable(file, error);
  }
}

/** The names of files that are not whole yet. A file that is still there under such a name was left by a killed command. */
export const TEMPORARY = /^\.secretreg-[0-9a-f]{16}\.tmp(-wal|-shm)?$/;

/** A new name of that kind, in the folder of the file. */
export function temporaryBeside(file: string): string {
  return join(dirname(file), `.secretreg-${randomBytes(8).toString('hex')}.tmp`);
}

function throughTemporary(
  file: string,
  write: (temporary: string) => void,
  name: (temporary: string, file: string) => void = renameSync,
): void {
  refuseDash(file);
  const temporary = temporaryBeside(file);
  try {
    write(temporary);
    failpoint('file-ready');
    name(temporary, file);
  } catch (error) {
    removeLeft(temporary);
    throw notWritten(file, error);
  }
  syncFolder(dirname(file));
}

/** Fails where the name is taken: rename(2) would replace a file that has just come there, and link(2) does not. */
function nameNew(temporary: string, file: string): void {
  try {
    linkSync(temporary, file);
  } catch (error) {
    if (!HAS_NO_LINKS.has(nodeCodeOf(error))) throw error;
    if (isTaken(file)) throw taken();
    renameSync(temporary, file);
    return;
  }
  rmSync(temporary);
}

/** The errors of file systems that have no links, such as FAT and network shares. */
const HAS_NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'ENOSYS']);

/** Never fails: what has to be reported is the error before. */
function removeLeft(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {}
}

function syncFile(file: string): void {
  const handle = openSync(file, O_RDONLY | O_NOFOLLOW);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function statUnchanged(file: string, before: string): Stats {
  // O_NONBLOCK: a pipe may have come in the place of the file, and must not block.
  const handle = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = fstatSync(handle);
    if (stat.isFile() && readFileSync(handle).equals(Buffer.from(before))) return stat;
    throw Object.assign(new Error('changed'), { code: 'changed' });
  } finally {
    closeSync(handle);
  }
}

/** Writes a file that is not there yet. Fails with file-not-writable where it is. */
export function createSecretFile(file: string, content: string | Uint8Array): void {
  refuseDash(file);
  try {
    writeNew(file, content);
  } catch (error) {
    throw notWritten(file, error);
  }
  syncFolder(dirname(file));
}

/** Fails with file-not-writable where `createSecretFile` would, as far as that is known without writing. */
export function requireNew(file: string): void {
  refuseDash(file);
  if (isTaken(file)) throw notWritten(file, taken());
  try {
    accessSync(dirname(file), W_OK);
  } catch (error) {
    throw notWritten(file, error);
  }
}

/** Elsewhere it is stdin: whoever means stdout must not find every secret in a file of that name. */
function refuseDash(file: string): void {
  if (file !== '-') return;
  throw new SecretregError(
    'wrong-use',
    { reason: "'-' is no file to write to: what goes to stdout goes there without a file's name" },
    { hint: './-    (a file that is called so)' },
  );
}

/** Whether anything has this name, a link that leads nowhere too. */
function isTaken(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

function taken(): Error {
  return Object.assign(new Error('it is there'), { code: 'EEXIST' });
}

const NEW_FILE = 'name a file that is not there yet, or move this one away: it is not written over';

/** The error, with a hint where the name is taken by a file. */
function notWritten(file: string, error: unknown): SecretregError {
  if (nodeCodeOf(error) !== 'EEXIST') return notWritable(file, error);
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true
    ? notWritable(file, Object.assign(new Error('a folder'), { code: 'EISDIR' }))
    : notWritable(file, error, { hint: NEW_FILE });
}

function notWritable(file: string, error: unknown, more: { hint?: string } = {}): SecretregError {
  const folder = dirname(file);
  const lacksFolder = nodeCodeOf(error) === 'ENOENT' && !existsSync(folder);
  const reason = lacksFolder ? `there is no folder '${folder}'` : reasonOf(error);
  return new SecretregError('file-not-writable', { file, reason }, { cause: error, ...more });
}

/** A device or a pipe would be replaced by a file, and so would the link /dev/stdout where stdout is a file. */
function refuseSpecial(file: string, special: string): void {
  const there = statSync(file, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (there.isFile() && !/^\/(?:dev$|proc\/)/.test(realpathSync(dirname(file)))) return;
  throw Object.assign(new Error('not a file'), {
    code: there.isDirectory() ? 'EISDIR' : special,
  });
}

/** The rights of a new file: a mode, the mode and owner of another file, or what the umask leaves. */
type Rights = number | Stats | 'usual';

/** Removes the file again where writing it fails. */
function writeNew(file: string, content: string | Uint8Array, rights: Rights = 0o600): void {
  const mode = rights === 'usual' ? 0o666 : 0o600;
  const handle = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  try {
    writeOpen(handle, content, () => {
      // A umask such as 0777 takes even the owner's rights.
      if (typeof rights === 'number') fchmodSync(handle, rights);
      else if (rights !== 'usual') copyRights(handle, rights);
    });
  } catch (error) {
    removeLeft(file);
    throw error;
  }
}

function writeOpen(handle: number, content: string | Uint8Array, prepare = () => {}): void {
  try {
    prepare();
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function copyRights(handle: number, { uid, gid, mode }: Stats): void {
  const own = fstatSync(handle);
  if (own.uid !== uid || own.gid !== gid) fchownSync(handle, uid, gid);
  fchmodSync(handle, mode & 0o7777);
}

/** True where both names lead to one file, by whatever links. */
export function isSameFile(one: string, other: string): boolean {
  const [first, second] = [one, other].map((name) => statSync(name, { throwIfNoEntry: false }));
  return first !== undefined && first.ino === second?.ino && first.dev === second.dev;
}
