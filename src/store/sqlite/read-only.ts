// Reading without leaving a trace. A plain read-only connection to a file in write-ahead mode still makes the files -shm and
// -wal beside it. Where no process has the file open there is no log to look into, and it is read as a file that nobody
// changes; afterwards we look whether somebody did.
import { statSync } from 'node:fs';
import { SecretregError } from '../../errors.ts';
import { type Connection, connectReadOnly } from './connection.ts';
import { lookAt } from './place.ts';

/** Opens the file and returns what `read` makes of it, all of one state of the file. */
export function readOnce<T>(file: string, place: string, read: (connection: Connection) => T): T {
  for (;;) {
    const before = look(file, place);
    let connection: Connection | undefined;
    try {
      connection = connectReadOnly(file, place, before.mode);
      const answer = read(connection);
      if (before.mode === 'ro' || look(file, place).signature === before.signature) return answer;
    } catch (error) {
      // A file that changes while it is read as an unchanging one looks damaged. Read it again.
      if (before.mode === 'ro' || look(file, place).signature === before.signature) throw error;
    } finally {
      connection?.close();
    }
  }
}

function look(file: string, place: string): { mode: 'ro' | 'immutable'; signature: string } {
  if (lookAt(file, place) !== 'file') throw new SecretregError('no-registry', { place });
  const [main, log, index] = [file, `${file}-wal`, `${file}-shm`].map((name) =>
    statSync(name, { throwIfNoEntry: false, bigint: true }),
  );
  const signature = [main, log].map((one) => `${one?.ino} ${one?.size} ${one?.mtimeNs}`).join();
  // The index (-shm) is there as long as a process has the file open, and stays after one that was killed.
  if (index !== undefined && log !== undefined) return { mode: 'ro', signature };
  if (log === undefined || log.size === 0n) return { mode: 'immutable', signature };
  const reason =
    'commits lie in its -wal file, and without its -shm file they can only be read by a command that may write';
  throw new SecretregError('store-unavailable', { place, reason });
}
