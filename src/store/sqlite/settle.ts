// What became of a commit that SQLite said failed. An fsync that fails leaves the frames of the commit in the log, and
// the next recovery may find them complete (seen: EIO on fsync, COMMIT failed, the row was there after reopening). So
// the handle is given up, the file opened anew and asked; and whatever the answer is, it is made final before it is given.
import { SecretregError } from '../../errors.ts';
import { failpoint } from '../../failpoint.ts';
import type { Connection } from './connection.ts';
import { failedWhileWriting } from './failure.ts';
import { type LockWait, retry } from './lock-wait.ts';
import { isThere, type Trace } from './rows.ts';

/** True where the commit holds. Fails with outcome-unknown where that cannot be found out before the time is over. */
export async function settle(
  open: () => Connection,
  trace: Trace,
  failure: unknown,
  wait: LockWait,
): Promise<boolean> {
  // Whoever interrupts has to learn the outcome all the same.
  const patience = { ...wait, signal: undefined, again: () => true };
  return retry(
    () => settleOnce(open(), trace, failure, wait.place),
    patience,
    (error) => {
      const params = { place: wait.place, attempt: trace.attemptId };
      throw new SecretregError('outcome-unknown', params, { cause: error });
    },
  );
}

function settleOnce(
  connection: Connection,
  trace: Trace,
  failure: unknown,
  place: string,
): boolean {
  try {
    failpoint('commit-settling');
    checkWhole(connection, place);
    return makeFinal(connection, trace, failure);
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Fails with registry-damaged where SQLite's own check finds something. */
function checkWhole(connection: Connection, place: string): void {
  const answer = connection.get('PRAGMA quick_check(1)')?.quick_check;
  if (answer === 'ok') return;
  throw new SecretregError('registry-damaged', {
    place,
    reason: 'SQLite finds its pages inconsistent',
  });
}

function makeFinal(connection: Connection, trace: Trace, failure: unknown): boolean {
  if (isThere(connection, trace)) {
    makeDurable(connection);
    return true;
  }
  if (!failedWhileWriting(failure)) overwriteRemains(connection);
  return isThere(connection, trace);
}

/** After a failed fsync the log's pages count as written though they are not: a checkpoint writes them elsewhere, and syncs. */
function makeDurable(connection: Connection): void {
  const { busy } = connection.get('PRAGMA wal_checkpoint(FULL)') ?? {};
  if (busy !== 0) throw new Error('another process reads the log');
}

/** Writes a commit over the place of the failed one in the log, so that no later recovery can find the failed one complete. */
function overwriteRemains(connection: Connection): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    connection.run(
      "INSERT INTO meta VALUES('settled', '1') ON CONFLICT(name) DO UPDATE SET value = value + 1",
    );
    connection.exec('COMMIT');
  } catch (error) {
    connection.rollback();
    throw error;
  }
}
