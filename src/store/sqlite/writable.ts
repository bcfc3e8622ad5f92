// Whether this user may write a registry, asked before SQLite is: it opens a file that it may not write for reading, and then
// makes the files beside it with the same mode, in whose way they stay when the mode of the file was put right.
import { accessSync, constants, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { shellWord } from '../../domain/shell-word.ts';
import { nodeCodeOf, SecretregError } from '../../errors.ts';

export const MAY_NOT_WRITE = 'this user may not write the file or its folder';

export interface Obstacle {
  reason: string;
  hint?: string;
}

/** Fails with store-unavailable. */
export function requireWritable(file: string, place: string): void {
  const obstacle = obstacleToWriting(file);
  if (obstacle === undefined) return;
  const { reason, hint } = obstacle;
  throw new SecretregError('store-unavailable', { place, reason }, { hint });
}

/** Why this user cannot write the registry; undefined where nothing is in the way, or something else than that right. */
export function obstacleToWriting(file: string): Obstacle | undefined {
  if (!may(file, constants.R_OK)) return undefined;
  const beside = [`${file}-wal`, `${file}-shm`];
  const areThere = beside.every((one) => isThere(one));
  // In a folder that is closed to writing SQLite still takes files that are there.
  const closed = [file, ...(areThere ? [] : [dirname(file)])].filter(mayReadOnly);
  if (closed.length > 0) return { reason: MAY_NOT_WRITE, ...mendedBy(closed) };
  const closedBeside = beside.filter(mayReadOnly);
  if (closedBeside.length === 0) return undefined;
  const names = closedBeside.map((one) => basename(one)).join(' and ');
  return { reason: `this user may not write ${names} beside it`, ...mendedBy(closedBeside) };
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function mayReadOnly(path: string): boolean {
  return isThere(path) && may(path, constants.R_OK) && !may(path, constants.W_OK);
}

function may(path: string, right: number): boolean {
  try {
    accessSync(path, right);
    return true;
  } catch (error) {
    // Of a file system that is mounted for reading only SQLite says so itself.
    return nodeCodeOf(error) !== 'EACCES';
  }
}

function mendedBy(paths: readonly string[]): { hint?: string } {
  return paths.every(isOwn)
    ? { hint: `chmod u+w ${paths.map((path) => shellWord(path)).join(' ')}` }
    : {};
}

/** Only the owner can give that right. */
function isOwn(path: string): boolean {
  try {
    return statSync(path).uid === process.geteuid?.();
  } catch {
    return false;
  }
}
