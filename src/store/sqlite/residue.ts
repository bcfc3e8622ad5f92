// Replaced and removed bytes: secure_delete has overwritten them in their pages, but the log may still hold pages from
// before, and the file pages that are free.
import type { Residue } from '../store.ts';
import type { Connection } from './connection.ts';
import { isBusy } from './failure.ts';

/** Rewrites the file without free pages and empties the log. Fails as busy while another process reads or writes. */
export function rewrite(connection: Connection): void {
  emptyLog(connection);
  // VACUUM copies through a temporary database: kept in memory, so that no file of it stays anywhere.
  connection.exec('PRAGMA temp_store=MEMORY');
  connection.exec('VACUUM');
  emptyLog(connection);
}

export const clean: Residue = { gone: true, text: '' };

export function leftBecause(error: unknown, place: string, seconds: number): Residue {
  const why =
    error instanceof StillRead || isBusy(error)
      ? `another process had it in use for ${seconds} s`
      : 'there was no room to write it anew';
  return {
    gone: false,
    text: `old sealed values may stay in ${place} and the -wal file beside it, because ${why}; they go when the last process closes it or the next command cleans up`,
  };
}

/** Another connection still needs pages of the log. */
export class StillRead extends Error {}

function emptyLog(connection: Connection): void {
  const { busy } = connection.get('PRAGMA wal_checkpoint(TRUNCATE)') ?? {};
  if (busy !== 0) throw new StillRead('another process reads the log');
}
