// The tables of a registry's file, and how such a file is recognized. Nothing in a file is changed before that: a mistyped path
// must never alter somebody else's database.
import { SecretregError } from '../../errors.ts';
import type { Connection } from './connection.ts';

/** `SRG1`, as in every sealed value; shown by file(1) and kept by SQLite at byte 68. */
const APPLICATION_ID = 0x53524731;
const SCHEMA_VERSION = 1;

/** A value of NULL is a tombstone. `commits` settles commits of unknown outcome. */
const TABLES = [
  'CREATE TABLE records(record_key TEXT PRIMARY KEY NOT NULL, position INTEGER NOT NULL UNIQUE, value BLOB) STRICT',
  'CREATE TABLE audit(position INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL) STRICT',
  'CREATE TABLE commits(n INTEGER PRIMARY KEY, attempt_id TEXT NOT NULL) STRICT',
  'CREATE TABLE meta(name TEXT PRIMARY KEY NOT NULL, value TEXT) STRICT',
];
const SCHEMA = `
${TABLES.map((table) => `${table};`).join('\n')}
INSERT INTO meta VALUES('position', '0');
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** In one statement, and so of one moment: another process may be making the tables. */
const WHAT_IT_IS = `
SELECT (SELECT application_id FROM pragma_application_id) AS id,
  (SELECT user_version FROM pragma_user_version) AS version,
  (SELECT count(*) FROM sqlite_schema) AS tables`;

/** What a database is. Fails with not-a-registry where it is somebody else's. */
export function identify(connection: Connection, place: string): 'registry' | 'empty' {
  const { id, version, tables } = connection.get(WHAT_IT_IS) ?? {};
  if (id === APPLICATION_ID && version === SCHEMA_VERSION) {
    refuseForeignSchema(connection, place);
    return 'registry';
  }
  if (id === APPLICATION_ID) {
    const reason = `its tables have version ${Number(version)}, this secretreg knows ${SCHEMA_VERSION}`;
    throw new SecretregError('not-a-registry', { place, reason });
  }
  if (id === 0 && version === 0 && tables === 0) return 'empty';
  throw new SecretregError('not-a-registry', {
    place,
    reason: 'it is a database of another program',
  });
}

/**
 * Fails with registry-damaged where the file has anything but our tables. A trigger or a view in the place of a table
 * would make writes vanish that were confirmed, so every transaction that writes looks again.
 */
export function refuseForeignSchema(connection: Connection, place: string): void {
  const found = connection
    .all(
      "SELECT coalesce(sql, '') AS sql FROM sqlite_schema WHERE name NOT IN (" +
        "'sqlite_sequence', 'sqlite_autoindex_records_1', 'sqlite_autoindex_records_2', 'sqlite_autoindex_meta_1')" +
        " OR type NOT IN ('table', 'index')",
    )
    .map(({ sql }) => String(sql));
  if (found.length === TABLES.length && TABLES.every((table) => found.includes(table))) return;
  throw new SecretregError('registry-damaged', {
    place,
    reason: 'its schema is not that of a registry: a table, trigger or view was put in or changed',
  });
}

/** Makes the tables in an empty database, unless another process made them first. */
export function makeSchema(connection: Connection, place: string): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    if (identify(connection, place) === 'empty') connection.exec(SCHEMA);
    connection.exec('COMMIT');
  } catch (error) {
    connection.rollback();
    throw error;
  }
}
