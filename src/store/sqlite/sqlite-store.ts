// The default engine: one SQLite file, used by several processes at once. `decide` runs inside BEGIN IMMEDIATE, so what
// it decides on cannot change before the commit. A transaction is one synchronous stretch; only waits are asynchronous.
import { SecretregError } from '../../errors.ts';
import type {
  AuditLine,
  ChainHead,
  Changes,
  CommitPosition,
  OpenOptions,
  Residue,
  Store,
  StoredRecord,
  StoreReport,
} from '../store.ts';
import { AuditQueue } from './audit-queue.ts';
import { type Connection, connect } from './connection.ts';
import { asStoreError } from './failure.ts';
import { factsOf } from './facts.ts';
import { type LockWait, retry, retryWhileBusy } from './lock-wait.ts';
import { identityOf, refuseNetworkFileSystem } from './place.ts';
import { readOnce } from './read-only.ts';
import { clean, leftBecause, rewrite, StillRead } from './residue.ts';
import {
  lastAuditPosition,
  readAuditPage,
  readHead,
  readPosition,
  toRecord,
  type Trace,
  type Written,
  writeChanges,
} from './rows.ts';
import { type Scope, scopeOf } from './scope.ts';
import { settle } from './settle.ts';
import { sqliteVersionProblem } from './sqlite-version.ts';

export interface SqliteStoreOptions {
  /** Absolute. */
  file: string;
  /** How long another process may hold the lock before a call fails with store-locked. */
  lockTimeoutMs?: number;
  /** For the moments of trying again; 0 up to 1. */
  random?: () => number;
}

export class SqliteStore implements Store {
  readonly place: string;
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
  /** Everything up to here has been applied; undefined before the first reading. */
  #position: number | undefined;
  #dataVersion: unknown;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: SqliteStoreOptions) {
    this.#file = options.file;
    this.place = `file:${options.file}`;
    this.#lockTimeoutMs = options.lockTimeoutMs ?? 5000;
    this.#random = options.random ?? Math.random;
  }

  open(apply: (record: StoredRecord) => void, options: OpenOptions = {}): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#state !== 'new') throw this.#unavailable('it was opened before');
      this.#apply = apply;
      this.#scope = scopeOf(options.scope);
      this.#signal = options.signal;
      this.#refuseUnsafe();
      if (options.readOnly) {
        await this.#whileBusy(() => this.#readWithoutTrace());
        this.#state = 'read-only';
        return;
      }
      await this.#whileBusy(() => {
        this.#connection ??= connect(this.#file, this.place, { create: options.create ?? false });
        this.#readNew(this.#connection);
      });
      this.#state = 'open';
    });
  }

  catchUp(): Promise<void> {
    return this.#inTurn(() =>
      this.#whileBusy(() => {
        this.#requireOpen();
        if (this.#state === 'read-only') this.#readWithoutTrace();
        else this.#readNew(this.#usable());
      }),
    );
  }

  transact(decide: (head: ChainHead) => Changes): Promise<CommitPosition> {
    return this.#inTurn(async () => {
      const written = await this.#commit((connection) => {
        this.#readNew(connection);
        return writeChanges(connection, decide(readHead(connection)), this.#position ?? 0);
      });
      for (const record of written.records) {
        if (this.#scope.includes(record.key)) this.#apply(record);
      }
      this.#position = written.position;
      return { position: written.position };
    });
  }

  appendAudit(make: (head: ChainHead) => readonly string[]): Promise<void> {
    const added = this.#audits.add(make);
    // The calls that wait when their turn comes share one commit; the later turns find nothing left.
    void this.#inTurn(() => this.#audits.flush((lines) => this.#commitLines(lines)));
    return added;
  }

  async *readAudit(from = 1): AsyncIterable<AuditLine> {
    const end = await this.#reading(lastAuditPosition);
    for (let next = Math.max(from, 1); next <= end; ) {
      const first = next;
      const page = await this.#reading((connection) => readAuditPage(connection, first, end));
      yield* page;
      next = (page.at(-1)?.position ?? end) + 1;
    }
  }

  async inspect(): Promise<StoreReport> {
    const facts = await this.#reading((connection) => factsOf(connection, this.#file));
    return { place: this.place, facts };
  }

  removeResidue(): Promise<Residue> {
    return this.#inTurn(async () => {
      this.#requireWritable();
      try {
        return await this.#whileBusy(() => {
          rewrite(this.#usable());
          return clean;
        });
      } catch (error) {
        if (error instanceof SecretregError && error.code !== 'store-locked') throw error;
        return leftBecause(error, this.place, this.#lockTimeoutMs / 1000);
      }
    });
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      this.#state = 'closed';
      // Closed by its last process, SQLite moves the log into the file and removes it.
      this.#drop();
    });
  }
}
