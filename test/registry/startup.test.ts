// The start-up rules ("Key descriptor and start-up" of the records' design), a row each: what is given, what is
// there, and whether anything may be served. And who may make a registry.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { MasterKey, type MasterKeyInput, parseMasterKey } from '../../src/crypto/master-key.ts';
import { initRegistry } from '../../src/registry/init.ts';
import { makeCheck } from '../../src/registry/keyring.ts';
import { openCore } from '../../src/registry/open-registry.ts';
import {
  encodeRecord,
  type MasterKeyRecord,
  type RecordKey,
  type RecordValue,
} from '../../src/registry/records.ts';
import { openRotation } from '../../src/registry/rotation.ts';
import { Gate, MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { caller, codeOf, environment, init, key, name, openAs, path, write } from './fixture.ts';

const OLD = key(0);
const NEW = key(50);
const WRONG = key(99);
const bytes = (first: number, length: number) => Uint8Array.from({ length }, (_, i) => first + i);
const kid = (input: MasterKeyInput) => (input.kind === 'bytes' ? input.key.kid : '');

type State = 'right' | 'prepared' | 'retiring' | 'retired';

/** A registry with one secret, made with OLD; the change to NEW stands where the state says. */
async function registryIn(state: State): Promise<MemoryLog> {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env, OLD);
  const { registry } = await openAs(new MemoryStore(log), env, { key: OLD });
  await registry.write([write('orders', 'password', 'hunter2')]);
  const commits = state === 'retiring' ? (['none', 'unknown-unwritten'] as const) : [];
  const store = new MemoryStore(log, { commits: [...commits] });
  const rotation = () => openRotation({ store, given: { key: OLD }, to: NEW, caller, ...env });
  if (state === 'prepared') await (await rotation()).prepare();
  if (state === 'retiring') await codeOf((await rotation()).run());
  if (state === 'retired') await (await rotation()).run();
  return log;
}

describe.each<[State, [string, MasterKeyInput, MasterKeyInput | undefined, string][]]>([
  [
    'right',
    [
      ['the key', OLD, undefined, 'no error'],
      ['the key, and one more as the old one', OLD, WRONG, 'no error'],
      ['another key', NEW, undefined, 'wrong-master-key'],
      ['another key, the active one as the old one', NEW, OLD, 'wrong-master-key'],
    ],
  ],
  [
    'prepared',
    [
      ['the old key', OLD, undefined, 'no error'],
      ['the new key', NEW, undefined, 'wrong-master-key'],
      ['the new key, the old one as the old one', NEW, OLD, 'wrong-master-key'],
      ['a third key', WRONG, undefined, 'wrong-master-key'],
    ],
  ],
  [
    'retiring',
    [
      ['the old key', OLD, undefined, 'master-key-retiring'],
      ['the old key, the new one as the old one', OLD, NEW, 'master-key-retiring'],
      ['the new key', NEW, undefined, 'rotation-unfinished'],
      ['the new key, a third one as the old one', NEW, WRONG, 'rotation-unfinished'],
      ['the new key, the old one as the old one', NEW, OLD, 'no error'],
      ['a third key', WRONG, undefined, 'wrong-master-key'],
    ],
  ],
  [
    'retired',
    [
      ['the old key', OLD, undefined, 'wrong-master-key'],
      ['the old key, the new one as the old one', OLD, NEW, 'wrong-master-key'],
      ['the new key', NEW, undefined, 'no error'],
      ['the new key, the old one as the old one', NEW, OLD, 'no error'],
      ['a third key', WRONG, undefined, 'wrong-master-key'],
    ],
  ],
])('with the change of the key %s', (state, rows) => {
  const titled = rows.map(([what, given, old, end]) => [what, end, given, old] as const);
  test.each(titled)('given %s: %s', async (_, expected, given, oldKey) => {
    const log = await registryIn(state);
    const before = [log.position, log.auditLength];
    const store = new MemoryStore(log);
    const keys = { key: given, ...(oldKey && { oldKey }) };
    const opening = openAs(store, environment(), keys);
    expect(await codeOf(opening)).toBe(expected);
    expect([log.position, log.auditLength]).toEqual(before);
    if (expected === 'no error') {
      const { registry } = await opening;
      const { value } = await registry.read(path('orders'), name('password'), 'latest');
      expect(value.reveal()).toBe('hunter2');
    }
  });
});

describe('a refusal', () => {
  test('names key ids and says how to go on', async () => {
    const log = await registryIn('right');
    const given = { key: NEW, oldKey: OLD };
    await expect(openAs(new MemoryStore(log), environment(), given)).rejects.toMatchObject({
      message: `wrong master key: the registry is under key ${kid(OLD)}, the given one is ${kid(NEW)}`,
      hint: expect.stringContaining('secretreg rotate'),
    });
  });

  test('where there is no registry comes before any key is asked for', async () => {
    const keys = () => {
      throw new Error('asked');
    };
    expect(
      await codeOf(openCore({ store: new MemoryStore(new MemoryLog()), keys, ...environment() })),
    ).toBe('no-registry');
    const emptied = new MemoryLog();
    emptied.make();
    expect(
      await codeOf(openCore({ store: new MemoryStore(emptied), keys, ...environment() })),
    ).toBe('no-registry');
  });
});

describe('records that somebody with the key has changed', () => {
  const storeId = async (log: MemoryLog) => (await openAs(new MemoryStore(log))).core.storeId;
  const masterKey = (input: MasterKeyInput) =>
    input.kind === 'bytes' ? input.key : MasterKey.fromBytes(bytes(1, 32));

  async function changed(
    make: (log: MemoryLog, id: Uint8Array) => [RecordKey, RecordValue],
  ): Promise<string> {
    const log = await registryIn('right');
    const id = await storeId(log);
    const [recordKey, value] = make(log, id);
    const record = encodeRecord(recordKey, value, { n: 9, masterKey: masterKey(OLD), storeId: id });
    log.commit(log.claim(), { attemptId: 'change', n: 9, records: [record], audit: [] });
    return codeOf(openAs(new MemoryStore(log)));
  }

  const active = (check: string): MasterKeyRecord => ({
    kdf: { name: 'none' },
    state: 'active',
    createdAt: '2026-01-01T00:00:00.000Z',
    check,
  });
  const own: RecordKey = { kind: 'master-key', kid: kid(OLD) };

  test('the same descriptor again opens: the rows below fail for what they change', async () => {
    expect(
      await changed((_, id) => [own, active(makeCheck(masterKey(OLD), id, bytes(7, 32)))]),
    ).toBe('no error');
  });

  test.each<[string, (id: Uint8Array) => string]>([
    ['made with another key', (id) => makeCheck(masterKey(NEW), id, bytes(7, 32))],
    [
      'of another registry',
      (id) =>
        makeCheck(
          masterKey(OLD),
          id.map((byte) => byte ^ 1),
          bytes(7, 32),
        ),
    ],
    ['that is none', () => 'AAAA'],
  ])('a check value %s does not open', async (_, check) => {
    expect(await changed((__, id) => [own, active(check(id))])).toBe('wrong-master-key');
  });

  test('two active keys are one too many', async () => {
    const other: RecordKey = { kind: 'master-key', kid: kid(NEW) };
    expect(
      await changed((_, id) => [other, active(makeCheck(masterKey(NEW), id, bytes(7, 32)))]),
    ).toBe('record-not-authentic');
  });

  test('no active key is one too few', async () => {
    expect(
      await changed((_, id) => [
        own,
        { ...active(makeCheck(masterKey(OLD), id, bytes(7, 32))), state: 'retired' },
      ]),
    ).toBe('record-not-authentic');
  });

  test('format 2 is of a later secretreg', async () => {
    expect(
      await changed((_, id) => [
        { kind: 'registry' },
        {
          format: 2,
          storeId: Buffer.from(id).toString('hex'),
          createdAt: '2026-01-01T00:00:00.000Z',
        },
      ]),
    ).toBe('format-too-new');
  });
});

describe('a passphrase', () => {
  const passphrase = (text: string): MasterKeyInput => {
    const parsed = parseMasterKey(text);
    if (!parsed.ok) throw new Error(parsed.problem.reason);
    return parsed.value;
  };
  const first = passphrase('correct horse battery staple');
  const second = passphrase('an entirely different one');

  test('opens with the salt of the descriptor, another does not, and a change goes from one to the other', async () => {
    const log = new MemoryLog();
    const env = environment();
    await init(new MemoryStore(log), env, first);
    const { registry, core } = await openAs(new MemoryStore(log), env, { key: first });
    await registry.write([write('orders', 'password', 'hunter2')]);
    expect(core.state.masterKeys()[0]?.record.kdf).toMatchObject({
      name: 'scrypt',
      N: 2 ** 17,
      r: 8,
      p: 1,
    });
    for (const wrong of [second, WRONG]) {
      expect(await codeOf(openAs(new MemoryStore(log), env, { key: wrong }))).toBe(
        'wrong-master-key',
      );
    }
    const rotation = () =>
      openRotation({
        store: new MemoryStore(log),
        given: { key: first },
        to: second,
        caller,
        ...env,
      });
    await (await rotation()).prepare();
    const salt = saltOf(log, 'prepared');
    expect(await codeOf(openAs(new MemoryStore(log), env, { key: first }))).toBe('no error');
    await (await rotation()).run();
    expect(saltOf(log, 'active')).toBe(salt);
    const after = await openAs(new MemoryStore(log), env, {
      key: passphrase('an entirely different one\n'),
    });
    expect(
      (await after.registry.read(path('orders'), name('password'), 'latest')).value.reveal(),
    ).toBe('hunter2');
    expect(await codeOf(openAs(new MemoryStore(log), env, { key: first }))).toBe(
      'wrong-master-key',
    );
  });
});

describe('init', () => {
  test.each<State>(['right', 'prepared', 'retiring', 'retired'])(
    'touches no registry that is there (%s)',
    async (state) => {
      const log = await registryIn(state);
      const before = [log.position, log.auditLength];
      for (const given of [OLD, NEW, WRONG]) {
        expect(await codeOf(init(new MemoryStore(log), environment(), given))).toBe(
          'registry-exists',
        );
      }
      expect([log.position, log.auditLength]).toEqual(before);
    },
  );

  test.each([
    ['records of something else', 'some key', bytes(0, 4)],
    ['a record of ours that is damaged', '["secret","orders","password",1]', bytes(0, 4)],
    ['a registry record that is damaged', '["registry"]', bytes(0, 4)],
  ])('refuses a log that holds %s', async (_, recordKey, value) => {
    const log = new MemoryLog();
    log.make();
    log.commit(log.claim(), {
      attemptId: 'theirs',
      n: undefined,
      records: [{ key: recordKey, value }],
      audit: [],
    });
    const before = log.position;
    expect(await codeOf(init(new MemoryStore(log)))).toBe('not-a-registry');
    expect(log.position).toBe(before);
  });

  test.each<[string, (file: string) => void]>([
    ['a text', (file) => writeFileSync(file, 'dear diary\n'.repeat(100))],
    [
      'a database of another program',
      (file) => sql(file, 'CREATE TABLE t(a); INSERT INTO t VALUES(1)'),
    ],
    [
      'a database that names its program and has no table yet',
      (file) => sql(file, 'PRAGMA application_id = 7'),
    ],
  ])('refuses %s, which stays as it is', async (_, make) => {
    await inFolder(async (file) => {
      make(file);
      const before = readFileSync(file);
      expect(await codeOf(init(new SqliteStore({ file })))).toBe('not-a-registry');
      expect(readFileSync(file).equals(before)).toBe(true);
    });
  });

  test('of two at the same moment one makes it; the other, whose right to write was lost, finds it made', async () => {
    const log = new MemoryLog();
    const gate = new Gate();
    const slow = codeOf(initAs(new MemoryStore(log, { commits: [gate] }), OLD));
    await gate.reached;
    expect(await codeOf(initAs(new MemoryStore(log), NEW))).toBe('no error');
    gate.release();
    expect(await slow).toBe('registry-exists');
    expect(await codeOf(openAs(new MemoryStore(log), environment(), { key: NEW }))).toBe(
      'no error',
    );
    expect(log.auditLength).toBe(1);
  });

  test('of eight at the same moment on one file one makes it, and its key opens', async () => {
    await inFolder(async (file) => {
      const keys = Array.from({ length: 8 }, (_, i) => key(i * 20));
      const outcomes = await Promise.all(
        keys.map((given) => codeOf(init(new SqliteStore({ file }), environment(), given))),
      );
      const made = keys.find((_, i) => outcomes[i] === 'no error');
      expect(outcomes.toSorted()).toEqual(
        ['no error', ...Array.from({ length: 7 }, () => 'registry-exists')].toSorted(),
      );
      const store = new SqliteStore({ file });
      expect(await codeOf(openAs(store, environment(), { key: made ?? WRONG }))).toBe('no error');
      await store.close();
    });
  });
});

function initAs(store: Store, given: MasterKeyInput): Promise<unknown> {
  return initRegistry({ store, key: given, caller, ...environment() });
}

function saltOf(log: MemoryLog, state: MasterKeyRecord['state']): string | undefined {
  for (const { key: text, value } of log.recordsAfter(0)) {
    if (!text.startsWith('["master-key"') || value === null) continue;
    const record = JSON.parse(new TextDecoder().decode(value)) as MasterKeyRecord;
    if (record.state === state && record.kdf.name === 'scrypt') return record.kdf.salt;
  }
  return undefined;
}

function sql(file: string, statements: string): void {
  const database = new DatabaseSync(file);
  database.exec(statements);
  database.close();
}

async function inFolder(work: (file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'secretreg-startup-'));
  try {
    await work(join(folder, 'registry.db'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
