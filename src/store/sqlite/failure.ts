// SQLite's and the system's error codes as rows of the error table, in words.
import { nodeCodeOf, SecretregError } from '../../errors.ts';
import { MAY_NOT_WRITE } from './writable.ts';

/** https://sqlite.org/rescode.html */
const BUSY = 5;
const LOCKED = 6;
const FULL = 13;
const IOERR_WRITE = 778;
const IOERR_SHMSIZE = 4874;

/** True where another connection is in the way: trying again may help. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === BUSY || code === LOCKED;
}

/**
 * True where a failed COMMIT surely left no complete commit in the log: the frame with the commit mark is written last, so the
 * write that failed was of that frame or of one before it. (An fsync that failed may leave the commit complete.)
 */
export function failedWhileWriting(error: unknown): boolean {
  return primaryCode(error) === FULL || sqliteCode(error) === IOERR_WRITE;
}

/** The error as one of the store's; anything that is neither SQLite's nor the system's is returned as it is. */
export function asStoreError(error: unknown, place: string): unknown {
  const code = sqliteCode(error);
  if (code !== undefined) return fromSqlite(error as SqliteError, code, place);
  // node:sqlite hands out no number beyond 2^53, and nothing of ours is as large.
  if (nodeCodeOf(error) === 'ERR_OUT_OF_RANGE') {
    const reason = 'it holds a number that no registry reaches';
    return new SecretregError('registry-damaged', { place, reason }, { cause: error });
  }
  const reason = systemReason(error);
  if (reason !== undefined) {
    return new SecretregError('store-unavailable', { place, reason }, { cause: error });
  }
  return error;
}

interface SqliteError extends Error {
  errcode: number;
  errstr?: string;
}

/** The extended result code. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

function primaryCode(error: unknown): number | undefined {
  const code = sqliteCode(error);
  return code === undefined ? undefined : code & 0xff;
}

function fromSqlite(error: SqliteError, code: number, place: string): SecretregError {
  const options = { cause: error };
  switch (code & 0xff) {
    case 1: // SQLITE_ERROR: our statements are fixed, so it is the tables that differ.
      return new SecretregError(
        'registry-damaged',
        { place, reason: 'its tables are not those of a registry' },
        options,
      );
    case 11: // SQLITE_CORRUPT
      return new SecretregError(
        'registry-damaged',
        { place, reason: 'parts of the file do not fit together' },
        options,
      );
    case 26: // SQLITE_NOTADB
      return new SecretregError(
        'not-a-registry',
        { place, reason: 'it is no SQLite database, or its beginning is destroyed' },
        options,
      );
    case 18: // SQLITE_TOOBIG
      return new SecretregError(
        'commit-rejected',
        { place, reason: 'a record is longer than SQLite can store' },
        options,
      );
    case 19: // SQLITE_CONSTRAINT
      return new SecretregError(
        'commit-rejected',
        { place, reason: 'its commit number was given already' },
        options,
      );
    default:
      return new SecretregError(
        'store-unavailable',
        { place, reason: reasonOf(error, code) },
        options,
      );
  }
}

function reasonOf(error: SqliteError, code: number): string {
  // The file -shm has to grow by a page before it is used, which fails on a full disk.
  if (code === IOERR_SHMSIZE) return 'the disk has no room for its file -shm';
  switch (code & 0xff) {
    case BUSY:
    case LOCKED:
      return 'another process has it locked';
    case 7: // SQLITE_NOMEM
      return 'there is not enough memory';
    case 8: // SQLITE_READONLY
      return MAY_NOT_WRITE;
    case 10: // SQLITE_IOERR
      return 'the disk reported an error while reading or writing';
    case FULL:
      return 'the disk is full';
    case 3: // SQLITE_PERM
    case 14: // SQLITE_CANTOPEN
    case 23: // SQLITE_AUTH
      return 'the file or one beside it (-wal, -shm) cannot be opened: check who may read and write them and the folder';
    default:
      return `SQLite says: ${error.errstr ?? `code ${code}`}`;
  }
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not enter or write the folder',
  EPERM: 'this user may not enter or write the folder',
  EROFS: 'the file system is mounted for reading only',
  ENOSPC: 'the disk is full',
  EDQUOT: "this user's share of the disk is used up",
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'a part of its path is a file, not a folder',
  EISDIR: 'it is a folder',
  ELOOP: 'a part of its path is a symbolic link that leads nowhere',
  ENAMETOOLONG: 'its path is too long for this file system',
  ENOENT: 'it was removed while it was being opened',
  EIO: 'the disk reported an error while reading or writing',
};

function systemReason(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  const code = String(error.code);
  return SYSTEM_REASONS[code] ?? `the system answers ${code}`;
}
