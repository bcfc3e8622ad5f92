// What a change of the master key refuses, with the store left byte by byte as it was, and what it leaves of the old
// ciphertext: nothing.
import type { ChildProcess } from 'node:child_process';
import { type CipherGCM, Cipheriv } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MasterKeyInput } from '../../src/crypto/master-key.ts';
import { SecretregError } from '../../src/errors.ts';
import type { GivenKeys } from '../../src/registry/keyring.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { caller, codeOf, key, name, path, v, write } from '../registry/fixture.ts';
import { registryFolder } from '../store/sqlite-folder.ts';
import { onBothStores } from './both-stores.ts';
import { startScript } from './rotation-process.ts';
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
  storeAt,
  withRotation,
} from './rotation-registry.ts';

const RETIRED = key(100);
const WRONG = key(99);
const THIRD = key(120);
const NAMES = Object.entries({ OLD, NEW, RETIRED, WRONG, THIRD });

/** A refusal in words, with the names that the keys have here. */
async function refusalOf(work: Promise<unknown>): Promise<string> {
  let text = 'it was not refused';
  try {
    await work;
  } catch (error) {
    text = error instanceof SecretregError ? error.message : String(error);
  }
  return NAMES.reduce(
    (named, [name, input]) =>
      input.kind === 'bytes' ? named.replaceAll(input.key.kid, name) : named,
    text,
  );
}

const wrong = (given: string, active: string) =>
  `wrong master key: the registry is under key ${active}, the given one is ${given}`;
const RETIRING =
  'the master key is being changed from OLD to NEW: nothing is read or written with OLD any more';
const UNFINISHED =
  'the change of the master key from OLD to NEW was not finished: some secrets still need the old key';
const comesBack = (name: string) =>
  `the master key is refused: key ${name} was changed for another one before`;

type State = 'not begun' | 'under way' | 'done';
type Change = [string, MasterKeyInput, MasterKeyInput, string];
type Work = [string, GivenKeys, string];

onBothStores('a change of the master key', ({ newPlace, bytesAt }) => {
  const rotate = async (place: string, from: MasterKeyInput, to: MasterKeyInput) =>
    withRotation(await storeAt(place), (rotation) => rotation.run(), { from, to });

  /** Leaves the change before its first commit, killed after its third, or at its end. */
  async function bringTo(state: State, place: string): Promise<void> {
    if (state === 'done') await rotate(place, OLD, NEW);
    if (state !== 'under way') return;
    const running = new Set<ChildProcess>();
    const { ended } = startScript(running, 'rotation-child.ts', place, 'after', '3');
    expect(await ended).toBe('SIGKILL');
    // What the kill left in the log is moved into the file, as by whoever opens it next.
    await codeOf(openFile(place, { key: WRONG }));
  }

  async function expectRefusal(place: string, attempt: () => Promise<unknown>, sentence: string) {
    const before = bytesAt(place);
    expect(before.length).toBeGreaterThan(100_000);
    expect(await refusalOf(attempt())).toBe(sentence);
    expect(bytesAt(place).equals(before)).toBe(true);
  }

  describe.each<[State, Change[], Work[]]>([
    [
      'not begun',
      [
        ['a wrong key to a new one', WRONG, NEW, wrong('WRONG', 'OLD')],
        ['a wrong key to the active one', WRONG, OLD, wrong('WRONG', 'OLD')],
        ['a retired key to a new one', RETIRED, NEW, wrong('RETIRED', 'OLD')],
        ['the active key to a retired one', OLD, RETIRED, comesBack('RETIRED')],
        ['swapped', NEW, OLD, wrong('NEW', 'OLD')],
      ],
      [
        ['the new key only', { key: NEW }, wrong('NEW', 'OLD')],
        ['a wrong key', { key: WRONG, accepted: [NEW] }, wrong('WRONG', 'OLD')],
        ['a wrong key beside the old one', { key: WRONG, oldKey: OLD }, wrong('WRONG', 'OLD')],
        ['a retired key', { key: RETIRED }, wrong('RETIRED', 'OLD')],
      ],
    ],
    [
      'under way',
      [
        ['a wrong key to the new one', WRONG, NEW, wrong('WRONG', 'NEW')],
        ['a wrong key to the old one', WRONG, OLD, wrong('WRONG', 'NEW')],
        ['a retired key to the new one', RETIRED, NEW, wrong('RETIRED', 'NEW')],
        ['the old key to a third one', OLD, THIRD, RETIRING],
        ['the old key to a retired one', OLD, RETIRED, RETIRING],
        ['the new key to a third one', NEW, THIRD, UNFINISHED],
        ['the new key to a retired one', NEW, RETIRED, UNFINISHED],
        ['the new key to itself', NEW, NEW, UNFINISHED],
        ['swapped', NEW, OLD, UNFINISHED],
      ],
      [
        ['the old key only', { key: OLD }, RETIRING],
        ['the old key, and a wrong one', { key: OLD, accepted: [WRONG] }, RETIRING],
        ['the new key only', { key: NEW }, UNFINISHED],
        ['the new key, and a wrong one', { key: NEW, oldKey: WRONG }, UNFINISHED],
        ['the new key, and a retired one', { key: NEW, accepted: [RETIRED] }, UNFINISHED],
        ['both keys, swapped', { key: OLD, oldKey: NEW }, RETIRING],
        ['a wrong key', { key: WRONG, accepted: [OLD] }, wrong('WRONG', 'NEW')],
        ['a retired key', { key: RETIRED }, wrong('RETIRED', 'NEW')],
      ],
    ],
    [
      'done',
      [
        ['the old key to a third one', OLD, THIRD, wrong('OLD', 'NEW')],
        ['a wrong key to the new one', WRONG, NEW, wrong('WRONG', 'NEW')],
        ['a wrong key to the old one', WRONG, OLD, wrong('WRONG', 'NEW')],
        ['the active key to one that retired before', NEW, RETIRED, comesBack('RETIRED')],
        ['swapped', NEW, OLD, comesBack('OLD')],
      ],
      [
        ['the old key only', { key: OLD }, wrong('OLD', 'NEW')],
        ['the old key before the new one', { key: OLD, oldKey: NEW }, wrong('OLD', 'NEW')],
        ['a wrong key', { key: WRONG, accepted: [OLD] }, wrong('WRONG', 'NEW')],
        ['a key that retired before', { key: RETIRED, accepted: [OLD] }, wrong('RETIRED', 'NEW')],
      ],
    ],
  ])('that is %s', (state, changes, work) => {
    let place: string;
    beforeAll(async () => {
      place = newPlace();
      await makeRegistry(place, RETIRED);
      await bringTo(state, place);
    });

    test.each(changes)('is refused from %s, and not one byte changes', (_, from, to, sentence) =>
      expectRefusal(place, () => rotate(place, from, to), sentence),
    );

    test.each(work)('opens nothing for %s, and not one byte changes', (_, given, sentence) =>
      expectRefusal(place, () => openFile(place, given), sentence),
    );

    test('is refused beside a process that has the registry open: the log stays too', async () => {
      const beside = await openFile(place, { key: state === 'not begun' ? OLD : NEW, oldKey: OLD });
      const before = bytesAt(place);
      await beside.core.record(caller, [{ subject: { method: 'audit.Read' }, status: 'ok' }]);
      // Nothing that is written goes unseen here, be it one line.
      expect(bytesAt(place).equals(before)).toBe(false);
      const sentence = wrong('WRONG', state === 'not begun' ? 'OLD' : 'NEW');
      await expectRefusal(place, () => rotate(place, WRONG, THIRD), sentence);
      await beside.close();
    });
  });

  test.each<[State, string]>([
    ['under way', RETIRING],
    ['done', wrong('OLD', 'NEW')],
  ])(
    'that is %s stops a process that has only the old key, and began before',
    async (state, sentence) => {
      const place = newPlace();
      await makeRegistry(place);
      const { core, close } = await openFile(place, { key: OLD });
      const registry = registryFor(core, caller);
      await bringTo(state, place);
      const target = { path: path('connector-3'), key: name('password') };
      for (const attempt of [
        () => registry.read(target.path, target.key, 'latest'),
        () => registry.readPath(target.path),
        () => registry.listPaths(),
        () => registry.write([write('connector-3', 'password', 'late')]),
        () => registry.delete(target, { permanent: true }),
      ]) {
        await expectRefusal(place, attempt, sentence);
      }
      await close();
    },
  );

  test('changes not one byte where it is only tried', async () => {
    const place = newPlace();
    await makeRegistry(place);
    const before = bytesAt(place);
    const count = await withRotation(await storeAt(place), (rotation) => rotation.dryRun());
    // 1,500 versions less five that were destroyed, and the audit key.
    expect(count).toBe(1496);
    expect(bytesAt(place).equals(before)).toBe(true);
  });
});

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
