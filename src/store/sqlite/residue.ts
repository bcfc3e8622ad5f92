// Replaced and removed bytes: secure_delete has overwritten them in their pages, but older pages may still stand in the log,
// and free ones in the file.
import type { Residue } from '../store.ts';
import type { Connection } from './connection.ts';
import { asStoreError, isBusy } from './failure.ts';
import { hasCode } from '../../errors.ts';

/** Rewrites the file without free pages and empties the log. Fails while another process uses it, see `isInUse`. */
export function rewrite(connection: Connection): Residue {
  emptyLog(connection);
  // VACUUM copies through a temporary database: kept in memory, so that no file of it stays anywhere.
  connection.exec('PRAGMA temp_store=MEMORY');
  connection.exec('VACUUM');
  emptyLog(connection);
  return { gone: true, text: '' };
}

/** True where `rewrite` may succeed a little later. */
export function isInUse(error: unknown): boolean {
  return error instanceof StillRead || isBusy(error);
}

/**
 * What stays after `rewrite` failed. Throws the failure where something else is wrong. The change itself was committed before:
 * a file that is damaged (SQLite says so too where a disk does not give a page) undoes nothing of it.
 */
export function leftBecause(error: unknown, place: string, seconds: number): Residue {
  if (isInUse(error)) return left(place, `another process had it in use for ${seconds} s`);
  const failure = asStoreError(error, place);
  if (hasCode(failure, 'store-unavailable', 'registry-damaged'))
    return left(place, failure.params.reason);
  throw failure;
}

/** Another connection still needs pages of the log. */
class StillRead extends Error {}

function emptyLog(connection: Connection): void {
  const { busy } = connection.get('PRAGMA wal_checkpoint(TRUNCATE)') ?? {};
  if (busy !== 0) throw new StillRead('another process reads the log');
}

function left(place: string, why: string): Residue {
  return {
    gone: false,
    text: `old sealed values may stay in ${place} and in the -wal file beside it, because ${why}; they stay until this is done again without that`,
  };
}
