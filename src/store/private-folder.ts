// Folders that only their owner enters, and that are still there after a power cut.
import { closeSync, constants, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { nodeCodeOf } from '../errors.ts';

/**
 * Makes the folder, and those above it, where they are missing. Fails as mkdir(2) does. (Not with the `recursive` of Node.js:
 * that never ends where the system says of a folder that is there that it is not, as it does in /proc, where none can be made.)
 */
export function makePrivateFolder(folder: string): void {
  try {
    make(folder);
  } catch (error) {
    if (nodeCodeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    makePrivateFolder(dirname(folder));
    make(folder);
  }
}

/** Another process may make it at the same time. */
function make(folder: string): void {
  try {
    mkdirSync(folder, 0o700);
  } catch (error) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    throw error;
  }
  syncFolder(dirname(folder));
}

/** Without it a new name may be gone after a power cut. As in SQLite it is no failure where a folder cannot be synced. */
export function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {}
}
