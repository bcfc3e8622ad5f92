// The default engine: one SQLite file, used by several processes at once. `decide` runs inside BEGIN IMMEDIATE, so what
// it decides on cannot change before the commit. A transaction is one synchronous stretch; only waits are asynchronous.
import { setImmediate } from 'node:timers/promises';
import { hasCode, SecretregError } from '../../errors.ts';
import { failpoint } from '../../failpoint.ts';
import type {
  AuditLine,
  ChainHead,
  Changes,
  OpenOptions,
  Residue,
  Store,
  StoredRecord,
  StoreReport,
} from '../store.ts';
import { AuditQueue } from '../audit-queue.ts';
import { Queue } from '../queue.ts';
import { type Connection, connect } from './connection.ts';
import { asStoreError } from './failure.ts';
import { factsOf } from './facts.ts';
import { type LockWait, retry, retryWhileBusy } from './lock-wait.ts';
import { type Identity, identityOf, refuseNetworkFileSystem } from './place.ts';
import { readOnce } from './read-only.ts';
import { isInUse, leftBecause, rewrite } from './residue.ts';
import {
  auditPositionIn,
  firstAuditPosition,
  lastAuditPosition,
  readAuditPage,
  readHead,
  readPosition,
  readRecords,
  type Written,
  writeChanges,
} from './rows.ts';
import { refuseForeignSchema } from './schema.ts';
import { type Scope, scopeOf } from './scope.ts';
import { settle } from './settle.ts';

export interface SqliteStoreOptions {
  /** Absolute. */
  file: string;
  /** How long another process may hold the lock before a call fails with store-locked. */
  lockTimeoutMs?: number;
  /** Gives numbers from 0 up to 1, by which the moments of trying again differ. */
  random?: () => number;
}

/** How many lines of the trail are searched for a time in one stretch, which takes some 20 ms. */
const SEARCHED_AT_ONCE = 20_000;

export class SqliteStore implements Store {
  readonly place: string;
  readonly auditChains = 'one';
  readonly givesReplaced = false;
  readonly #file: string;
  readonly #lockTimeoutMs: number;
  readonly #random: () => number;
  readonly #audits = new AuditQueue();
  #state: 'new' | 'open' | 'read-only' | 'closed' = 'new';
  #apply: (record: StoredRecord) => void = () => {};
  #scope: Scope = scopeOf(undefined);
  #signal: AbortSignal | undefined;
  /** Absent while read-only, and after a failure until the next call opens the file anew. */
  #connection: Connection | undefined;
  #identity: Identity | undefined;
  /** Everything up to here has been applied; undefined before the first reading. */
  #position: number | undefined;
  /** SQLite's data_version of the state that was last read; each connection counts for itself. */
  #dataVersion: unknown;
  /** A handle never has two transactions. */
  readonly #queue = new Queue();
  #look: Promise<void> | undefined;

  constructor(options: SqliteStoreOptions) {
    this.#file = options.file;
    this.place = `file:${options.file}`;
    this.#lockTimeoutMs = options.lockTimeoutMs ?? 5000;
    this.#random = options.random ?? Math.random;
  }

  open(apply: (record: StoredRecord) => void, options: OpenOptions = {}): Promise<void> {
    return this.#queue.run(async () => {
      if (this.#state !== 'new') throw this.#unavailable('it was opened before');
      this.#apply = apply;
      this.#scope = scopeOf(options.scope);
      this.#signal = options.signal;
      await this.#whileBusy(() => refuseNetworkFileSystem(this.#file, this.place));
      if (options.readOnly) {
        await this.#whileBusy(() => this.#readWithoutTrace());
        this.#state = 'read-only';
        return;
      }
      await this.#whileBusy(() => {
        this.#connection ??= connect(this.#file, this.place, { create: options.create ?? false });
        this.#identity = this.#connection.identity;
        this.#catchUp(this.#connection);
      });
      this.#state = 'open';
    });
  }

  /** Calls of one turn of the event loop share a look, which begins after all of them. */
  catchUp(): Promise<void> {
    this.#look ??= setImmediate().then(() => {
      this.#look = undefined;
      return this.#queue.run(() => this.#whileBusy(() => this.#lookForNew()));
    });
    return this.#look;
  }

  async reread(): Promise<void> {
    this.#position = undefined;
    this.#dataVersion = undefined;
    await this.catchUp();
  }

  transact(decide: (head: ChainHead) => Changes): Promise<void> {
    return this.#queue.run(() =>
      this.#commit((connection) => {
        this.#readNew(connection);
        return writeChanges(connection, decide(readHead(connection)), this.#position ?? 0);
      }),
    );
  }

  appendAudit(make: (head: ChainHead) => readonly string[]): Promise<void> {
    return this.#audits.add(make, (makeAll) =>
      this.#queue.run(() =>
        this.#commit((connection) => {
          const audit = makeAll(readHead(connection));
          const changes = { attemptId: 'of audit lines', n: undefined, records: [], audit };
          return writeChanges(connection, changes, this.#position ?? 0);
        }),
      ),
    );
  }

  auditBegin(): Promise<number> {
    return this.#read(firstAuditPosition);
  }

  /** In stretches, between which others are answered. */
  async auditPositionAt(time: string): Promise<number> {
    const end = await this.#read(lastAuditPosition);
    for (let from = await this.auditBegin(); from <= end; from += SEARCHED_AT_ONCE) {
      const part = { from, to: Math.min(from + SEARCHED_AT_ONCE - 1, end) };
      const found = await this.#read((connection) => auditPositionIn(connection, time, part));
      if (found !== undefined) return found;
    }
    return end + 1;
  }

  async *readAudit(from = 1): AsyncIterable<AuditLine> {
    const end = await this.#read(lastAuditPosition);
    for (let next = Math.max(from, 1); next <= end; ) {
      const first = next;
      const page = await this.#read((connection) => readAuditPage(connection, first, end));
      yield* page;
      next = (page.at(-1)?.position ?? end) + 1;
    }
  }

  async inspect(): Promise<StoreReport> {
    const facts = await this.#read((connection) => factsOf(connection, this.#file));
    return { place: this.place, facts };
  }

  removeResidue(): Promise<Residue> {
    return this.#queue.run(async () => {
      const connection = await this.#whileBusy(() => this.#writable());
      const left = (error: unknown) => leftBecause(error, this.place, this.#lockTimeoutMs / 1000);
      try {
        return await retry(() => rewrite(connection), { ...this.#wait(), again: isInUse }, left);
      } catch (error) {
        this.#drop();
        return left(error);
      }
    });
  }

  copyTo(file: string): Promise<void> {
    // It reads in one transaction, for which no writer waits (the file has a log), and writes no free pages.
    return this.#queue.run(() =>
      this.#whileBusy(() => void this.#writable().run('VACUUM INTO ?', file)),
    );
  }

  close(): Promise<void> {
    return this.#queue.run(async () => {
      this.#state = 'closed';
      // Closed by its last process, SQLite moves the log into the file and removes it.
      this.#drop();
    });
  }

  /** One transaction: begun, filled by `body`, committed; where COMMIT fails, it is settled what became of it. */
  async #commit(body: (connection: Connection) => Written): Promise<void> {
    const { written, failure } = await this.#whileBusy(() => {
      const connection = this.#writable();
      connection.exec('BEGIN IMMEDIATE');
      try {
        refuseForeignSchema(connection, this.place);
        const written = body(connection);
        return { written, failure: commitOrFail(connection, written) };
      } catch (error) {
        connection.rollback();
        throw error;
      }
    });
    if (failure === undefined) this.#applyOwn(written);
    else await this.#settle(written, failure.error);
  }

  async #settle(written: Written, failure: unknown): Promise<void> {
    this.#drop();
    if (written.trace === undefined) throw asStoreError(failure, this.place);
    const open = () => this.#usable();
    const committed = await settle(open, written.trace, failure, this.#wait());
    if (!committed) throw asStoreError(failure, this.place);
    await this.#whileBusy(() => this.#catchUp(this.#usable()));
  }

  #applyOwn(written: Written): void {
    for (const record of written.records) {
      if (this.#scope.includes(record.key)) this.#apply(record);
    }
    if (written.records.length > 0) this.#position = written.position;
  }

  #lookForNew(): void {
    this.#requireOpen();
    if (this.#state === 'read-only') this.#readWithoutTrace();
    else this.#catchUp(this.#usable());
  }

  #catchUp(connection: Connection): void {
    // One transaction, so that rows, position and data_version are of one state.
    connection.exec('BEGIN');
    try {
      this.#readNew(connection);
    } finally {
      connection.rollback();
    }
  }

  #readNew(connection: Connection): void {
    const dataVersion = connection.get('PRAGMA data_version')?.data_version;
    if (dataVersion === this.#dataVersion) return;
    const position = this.#newPosition(connection);
    for (const record of readRecords(connection, this.#scope, this.#position, this.place)) {
      this.#apply(record);
    }
    this.#position = position;
    this.#dataVersion = dataVersion;
  }

  #readWithoutTrace(): void {
    const { records, position } = readOnce(this.#file, this.place, (connection) => {
      connection.exec('BEGIN');
      const position = this.#newPosition(connection);
      const records = [...readRecords(connection, this.#scope, this.#position, this.place)];
      return { records, position };
    });
    for (const record of records) this.#apply(record);
    this.#position = position;
  }

  #newPosition(connection: Connection): number {
    const position = readPosition(connection, this.place);
    if (position >= (this.#position ?? 0)) return position;
    throw this.#unavailable('an older file was put in its place while it was open');
  }

  #read<T>(read: (connection: Connection) => T): Promise<T> {
    return this.#queue.run(() =>
      this.#whileBusy(() => {
        this.#requireOpen();
        if (this.#state === 'read-only') return readOnce(this.#file, this.place, read);
        return read(this.#usable());
      }),
    );
  }

  #writable(): Connection {
    this.#requireOpen();
    if (this.#state === 'read-only') throw this.#unavailable('it was opened for reading only');
    return this.#usable();
  }

  /** The connection, or a new one after a failure. Fails where the file was removed or replaced since it was opened. */
  #usable(): Connection {
    if (identityOf(this.#file) !== this.#identity) {
      throw this.#unavailable('the file was removed or replaced while it was open');
    }
    if (this.#connection?.isOpen) return this.#connection;
    this.#drop();
    this.#connection = connect(this.#file, this.place);
    return this.#connection;
  }

  #drop(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#dataVersion = undefined;
    connection?.close();
  }

  /** Failures leave as rows of the error table. A handle that failed is not used again. */
  async #whileBusy<T>(work: () => T): Promise<T> {
    try {
      return await retryWhileBusy(work, this.#wait());
    } catch (error) {
      const failure = this.#ofOpenRegistry(asStoreError(error, this.place));
      if (hasCode(failure, 'store-unavailable', 'registry-damaged')) this.#drop();
      throw failure;
    }
  }

  /** A file that was read as a registry before, and is none now, is damaged. */
  #ofOpenRegistry(failure: unknown): unknown {
    if (this.#position === undefined || !hasCode(failure, 'not-a-registry')) return failure;
    const { place, reason } = failure.params;
    return new SecretregError('registry-damaged', { place, reason }, { cause: failure.cause });
  }

  #requireOpen(): void {
    if (this.#state === 'closed') throw this.#unavailable('it was closed');
    if (this.#state === 'new') throw this.#unavailable('it was not opened');
  }

  #wait(): LockWait {
    return {
      place: this.place,
      timeoutMs: this.#lockTimeoutMs,
      random: this.#random,
      signal: this.#signal,
    };
  }

  #unavailable(reason: string): SecretregError {
    return new SecretregError('store-unavailable', { place: this.place, reason });
  }
}

/**
 * A failure of COMMIT itself is returned, not thrown: unlike a failure before it, it does not say what became of the changes.
 */
function commitOrFail(connection: Connection, written: Written): { error: unknown } | undefined {
  if (written.trace === undefined) {
    connection.rollback();
    return undefined;
  }
  try {
    connection.exec('COMMIT');
    failpoint('commit-done');
    return undefined;
  } catch (error) {
    return { error };
  }
}
