// The rows of a registry's file as the port's records, lines and heads, and the other way round.
import { SecretregError } from '../../errors.ts';
import type { AuditLine, ChainHead, Changes, StoredRecord } from '../store.ts';
import type { Connection, Row } from './connection.ts';
import type { Scope } from './scope.ts';

/** Commits whose attempt ids are kept: far more than can be made while one waits to be settled. */
const KEPT_COMMITS = 10_000;

/** What one commit wrote, and how to find it again. */
export interface Written {
  records: StoredRecord[];
  /** The position of the last record ever committed. */
  position: number;
  /** Undefined where nothing was written at all. */
  trace: Trace | undefined;
}

/** What is looked for where the outcome of a commit is unknown: its number, or where it has none its last record or audit line. */
export type Trace = { attemptId: string } & (
  | { n: number }
  | { position: number; key: string }
  | { auditPosition: number; line: string }
);

/** The wanted records past a position (all of them where it is undefined), inside a transaction of the caller. */
export function* readRecords(
  connection: Connection,
  scope: Scope,
  after: number | undefined,
  place: string,
): Iterable<StoredRecord> {
  const rows =
    after === undefined
      ? connection.iterate(scope.allSql, ...scope.bounds)
      : connection.iterate(scope.newSql, after, ...scope.bounds);
  for (const row of rows) yield toRecord(row, place);
}

/** The position of the last record ever committed. */
export function readPosition(connection: Connection, place: string): number {
  const text = connection.get("SELECT value FROM meta WHERE name = 'position'")?.value;
  const position = typeof text === 'string' ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(position) && position >= 0) return position;
  throw new SecretregError('registry-damaged', { place, reason: 'its position is lost' });
}

export function readHead(connection: Connection): ChainHead {
  const textOf = (row: Row | undefined) => (typeof row?.line === 'string' ? row.line : undefined);
  return {
    lastLine: textOf(connection.get('SELECT line FROM audit ORDER BY position DESC LIMIT 1')),
    lineAt: (seq) => textOf(connection.get('SELECT line FROM audit WHERE position = ?', seq)),
  };
}

/** The position of the oldest line that is there; 1 where there is none. */
export function firstAuditPosition(connection: Connection): number {
  return Number(connection.get('SELECT min(position) AS first FROM audit')?.first ?? 1);
}

export function lastAuditPosition(connection: Connection): number {
  return Number(connection.get('SELECT max(position) AS last FROM audit')?.last ?? 0);
}

/**
 * The position of the first line in this part of the trail that is of the time or later, or that is not JSON: whoever reads
 * that line reports it. undefined where all lines are older.
 */
export function auditPositionIn(
  connection: Connection,
  time: string,
  { from, to }: { from: number; to: number },
): number | undefined {
  const isOlder =
    "CASE WHEN json_valid(line) THEN coalesce(json_extract(line, '$.time') < ?, FALSE) ELSE FALSE END";
  const sql = `SELECT position FROM audit WHERE position BETWEEN ? AND ? AND NOT ${isOlder} ORDER BY position LIMIT 1`;
  const row = connection.get(sql, from, to, time);
  return row === undefined ? undefined : Number(row.position);
}

export function readAuditPage(connection: Connection, from: number, to: number): AuditLine[] {
  const sql =
    'SELECT position, line FROM audit WHERE position BETWEEN ? AND ? ORDER BY position LIMIT 500';
  return connection
    .all(sql, from, to)
    .map(({ position, line }) => ({ position: Number(position), line: String(line) }));
}

/** Writes changes after a position, inside a transaction of the caller. */
export function writeChanges(connection: Connection, changes: Changes, after: number): Written {
  let position = after;
  const records: StoredRecord[] = [];
  for (const { key, value } of changes.records) {
    position += 1;
    connection.run(PUT_RECORD, key, position, value);
    records.push({ position, key, value });
  }
  if (position !== after)
    connection.run("UPDATE meta SET value = ? WHERE name = 'position'", String(position));
  const auditPosition = writeLines(connection, changes.audit);
  if (changes.removeAuditTo !== undefined)
    connection.run('DELETE FROM audit WHERE position <= ?', changes.removeAuditTo);
  const { attemptId, n } = changes;
  if (n !== undefined) {
    connection.run('INSERT INTO commits(n, attempt_id) VALUES(?, ?)', n, attemptId);
    connection.run('DELETE FROM commits WHERE n <= ?', n - KEPT_COMMITS);
    return { records, position, trace: { attemptId, n } };
  }
  const last = records.at(-1);
  if (last !== undefined)
    return { records, position, trace: { attemptId, position, key: last.key } };
  const line = changes.audit.at(-1);
  return {
    records,
    position,
    trace: line === undefined ? undefined : { attemptId, auditPosition, line },
  };
}

export function isThere(connection: Connection, trace: Trace): boolean {
  return rowOf(connection, trace) !== undefined;
}

function rowOf(connection: Connection, trace: Trace): Row | undefined {
  if ('n' in trace) {
    const sql = 'SELECT 1 FROM commits WHERE n = ? AND attempt_id = ?';
    return connection.get(sql, trace.n, trace.attemptId);
  }
  if ('key' in trace) {
    const sql = 'SELECT 1 FROM records WHERE position = ? AND record_key = ?';
    return connection.get(sql, trace.position, trace.key);
  }
  const sql = 'SELECT 1 FROM audit WHERE position = ? AND line = ?';
  return connection.get(sql, trace.auditPosition, trace.line);
}

const PUT_RECORD = `INSERT INTO records(record_key, position, value) VALUES(?, ?, ?)
  ON CONFLICT(record_key) DO UPDATE SET position = excluded.position, value = excluded.value`;

/** The position of the last line, or 0 where there are none. */
function writeLines(connection: Connection, lines: readonly string[]): number {
  let position = 0;
  for (const line of lines) position = connection.run('INSERT INTO audit(line) VALUES(?)', line);
  return position;
}

function toRecord(row: Row, place: string): StoredRecord {
  const { position, record_key: key, value } = row;
  const fits =
    typeof position === 'number' &&
    typeof key === 'string' &&
    (value === null || value instanceof Uint8Array);
  if (fits) return { position, key, value };
  throw new SecretregError('registry-damaged', {
    place,
    reason: 'a row holds what no record holds',
  });
}
