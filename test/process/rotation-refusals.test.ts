// What a change of the master key refuses, with the store left byte by byte as it was, and what it leaves of the old
// ciphertext: nothing.
import { spawnSync } from 'node:child_process';
import { type CipherGCM, Cipheriv } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MasterKeyInput } from '../../src/crypto/master-key.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { caller, codeOf, key, name, path, v } from '../registry/fixture.ts';
import { registryFolder } from '../store/sqlite-folder.ts';
import {
  bytesOf,
  contentUnder,
  foundIn,
  KID_OLD,
  makeRegistry,
  NEW,
  OLD,
  openFile,
  sealedUnder,
  sealedUnderKid,
  startUp,
  withRotation,
} from './rotation-registry.ts';

const WRONG = key(99);
const REFUSED = [
  'wrong-master-key',
  'master-key-retiring',
  'master-key-refused',
  'rotation-unfinished',
];
const template = registryFolder();
let folder: ReturnType<typeof registryFolder>;

beforeAll(() => makeRegistry(template.file));
afterAll(() => template.remove());
beforeEach(() => {
  folder = registryFolder();
  copyFileSync(template.file, folder.file);
});
afterEach(() => {
  vi.restoreAllMocks();
  folder.remove();
});

const rotate = (from: MasterKeyInput, to: MasterKeyInput) =>
  withRotation(new SqliteStore({ file: folder.file }), (rotation) => rotation.run(), { from, to });

type State = 'not begun' | 'under way' | 'done';

/** Leaves the change before its first commit, killed after its third, or at its end. */
async function bringTo(state: State): Promise<void> {
  if (state === 'done') await rotate(OLD, NEW);
  if (state !== 'under way') return;
  const child = fileURLToPath(new URL('rotation-child.ts', import.meta.url));
  const { signal } = spawnSync(process.execPath, [child, folder.file, 'after', '3']);
  expect(signal).toBe('SIGKILL');
  // What the kill left in the log is moved into the file, as by whoever opens it next.
  await codeOf(openFile(folder.file, { key: WRONG }));
}

describe.each<[State, [string, MasterKeyInput, MasterKeyInput][]]>([
  [
    'not begun',
    [
      ['a wrong key to a new one', WRONG, NEW],
      ['a wrong key to the active one', WRONG, OLD],
      ['swapped', NEW, OLD],
    ],
  ],
  [
    'under way',
    [
      ['a wrong key to the new one', WRONG, NEW],
      ['a wrong key to the old one', WRONG, OLD],
      ['the old key to a third one', OLD, WRONG],
      ['the new key to a third one', NEW, WRONG],
      ['swapped', NEW, OLD],
    ],
  ],
  [
    'done',
    [
      ['the old key to a third one', OLD, WRONG],
      ['a wrong key to the new one', WRONG, NEW],
      ['a wrong key to the old one', WRONG, OLD],
      ['swapped', NEW, OLD],
    ],
  ],
])('a change that is %s', (state, rows) => {
  test.each(rows)('is refused from %s, and not one byte changes', async (_, from, to) => {
    await bringTo(state);
    const before = bytesOf(folder.file);
    const standing = await startUp(folder.file);
    expect(REFUSED).toContain(await codeOf(rotate(from, to)));
    expect(bytesOf(folder.file).equals(before)).toBe(true);
    expect(await startUp(folder.file)).toEqual(standing);
  });

  test('is refused beside a process that has the log open: the log stays too', async () => {
    await bringTo(state);
    const beside = new SqliteStore({ file: folder.file });
    await beside.open(() => {});
    await beside.appendAudit(() => ['a line that is in the log, and not yet in the file']);
    const before = bytesOf(folder.file);
    expect(await codeOf(rotate(WRONG, key(120)))).toBe('wrong-master-key');
    expect(bytesOf(folder.file).equals(before)).toBe(true);
    await beside.close();
  });

  test('opens nothing and changes nothing where a key is missing', async () => {
    await bringTo(state);
    const before = bytesOf(folder.file);
    const { old, new: now } = await startUp(folder.file);
    const expected = {
      'not begun': ['no error', 'wrong-master-key'],
      'under way': ['master-key-retiring', 'rotation-unfinished'],
      done: ['wrong-master-key', 'no error'],
    }[state];
    expect([old, now]).toEqual(expected);
    expect(bytesOf(folder.file).equals(before)).toBe(true);
  });
});

test('a dry run changes not one byte', async () => {
  const before = bytesOf(folder.file);
  const count = await withRotation(new SqliteStore({ file: folder.file }), (rotation) =>
    rotation.dryRun(),
  );
  // 1,500 versions less five that were destroyed, and the audit key.
  expect(count).toBe(1496);
  expect(bytesOf(folder.file).equals(before)).toBe(true);
});

test('what was sealed anew and does not open again is never written', async () => {
  const { kids: _, ...content } = await contentUnder(template.file, { key: OLD });
  let tags = 0;
  const cipher = Cipheriv.prototype as CipherGCM;
  const getAuthTag = Reflect.get(cipher, 'getAuthTag');
  vi.spyOn(cipher, 'getAuthTag').mockImplementation(function (this: CipherGCM) {
    const tag = getAuthTag.call(this);
    tags += 1;
    // One of the records of the third batch comes out of the cipher with a wrong tag.
    if (tags === 700) tag[0] = (tag[0] ?? 0) ^ 1;
    return tag;
  });
  await expect(rotate(OLD, NEW)).rejects.toThrow('does not open again');
  vi.restoreAllMocks();
  expect(await contentUnder(folder.file, { key: NEW, oldKey: OLD })).toMatchObject(content);
  await rotate(OLD, NEW);
  expect(await contentUnder(folder.file, { key: NEW })).toMatchObject(content);
});

describe('old ciphertext', () => {
  test('is gone from file and log after the change, raw and in base64', async () => {
    const sealed = await sealedUnder(folder.file, OLD);
    expect(sealed).toHaveLength(1496);
    expect(foundIn(bytesOf(folder.file), sealed)).toBe(1496);
    // While the process that changed the key still has the file open: it may stay so for long.
    const store = new SqliteStore({ file: folder.file });
    const left = await withRotation(store, async (rotation) => {
      const { residue } = await rotation.run();
      return { ...residue, found: foundIn(bytesOf(folder.file), sealed) };
    });
    expect(left).toEqual({ gone: true, text: '', found: 0 });
    expect(foundIn(bytesOf(folder.file), sealed)).toBe(0);
    expect(foundIn(bytesOf(folder.file), await sealedUnder(folder.file, NEW))).toBe(1496);
    expect(sealedUnderKid(bytesOf(folder.file), KID_OLD)).toBe(1);
  });

  test('of a version that was destroyed is gone from the file once nobody has it open', async () => {
    const { core, close } = await openFile(folder.file, { key: OLD });
    const target = { path: path('connector-3'), key: name('password'), version: v(2) };
    const found = core.state.entry(target.path, target.key)?.versions.get(target.version);
    const sealed = [Buffer.from(found && 'record' in found ? found.record.sealed : '', 'base64')];
    expect(foundIn(bytesOf(folder.file), sealed)).toBe(1);
    await registryFor(core, caller).delete(target, { permanent: true });
    await close();
    expect(foundIn(bytesOf(folder.file), sealed)).toBe(0);
  });
});
