// A copy of the file as it is at one moment, while other processes write on.
import { closeSync, fsyncSync, openSync } from 'node:fs';
import type { Connection } from './connection.ts';

/**
 * VACUUM INTO reads in one transaction, for which no writer waits (the file has a log), and writes no free pages. SQLite
 * itself does not wait for the disk then.
 */
export function copyInto(connection: Connection, file: string): void {
  connection.run('VACUUM INTO ?', file);
  const descriptor = openSync(file, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
