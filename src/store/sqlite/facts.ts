// What an operator should know of a registry's file.
import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StoreFact } from '../store.ts';
import type { Connection } from './connection.ts';
import { firstAuditPosition, lastAuditPosition } from './rows.ts';
import { isBusy } from './failure.ts';
import { obstacleToWriting } from './writable.ts';

export function factsOf(connection: Connection, file: string): StoreFact[] {
  return [
    { name: 'sqlite', state: 'ok', text: `SQLite ${process.versions.sqlite}` },
    ...(connection.mode === 'rw' ? [...settings(connection), writeLock(connection, file)] : []),
    integrity(connection),
    { name: 'size', state: 'ok', text: `${sizeOf(file)} bytes` },
    logSize(file),
    ...freeDisk(file),
    rights(file, 'mode', 0o600),
    rights(dirname(file), 'folder', 0o700),
    count(connection, 'records', 'SELECT count(*) AS n FROM records WHERE value IS NOT NULL'),
    { name: 'audit lines', state: 'ok', text: String(auditLines(connection)) },
  ];
}

/** By the first and the last position: counting the rows would read them all. */
function auditLines(connection: Connection): number {
  return lastAuditPosition(connection) - firstAuditPosition(connection) + 1;
}

/** SQLite checkpoints the log every 1,000 pages (4 MB). Where it is larger than this, some process keeps SQLite from that. */
const LARGE_LOG = 64 * 1024 * 1024;
const LITTLE_DISK = 100 * 1024 * 1024;
/** With less the next commit may find no room, and what cannot be recorded in the audit trail is not answered. */
const NO_DISK = 1024 * 1024;
/** SQLite makes two files beside the registry, and a command that writes a file one more. */
const FEW_FILES = 16;

function settings(connection: Connection): StoreFact[] {
  return [
    setting(connection, 'journal_mode', 'wal'),
    setting(connection, 'synchronous', 2, 'full: a commit is on the disk before it is answered'),
    setting(connection, 'secure_delete', 1, 'on: replaced bytes are overwritten'),
  ];
}

function setting(
  connection: Connection,
  name: string,
  wanted: string | number,
  text = String(wanted),
): StoreFact {
  const value = connection.get(`PRAGMA ${name}`)?.[name];
  if (value === wanted) return { name, state: 'ok', text };
  return { name, state: 'fail', text: `${String(value)}, which should be ${wanted}` };
}

/** The lock ends with its process, so none is left behind. A process that hangs keeps it. */
function writeLock(connection: Connection, file: string): StoreFact {
  const name = 'right to write';
  // A connection that was opened for reading only, or before the right was taken away, begins a transaction all the same.
  const obstacle = obstacleToWriting(file);
  if (obstacle !== undefined) return { name, state: 'fail', text: obstacle.reason };
  try {
    connection.exec('BEGIN IMMEDIATE');
    connection.rollback();
    return { name, state: 'ok', text: 'free' };
  } catch (error) {
    if (!isBusy(error)) throw error;
    const text =
      'another process has it at this moment: where it has it when you ask again, that one hangs';
    return { name, state: 'warn', text };
  }
}

function integrity(connection: Connection): StoreFact {
  const name = 'integrity';
  const [first] = connection.all('PRAGMA integrity_check(1)');
  if (first?.integrity_check === 'ok')
    return { name, state: 'ok', text: 'every page and index fits' };
  return {
    name,
    state: 'fail',
    text: 'the pages do not fit together: restore the file from a backup',
  };
}

function logSize(file: string): StoreFact {
  const size = sizeOf(`${file}-wal`);
  const state = size > LARGE_LOG ? 'warn' : 'ok';
  const why = state === 'warn' ? ': a process that reads for long keeps it from being emptied' : '';
  return { name: 'log size', state, text: `${size} bytes${why}` };
}

function freeDisk(file: string): StoreFact[] {
  const { bavail, bsize, files, ffree } = statfsSync(dirname(file));
  const free = bavail * bsize;
  const state = free < NO_DISK ? 'fail' : free < LITTLE_DISK ? 'warn' : 'ok';
  const why = state === 'fail' ? ': without room nothing is written and no value handed out' : '';
  const facts: StoreFact[] = [
    { name: 'free disk', state, text: `${Math.floor(free / 1024 / 1024)} MiB${why}` },
  ];
  // File systems that make room for files as they need it say 0 of 0.
  if (files > 0 && ffree < FEW_FILES)
    facts.push({ name: 'free files', state: 'warn', text: `the disk has room for ${ffree} more` });
  return facts;
}

/** A warning where others than the owner have rights. */
function rights(path: string, name: string, wanted: number): StoreFact {
  const mode = (statSync(path).mode & 0o777).toString(8).padStart(4, '0');
  if ((statSync(path).mode & 0o077) === 0) return { name, state: 'ok', text: mode };
  const right = wanted.toString(8).padStart(4, '0');
  return {
    name,
    state: 'warn',
    text: `${mode}, ${right} is right: other users have rights on ${path}`,
  };
}

function count(connection: Connection, name: string, sql: string): StoreFact {
  return { name, state: 'ok', text: String(connection.get(sql)?.n) };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
