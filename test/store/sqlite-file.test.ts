// The file of a registry: what is taken for one, what is refused, how it is made, and what leaves no trace in it.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { networkFileSystem } from '../../src/store/sqlite/place.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { sqliteVersionProblem } from '../../src/store/sqlite/sqlite-version.ts';
import type { OpenOptions, Store, StoredRecord } from '../../src/store/store.ts';
import { allOf, commit, fold } from '../contract/store.contract.ts';
import { registryFolder } from './sqlite-folder.ts';

let folder: ReturnType<typeof registryFolder>;
const stores: Store[] = [];

beforeEach(() => {
  folder = registryFolder();
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  folder.remove();
});

async function open(options: OpenOptions = { create: true }, file = folder.file) {
  const store = new SqliteStore({ file, lockTimeoutMs: 200 });
  stores.push(store);
  const seen: StoredRecord[] = [];
  await store.open((record) => seen.push(record), options);
  return { store, seen };
}

/** A closed registry with some hundred pages. */
async function makeRegistry(file = folder.file): Promise<void> {
  const { store } = await open({ create: true }, file);
  const text = 'x'.repeat(2000);
  for (let n = 1; n <= 20; n += 1) {
    const records = Array.from({ length: 10 }, (_, i) => [`["secret","p","k${n}",${i}]`, text]);
    await store.transact(() => commit(n, Object.fromEntries(records)));
  }
  await store.close();
}

describe('a schema with something of somebody else', () => {
  const planted = {
    'a trigger that drops what is written':
      'CREATE TRIGGER t BEFORE INSERT ON records BEGIN SELECT RAISE(IGNORE); END',
    'a trigger under a name of SQLite':
      "PRAGMA writable_schema=ON; INSERT INTO sqlite_schema VALUES('trigger', 'sqlite_autoindex_records_1', 'records', 0, 'CREATE TRIGGER t BEFORE INSERT ON records BEGIN SELECT RAISE(IGNORE); END')",
    'a view in the place of a table':
      'ALTER TABLE records RENAME TO old; CREATE VIEW records AS SELECT * FROM old',
    'one more table': 'CREATE TABLE more(a)',
    'one more index': 'CREATE INDEX i ON records(value)',
    'a table that is not strict':
      'DROP TABLE commits; CREATE TABLE commits(n INTEGER PRIMARY KEY, attempt_id TEXT NOT NULL)',
  };

  it.each(Object.entries(planted))('is refused: %s', async (_, sql) => {
    await makeRegistry();
    execute(sql);
    await expect(open({})).rejects.toMatchObject({ code: 'registry-damaged' });
    await expect(open({ readOnly: true })).rejects.toMatchObject({ code: 'registry-damaged' });
  });

  it('put in while a process has it open, is seen by its next write', async () => {
    await makeRegistry();
    const { store } = await open({});
    execute(planted['a trigger that drops what is written']);
    const write = store.transact(() => commit(21, { a: 'a1' }));
    await expect(write).rejects.toMatchObject({ code: 'registry-damaged' });
  });

  function execute(sql: string): void {
    // Without it node:sqlite refuses to write the schema by hand; an attacker has the bytes.
    const database = new DatabaseSync(folder.file, { defensive: false } as object);
    database.exec(sql);
    database.close();
  }
});

describe('what lies at the place', () => {
  const others: [string, string, (file: string) => void, RegExp][] = [
    [
      'a text file',
      'not-a-registry',
      (file) => writeFileSync(file, 'some notes\n'.repeat(100)),
      /no SQLite database/,
    ],
    [
      'a short text file',
      'not-a-registry',
      (file) => writeFileSync(file, 'hi'),
      /no SQLite database/,
    ],
    ['a folder', 'not-a-registry', (file) => mkdirSync(file), /it is a folder/],
    ['a pipe', 'not-a-registry', (file) => spawnSync('mkfifo', [file]), /not a regular file/],
    ['a database of another program', 'not-a-registry', makeForeign, /another program/],
    [
      'a database with another application id',
      'not-a-registry',
      (file) => pragma(file, 'application_id = 7'),
      /another program/,
    ],
    ['tables of a later version', 'not-a-registry', makeNewer, /version 2/],
  ];
  it.each(others)('%s is refused with %s and not changed', async (_what, code, make, reason) => {
    make(folder.file);
    const before = contentOf(folder.path);
    for (const options of [{}, { create: true }, { readOnly: true }]) {
      await expect(open(options)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(reason),
      });
    }
    expect(contentOf(folder.path)).toEqual(before);
  });

  it('nothing, and an empty file, are no registry unless one is to be made', async () => {
    await expect(open({})).rejects.toMatchObject({ code: 'no-registry' });
    await expect(open({}, join(folder.path, 'no', 'such', 'folder.db'))).rejects.toMatchObject({
      code: 'no-registry',
    });
    expect(readdirSync(folder.path)).toEqual([]);
    writeFileSync(folder.file, '', { mode: 0o644 });
    await expect(open({})).rejects.toMatchObject({ code: 'no-registry' });
    await expect(open({ readOnly: true })).rejects.toMatchObject({ code: 'no-registry' });
    const { store } = await open();
    await store.transact(() => commit(1, { a: 'a1' }));
    expect(modeOf(folder.file)).toBe(0o600);
    expect(fold((await open({})).seen)).toEqual({ a: 'a1' });
  });

  it('a registry whose making was interrupted is made to its end', async () => {
    // Killed between the switch to write-ahead mode and the tables: one page, no table.
    pragma(folder.file, 'journal_mode = WAL');
    expect(statSync(folder.file).size).toBeGreaterThan(0);
    await expect(open({})).rejects.toMatchObject({ code: 'no-registry' });
    const { store } = await open();
    await store.transact(() => commit(1, { a: 'a1' }));
  });

  it('a symbolic link is not followed when a registry is made, wherever it leads', async () => {
    const target = join(folder.path, 'target.db');
    symlinkSync(target, folder.file);
    await expect(open()).rejects.toMatchObject({ code: 'not-a-registry' });
    expect(existsSync(target)).toBe(false);
    writeFileSync(target, '');
    await expect(open()).rejects.toMatchObject({ code: 'not-a-registry' });
    expect(readFileSync(target)).toHaveLength(0);
  });

  it('a file that was removed or replaced while it was open is neither written nor made anew', async () => {
    const { store } = await open();
    await store.transact(() => commit(1, { a: 'a1' }));
    renameSync(folder.file, `${folder.file}.moved`);
    const removed = {
      code: 'store-unavailable',
      message: expect.stringContaining('removed or replaced'),
    };
    await expect(store.transact(() => commit(2, { a: 'a2' }))).rejects.toMatchObject(removed);
    expect(existsSync(folder.file)).toBe(false);
    copyFileSync(`${folder.file}.moved`, folder.file);
    await expect(store.catchUp()).rejects.toMatchObject(removed);
  });
});

describe('a damaged file', () => {
  const damages: [string, (file: string) => void][] = [
    ['its first 16 bytes', (file) => overwrite(file, 0, Buffer.from('no longer SQLite'))],
    ['the page size in its header', (file) => overwrite(file, 16, Buffer.from([0x13, 0x37]))],
    ['the type of its first page', (file) => overwrite(file, 100, Buffer.from([0x77]))],
    ['the cell pointers of its first page', (file) => overwrite(file, 105, Buffer.alloc(40, 0xff))],
    ['the start of each page', (file) => overwriteEachPage(file, 0, 12)],
    ['the middle of each page', (file) => overwriteEachPage(file, 4, 300)],
    [
      'its second half',
      (file) => truncateSync(file, Math.floor(statSync(file).size / 8192) * 4096),
    ],
    ['all but its first page', (file) => truncateSync(file, 4096)],
    [
      'the position of a record',
      (file) => {
        const database = new DatabaseSync(file);
        database.exec('UPDATE records SET position = 9223372036854775807 WHERE position = 1');
        database.close();
      },
    ],
    ['all but 50 bytes', (file) => truncateSync(file, 50)],
  ];
  it.each(damages)('says so where it lost %s', async (_what, damage) => {
    await makeRegistry();
    damage(folder.file);
    for (const options of [{}, { readOnly: true }]) {
      const error = await open(options).then(
        async ({ store }) => {
          const report = await store.inspect();
          const failed = report.facts.filter(({ state }) => state === 'fail');
          return { code: failed.map(({ name }) => name).join() };
        },
        (reason: unknown) => reason as { code: string },
      );
      expect(['registry-damaged', 'not-a-registry', 'integrity']).toContain(error.code);
    }
  });

  it('is damaged, not foreign, where it was a registry before', async () => {
    const { store } = await open();
    await store.transact(() => commit(1, { a: 'a1' }));
    const other = await open({});
    await other.store.removeResidue();
    pragma(folder.file, 'user_version = 1', 'DROP TABLE audit');
    await expect(store.transact(() => commit(2, {}))).rejects.toMatchObject({
      code: 'registry-damaged',
    });
  });

  it('any flipped byte gives an error of the table or the same records', async () => {
    await makeRegistry();
    const whole = readFileSync(folder.file);
    const { seen: expected } = await open({ readOnly: true });
    let random = 20261124;
    for (let i = 0; i < 150; i += 1) {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      const copy = Buffer.from(whole);
      // Half of them among the headers, where a flip does most.
      const at = i % 2 ? random % copy.length : (random % 64) + 4096 * (i % 20);
      copy[at] = (copy[at] ?? 0) ^ (1 << (random >>> 29));
      const file = join(folder.path, `flip${i}.db`);
      writeFileSync(file, copy);
      const outcome = await open({}, file).then(
        ({ seen }) => seen.length,
        (error: { code?: string; message: string }) => error.code ?? error.message,
      );
      const known = ['registry-damaged', 'not-a-registry', 'store-unavailable', 'no-registry'];
      if (typeof outcome === 'string') expect(known, `byte ${at}`).toContain(outcome);
      else expect(outcome, `byte ${at}`).toBeLessThanOrEqual(expected.length);
    }
  });
});

describe('rights', () => {
  it('file, log and index are for the owner alone, and so are folders made for them, whatever the umask', async () => {
    const file = join(folder.path, 'new', 'deeper', 'registry.db');
    const before = process.umask(0);
    try {
      const { store } = await open({ create: true }, file);
      await store.transact(() => commit(1, { a: 'a1' }));
      for (const name of [file, `${file}-wal`, `${file}-shm`]) expect(modeOf(name)).toBe(0o600);
      expect(modeOf(dirname(file))).toBe(0o700);
      expect(modeOf(dirname(dirname(file)))).toBe(0o700);
    } finally {
      process.umask(before);
    }
  });

  it('a umask that takes everything does not lock the owner out', async () => {
    const before = process.umask(0o777);
    try {
      await open();
      expect(modeOf(folder.file)).toBe(0o600);
    } finally {
      process.umask(before);
    }
  });

  it('are a warning where other users have some', async () => {
    const { store } = await open();
    chmodSync(folder.file, 0o644);
    const { facts } = await store.inspect();
    expect(facts.find(({ name }) => name === 'mode')).toMatchObject({ state: 'warn' });
  });
});

describe('reading only', () => {
  it('leaves folder and file as they are', async () => {
    await makeRegistry();
    const before = contentOf(folder.path);
    const { store, seen } = await open({ readOnly: true });
    expect(seen).toHaveLength(200);
    expect(await allOf(store.readAudit())).toHaveLength(20);
    expect((await store.inspect()).facts.filter(({ state }) => state === 'fail')).toEqual([]);
    await store.catchUp();
    await store.close();
    expect(contentOf(folder.path)).toEqual(before);
    expect(readdirSync(folder.path)).toEqual(['registry.db']);
  });

  it('sees what only the log of a killed process holds, and leaves it there', async () => {
    const { store } = await open();
    await store.transact(() => commit(1, { a: 'a1' }));
    // As a kill leaves it: nobody has it open, log and index are there.
    const left = join(folder.path, 'left.db');
    for (const end of ['', '-wal', '-shm']) copyFileSync(folder.file + end, left + end);
    const before = ['', '-wal'].map((end) => readFileSync(left + end));
    const { store: reader, seen } = await open({ readOnly: true }, left);
    expect(fold(seen)).toEqual({ a: 'a1' });
    await reader.close();
    expect(['', '-wal'].map((end) => readFileSync(left + end))).toEqual(before);
  });

  it('refuses a log without its index rather than make one', async () => {
    const { store } = await open();
    await store.transact(() => commit(1, { a: 'a1' }));
    const left = join(folder.path, 'left.db');
    for (const end of ['', '-wal']) copyFileSync(folder.file + end, left + end);
    await expect(open({ readOnly: true }, left)).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('-wal'),
    });
    expect(existsSync(`${left}-shm`)).toBe(false);
    expect(fold((await open({}, left)).seen)).toEqual({ a: 'a1' });
  });
});

describe('residue', () => {
  it('of overwritten and removed values is nowhere in file and log', async () => {
    const { store } = await open();
    const old = Array.from({ length: 50 }, (_, i) => `OLD-VALUE-${i}-${'z'.repeat(i * 100)}`);
    const keys = old.map((text, i) => [`k${i}`, text] as const);
    await store.transact(() => commit(1, Object.fromEntries(keys)));
    expect(rawBytes()).toContain('OLD-VALUE');
    await store.transact(() =>
      commit(2, Object.fromEntries(keys.map(([key], i) => [key, i % 2 ? 'new' : null]))),
    );
    expect(await store.removeResidue()).toEqual({ gone: true, text: '' });
    expect(rawBytes()).not.toContain('OLD-VALUE');
    expect(statSync(`${folder.file}-wal`).size).toBe(0);
  });

  it('is overwritten in its page at once, so that the file holds none even where nothing is rewritten', async () => {
    const { store } = await open();
    await store.transact(() => commit(1, { a: `OLD-VALUE-${'z'.repeat(9000)}`, b: 'OLD-VALUE' }));
    await store.transact(() => commit(2, { a: 'new', b: null }));
    await store.close();
    expect(readdirSync(folder.path)).toEqual(['registry.db']);
    expect(rawBytes()).not.toContain('OLD-VALUE');
  });

  it('may stay where another process reads, and that is said', async () => {
    const { store } = await open();
    await store.transact(() => commit(1, { a: 'OLD-VALUE' }));
    const reader = new DatabaseSync(folder.file);
    reader.exec('BEGIN; SELECT count(*) FROM records;');
    reader.prepare('SELECT * FROM records').all();
    await store.transact(() => commit(2, { a: 'new' }));
    const residue = await store.removeResidue();
    expect(residue).toEqual({ gone: false, text: expect.stringContaining('another process') });
    reader.close();
    expect(await store.removeResidue()).toEqual({ gone: true, text: '' });
    expect(rawBytes()).not.toContain('OLD-VALUE');
  });
});

describe('a scope', () => {
  it('is read by ranges of keys, not by walking all records', async () => {
    await makeRegistry();
    const { scopeOf } = await import('../../src/store/sqlite/scope.ts');
    const scope = scopeOf(['["commit"', '["secret","orders",']);
    const database = new DatabaseSync(folder.file);
    const plan = (sql: string, ...values: (string | number)[]) =>
      database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...values)
        .map(({ detail }) => String(detail));
    expect(plan(scope.allSql, ...scope.bounds).filter((line) => line.startsWith('SCAN'))).toEqual(
      [],
    );
    expect(plan(scope.newSql, 1, ...scope.bounds).join()).toContain('(position>?)');
    database.close();
  });
});

describe('where it may run', () => {
  it.each([
    ['3.6.23', false],
    ['3.7.0', false],
    ['3.44.5', false],
    ['3.44.6', true],
    ['3.44.10', true],
    ['3.45.0', false],
    ['3.50.6', false],
    ['3.50.7', true],
    ['3.51.0', false],
    ['3.51.2', false],
    ['3.51.3', true],
    ['3.52.0', true],
    ['4.0.0', true],
    [undefined, false],
  ])('SQLite %s: %s', (version, usable) => {
    expect(sqliteVersionProblem(version) === undefined).toBe(usable);
  });

  it.each(['3.51.2', undefined])('is not opened by a Node.js with SQLite %s', async (sqlite) => {
    const { versions } = process;
    Object.defineProperty(process, 'versions', { value: { ...versions, sqlite } });
    try {
      const opened = openStore(`file:${folder.file}`, new Map(), () => undefined);
      await expect(opened).rejects.toMatchObject({ code: 'node-too-old' });
    } finally {
      Object.defineProperty(process, 'versions', { value: versions });
    }
  });

  it.each([
    [0x6969, 'NFS'],
    [0xff534d42, 'CIFS'],
    [0xff534d42 | 0, 'CIFS'],
    [0xfe534d42, 'SMB2'],
    [0x01021997, '9p'],
    [0x00c36400, 'Ceph'],
    [0xef53, undefined],
    [0x01021994, undefined],
    [0x58465342, undefined],
    [0x9123683e, undefined],
  ])('file system %i: %s', (type, name) => {
    expect(networkFileSystem(type)).toBe(name);
  });

  it.each([
    ['kafka://', 'settings-invalid'],
    ['kafka://user:password@broker:9092/topic', 'settings-invalid'],
    ['kafka://broker:9092/a topic', 'settings-invalid'],
    ['https://registry.example', 'settings-invalid'],
    ['file:relative.db', 'settings-invalid'],
    ['file:', 'settings-invalid'],
    ['file://host/registry.db', 'settings-invalid'],
    ['/var/lib/registry.db', 'settings-invalid'],
    ['ftp://x', 'settings-invalid'],
    ['', 'settings-invalid'],
  ])('address %s: %s', async (address, code) => {
    await expect(openStore(address, new Map(), () => {})).rejects.toMatchObject({ code });
  });

  it.each(['file:', 'file://'])(
    'an address that begins with %s and an absolute path names a file',
    async (scheme) => {
      const store = await openStore(`${scheme}${folder.file}`, new Map(), () => {});
      stores.push(store);
      await store.open(() => {}, { create: true });
      expect(store.place).toBe(`file:${folder.file}`);
      expect(existsSync(folder.file)).toBe(true);
    },
  );

  it('a path with every awkward character is the path it says', async () => {
    const file = join(folder.path, 'a b%20?#&é.db');
    await open({ create: true }, file);
    expect(readdirSync(folder.path)).toContain('a b%20?#&é.db');
  });
});

function makeForeign(file: string): void {
  const database = new DatabaseSync(file);
  database.exec('CREATE TABLE notes(text); INSERT INTO notes VALUES(1)');
  database.close();
}

function makeNewer(file: string): void {
  pragma(file, 'application_id = 0x53524731', 'PRAGMA user_version = 2');
}

function pragma(file: string, text: string, more = ''): void {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA ${text}; ${more}`);
  database.close();
}

function overwrite(file: string, at: number, bytes: Buffer): void {
  const content = readFileSync(file);
  bytes.copy(content, at);
  writeFileSync(file, content);
}

function overwriteEachPage(file: string, at: number, length: number): void {
  const content = readFileSync(file);
  for (let page = 4096; page < content.length; page += 4096)
    content.fill(0xa5, page + at, page + at + length);
  writeFileSync(file, content);
}

function contentOf(path: string): [string, string, number][] {
  return readdirSync(path).map((name) => {
    const stats = statSync(join(path, name));
    const content = stats.isFile() ? readFileSync(join(path, name)).toString('base64') : '';
    return [name, content, stats.mtimeMs];
  });
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

/** File and log as they lie on the disk. */
function rawBytes(): string {
  return ['', '-wal']
    .map((end) => folder.file + end)
    .filter((name) => existsSync(name))
    .map((name) => readFileSync(name, 'latin1'))
    .join('');
}
