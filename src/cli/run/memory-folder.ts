// Where files with values are made: on a file system in memory, where there is one, so that they are on no disk.
import { accessSync, constants, type Stats, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute } from 'node:path';

/** The user's own folder, which is removed at log-out; or that of the machine, /dev/shm; or that for temporary files. */
export function memoryFolder(env: Readonly<Record<string, string | undefined>>): string {
  const own = env['XDG_RUNTIME_DIR'] ?? '';
  if (isAbsolute(own) && isPrivate(statSync(own, { throwIfNoEntry: false }))) return own;
  return isWritable('/dev/shm') ? '/dev/shm' : tmpdir();
}

/** tmpfs and ramfs, as statfs(2) numbers them. */
const IN_MEMORY: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

export function isInMemory(folder: string): boolean {
  return IN_MEMORY.has(statfsSync(folder).type);
}

/** A folder of our own user that nobody else enters, as the XDG Base Directory Specification demands it. */
export function isPrivate(stat: Stats | undefined): boolean {
  return (
    stat?.isDirectory() === true && stat.uid === process.geteuid?.() && (stat.mode & 0o077) === 0
  );
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}
