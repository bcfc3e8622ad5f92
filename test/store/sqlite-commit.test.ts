// Commits that fail, and locks that are held: what SQLite answers is made to happen at node:sqlite itself.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Connection, connect } from '../../src/store/sqlite/connection.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store, StoredRecord } from '../../src/store/store.ts';
import { allOf, commit, fold } from '../contract/store.contract.ts';
import { registryFolder } from './sqlite-folder.ts';

const FULL = 13;
const IOERR_FSYNC = 1034;
const IOERR_WRITE = 778;
const CORRUPT = 11;

let folder: ReturnType<typeof registryFolder>;
const stores: Store[] = [];

beforeEach(() => {
  folder = registryFolder();
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const store of stores.splice(0)) await store.close();
  folder.remove();
});

async function open(options: { lockTimeoutMs?: number; signal?: AbortSignal } = {}) {
  const store = new SqliteStore({ file: folder.file, lockTimeoutMs: options.lockTimeoutMs ?? 300 });
  stores.push(store);
  const seen: StoredRecord[] = [];
  const signal = options.signal ? { signal: options.signal } : {};
  await store.open((record) => seen.push(record), { create: true, ...signal });
  return { store, seen };
}

/** Puts itself around every statement that SQLite is asked to execute. */
function aroundExec(around: (sql: string, run: () => void) => void) {
  const exec: (this: DatabaseSync, sql: string) => void = Reflect.get(
    DatabaseSync.prototype,
    'exec',
  );
  const spy = vi.spyOn(DatabaseSync.prototype, 'exec');
  return spy.mockImplementation(function (this: DatabaseSync, sql) {
    around(sql, () => exec.call(this, sql));
  });
}

/** The next COMMIT reports this code, after it was done or instead of it; then `meanwhile` happens. */
function failCommit(when: 'after' | 'before', errcode: number, meanwhile = () => {}): void {
  let armed = true;
  aroundExec((sql, run) => {
    if (sql !== 'COMMIT' || !armed) return run();
    armed = false;
    if (when === 'after') run();
    meanwhile();
    throw planted(errcode);
  });
}

function planted(errcode: number): Error {
  return Object.assign(new Error('planted'), { code: 'ERR_SQLITE_ERROR', errcode });
}

describe('a COMMIT that fails', () => {
  it.each([
    ['records', 'after', IOERR_FSYNC],
    ['records', 'before', IOERR_FSYNC],
    ['records', 'before', IOERR_WRITE],
    ['records', 'before', FULL],
    ['lines', 'after', IOERR_FSYNC],
    ['lines', 'before', IOERR_FSYNC],
    ['lines', 'before', FULL],
  ] as const)(
    'is settled by looking: %s, failing %s the write with code %i',
    async (what, when, code) => {
      const { store, seen } = await open();
      await store.transact(() => commit(1, { a: 'a1' }));
      failCommit(when, code);
      const attempt =
        what === 'records'
          ? store.transact(() => commit(2, { b: 'b1' }))
          : store.appendAudit(() => ['line']);
      if (when === 'after') await attempt;
      else await expect(attempt).rejects.toMatchObject({ code: 'store-unavailable' });

      const written = when === 'after' ? 1 : 0;
      expect(await allOf(store.readAudit())).toHaveLength(1 + written);
      expect(seen).toHaveLength(what === 'records' ? 1 + written : 1);
      await store.transact(() => commit(3, { c: 'c1' }));
      expect(fold((await open()).seen)).toEqual(fold(seen));
    },
  );

  it('applies what others committed meanwhile before it goes on', async () => {
    const first = await open();
    const second = await open();
    const meanwhile = new DatabaseSync(folder.file);
    failCommit('after', IOERR_FSYNC, () => {
      meanwhile.exec(`BEGIN IMMEDIATE; INSERT INTO records VALUES('b', 2, x'6231');
        UPDATE meta SET value = '2' WHERE name = 'position'; END`);
    });
    await first.store.transact(() => commit(1, { a: 'a1' }));
    meanwhile.close();
    expect(fold(first.seen)).toEqual({ a: 'a1', b: 'b1' });
    await second.store.transact(() => commit(2, { c: 'c1' }));
    await first.store.catchUp();
    expect(fold(first.seen)).toEqual(fold(second.seen));
    expect(first.seen.map(({ position: at }) => at)).toEqual([1, 2, 3]);
  });

  it('buries what an fsync that failed may have left complete in the log', async () => {
    const { store } = await open();
    failCommit('before', IOERR_FSYNC);
    await expect(store.transact(() => commit(1, { a: 'a1' }))).rejects.toThrow(
      'nothing was written',
    );
    const { value } = query("SELECT value FROM meta WHERE name = 'settled'");
    expect(value).toBe('1');
  });

  it('brings what it found out of the log, whose pages may not be on the disk', async () => {
    const { store } = await open();
    // The last process that closes the file empties the log too, so there is another one.
    await open();
    failCommit('after', IOERR_FSYNC);
    await store.transact(() => commit(1, { a: 'found after all' }));
    expect(readFileSync(folder.file, 'latin1')).toContain('found after all');
  });

  it('says nothing of the outcome where the file is damaged', async () => {
    const { store } = await open({ lockTimeoutMs: 50 });
    const big = Array.from({ length: 60 }, (_, i) => [`k${i}`, 'x'.repeat(1500)]);
    await store.transact(() => commit(1, Object.fromEntries(big)));
    await store.removeResidue();
    failCommit('before', IOERR_FSYNC, () => destroyLastPage(folder.file));
    await expect(store.transact(() => commit(2, { b: 'b1' }))).rejects.toMatchObject({
      code: 'outcome-unknown',
    });
  });

  it.each(['after', 'before'] as const)(
    'ends with outcome-unknown where the file cannot be opened before the deadline (failing %s the write)',
    async (when) => {
      const { store, seen } = await open({ lockTimeoutMs: 50 });
      await store.transact(() => commit(1, { a: 'a1' }));
      failCommit(when, IOERR_FSYNC, () => renameSync(folder.file, `${folder.file}.away`));
      const attempt = commit(2, { b: 'b1' });
      await expect(store.transact(() => attempt)).rejects.toMatchObject({
        code: 'outcome-unknown',
        params: { attempt: attempt.attemptId },
      });
      renameSync(`${folder.file}.away`, folder.file);
      await store.catchUp();
      expect(fold(seen)).toEqual(when === 'after' ? { a: 'a1', b: 'b1' } : { a: 'a1' });
    },
  );

  it('fails only the calls that shared it', async () => {
    const { store } = await open();
    failCommit('before', FULL);
    const shared = ['a', 'b'].map((line) => store.appendAudit(() => [line]));
    const results = await Promise.allSettled(shared);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await store.appendAudit(() => ['c']);
    expect((await allOf(store.readAudit())).map(({ line }) => line)).toEqual(['c']);
  });
});

describe('many calls at once', () => {
  it('share one commit for their audit lines, and none is answered before it', async () => {
    const { store } = await open();
    let commits = 0;
    let answered = 0;
    aroundExec((sql, run) => {
      if (sql === 'COMMIT') {
        commits += 1;
        expect(answered).toBe(0);
      }
      run();
    });
    const calls = Array.from({ length: 100 }, async (_, i) => {
      await store.appendAudit(() => [`${i}`]);
      answered += 1;
    });
    await Promise.all(calls);
    expect(commits).toBe(1);
    expect(await allOf(store.readAudit())).toHaveLength(100);
  });
});

describe('records and audit lines', () => {
  it('are in one transaction: nothing of a commit is there where a line cannot be written', async () => {
    const { store, seen } = await open();
    query("INSERT INTO sqlite_sequence VALUES('audit', 9223372036854775807)");
    await expect(store.transact(() => commit(1, { a: 'a1' }))).rejects.toMatchObject({
      code: 'store-unavailable',
    });
    query("DELETE FROM sqlite_sequence WHERE name = 'audit'");
    await store.catchUp();
    expect(seen).toEqual([]);
    expect(query('SELECT count(*) AS n FROM records').n).toBe(0);
  });

  it('are refused under a commit number that was given before', async () => {
    const { store, seen } = await open();
    await store.transact(() => commit(1, { a: 'a1' }));
    await expect(store.transact(() => commit(1, { a: 'a2' }))).rejects.toMatchObject({
      code: 'commit-rejected',
    });
    expect(fold(seen)).toEqual({ a: 'a1' });
  });

  it('leave the attempt ids of the newest 10,000 commits', async () => {
    const { store } = await open();
    for (const n of [1, 2, 3, 10_001, 10_002]) await store.transact(() => commit(n, { a: `${n}` }));
    expect(query('SELECT min(n) AS n FROM commits').n).toBe(3);
  });
});

describe('a lock that another process holds', () => {
  it('is waited for, decide not being run before it is free', async () => {
    const { store, seen } = await open({ lockTimeoutMs: 10_000 });
    const other = new DatabaseSync(folder.file);
    other.exec('BEGIN IMMEDIATE');
    let runs = 0;
    const write = store.transact(() => {
      runs += 1;
      return commit(1, { a: 'a1' });
    });
    await tries(3);
    expect(runs).toBe(0);
    other.exec('ROLLBACK');
    other.close();
    await write;
    expect([runs, fold(seen)]).toEqual([1, { a: 'a1' }]);
  });

  it('ends the wait with store-locked, records and lines alike; reading goes on', async () => {
    const { store } = await open({ lockTimeoutMs: 30 });
    const other = new DatabaseSync(folder.file);
    other.exec('BEGIN IMMEDIATE');
    const locked = { code: 'store-locked', message: expect.stringContaining('for 0.03 s') };
    await expect(store.transact(() => commit(1, { a: 'a1' }))).rejects.toMatchObject(locked);
    await expect(store.appendAudit(() => ['line'])).rejects.toMatchObject(locked);
    await store.catchUp();
    expect(await allOf(store.readAudit())).toEqual([]);
    other.close();
    await store.appendAudit(() => ['line']);
  });

  it('ends the wait with interrupted where the signal is aborted', async () => {
    const stop = new AbortController();
    const { store } = await open({ lockTimeoutMs: 60_000, signal: stop.signal });
    const other = new DatabaseSync(folder.file);
    other.exec('BEGIN IMMEDIATE');
    const write = store.transact(() => commit(1, { a: 'a1' }));
    await tries(2);
    stop.abort();
    await expect(write).rejects.toMatchObject({ code: 'interrupted' });
    other.close();
  });
});

describe('damage that shows while it is open', () => {
  it('gives up the handle, says so, and works again on a file that is whole', async () => {
    const { store, seen } = await open();
    await store.transact(() => commit(1, { a: 'a1' }));
    const close = vi.spyOn(DatabaseSync.prototype, 'close');
    const spy = aroundExec(() => {
      throw planted(CORRUPT);
    });
    await expect(store.transact(() => commit(2, {}))).rejects.toMatchObject({
      code: 'registry-damaged',
    });
    spy.mockRestore();
    expect(close).toHaveBeenCalledTimes(1);
    await store.transact(() => commit(2, { b: 'b1' }));
    expect(fold(seen)).toEqual({ a: 'a1', b: 'b1' });
  });
});

describe('a registry that two processes make at the same moment', () => {
  it('is made once', async () => {
    let other: Connection | undefined;
    const spy = aroundExec((sql, run) => {
      if (sql === 'BEGIN IMMEDIATE') {
        spy.mockRestore();
        other = connect(folder.file, 'the other', { create: true });
      }
      run();
    });
    const { store } = await open();
    await store.transact(() => commit(1, { a: 'a1' }));
    expect(other?.get('SELECT count(*) AS n FROM records')?.n).toBe(1);
    other?.close();
  });
});

function destroyLastPage(file: string): void {
  const content = readFileSync(file);
  writeFileSync(file, content.fill(0xa5, content.length - 4096));
}

/** Runs a statement on a connection of its own. */
function query(sql: string): Record<string, unknown> {
  const database = new DatabaseSync(folder.file);
  try {
    return database.prepare(sql).get() ?? {};
  } finally {
    database.close();
  }
}

/** Resolves once SQLite has been asked for the right to write so many times more. */
async function tries(count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = count;
  const spy = aroundExec((sql, run) => {
    if (sql === 'BEGIN IMMEDIATE') left -= 1;
    if (left === 0) resolve();
    run();
  });
  await promise;
  spy.mockRestore();
}
