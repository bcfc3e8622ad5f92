// One connection to a registry's file: opened with the settings that durability and hygiene need, its statements kept.
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { SecretregError } from '../../errors.ts';
import { createFile, type Identity, identityOf, lookAt } from './place.ts';
import { identify, makeSchema } from './schema.ts';
import { requireWritable } from './writable.ts';

export type Row = ReturnType<StatementSync['all']>[number];

export class Connection {
  /** Which file was opened: another one may get its name later. */
  readonly identity: Identity | undefined;
  readonly mode: 'rw' | 'ro' | 'immutable';
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string, mode: 'rw' | 'ro' | 'immutable') {
    const url = pathToFileURL(file);
    // Without mode=rw SQLite would make a file that is missing.
    url.search = { rw: 'mode=rw', ro: 'mode=ro', immutable: 'mode=ro&immutable=1' }[mode];
    this.mode = mode;
    this.identity = identityOf(file);
    this.#database = new DatabaseSync(url, { readOnly: mode !== 'rw', timeout: 0 });
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepared(sql).get(...values);
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepared(sql).all(...values);
  }

  iterate(sql: string, ...values: SQLInputValue[]): Iterable<Row> {
    return this.#prepared(sql).iterate(...values);
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepared(sql).run(...values).lastInsertRowid);
  }

  /** Ends a transaction without its changes, where SQLite has not done so itself. A connection that cannot is closed. */
  rollback(): void {
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    } catch {
      this.close();
    }
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/**
 * A connection for reading and writing. With `create` an empty database becomes a registry. Fails with no-registry or
 * not-a-registry.
 */
export function connect(
  file: string,
  place: string,
  options: { create?: boolean } = {},
): Connection {
  const created = options.create ? createdHere(file, place) : undefined;
  if (!options.create && lookAt(file, place) !== 'file') {
    throw new SecretregError('no-registry', { place });
  }
  requireWritable(file, place);
  return opened(new Connection(file, 'rw'), (connection) => {
    if (created !== undefined && connection.identity !== created) {
      throw new SecretregError('not-a-registry', {
        place,
        reason: 'it was replaced while it was made',
      });
    }
    connection.exec(SETTINGS);
    const what = identify(connection, place);
    if (what === 'empty' && !options.create) throw new SecretregError('no-registry', { place });
    requireSetting(connection, place, 'journal_mode=WAL', 'wal');
    requireSetting(connection, place, 'synchronous', 2);
    if (what === 'empty') makeSchema(connection, place);
  });
}

/** A connection that changes nothing and makes no file. `immutable` where no process may have the file open. */
export function connectReadOnly(file: string, place: string, mode: 'ro' | 'immutable'): Connection {
  return opened(new Connection(file, mode), (connection) => {
    connection.exec(READ_SETTINGS);
    if (identify(connection, place) === 'empty') throw new SecretregError('no-registry', { place });
  });
}

/** Nothing in a file that somebody may have tampered with is run or trusted; no page is read past the cache's checks. */
const READ_SETTINGS = `
PRAGMA trusted_schema=OFF;
PRAGMA cell_size_check=ON;
PRAGMA mmap_size=0;
`;

/** FULL: a commit is answered only after fsync. secure_delete: what is replaced or removed is overwritten with zeros. */
const SETTINGS = `${READ_SETTINGS}
PRAGMA synchronous=FULL;
PRAGMA secure_delete=ON;
`;

function createdHere(file: string, place: string): Identity | undefined {
  return lookAt(file, place) === 'file' ? undefined : createFile(file, place);
}

/** SQLite answers with the setting that is in force, which need not be the one that was asked for. */
function requireSetting(
  connection: Connection,
  place: string,
  pragma: string,
  wanted: string | number,
): void {
  const [name = ''] = pragma.split('=');
  const answer = connection.get(`PRAGMA ${pragma}`)?.[name];
  if (answer === wanted) return;
  const reason = `SQLite's ${name} has to be ${wanted} here, and it is ${String(answer)}`;
  throw new SecretregError('store-unavailable', { place, reason });
}

function opened(connection: Connection, prepare: (connection: Connection) => void): Connection {
  try {
    prepare(connection);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
