// What the rotation tests share: a registry of some 1,500 versions in a file or a topic, all that it holds, and its bytes.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { MasterKeyInput } from '../../src/crypto/master-key.ts';
import { verifyAudit } from '../../src/registry/audit-read.ts';
import type { Core } from '../../src/registry/core.ts';
import type { GivenKeys } from '../../src/registry/keyring.ts';
import { openCore } from '../../src/registry/open-registry.ts';
import { secretMeta } from '../../src/registry/records.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { openRotation, type Rotation, rotationStatus } from '../../src/registry/rotation.ts';
import { openStore } from '../../src/store/open-store.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { caller, codeOf, init, key, name, path, v, write } from '../registry/fixture.ts';

export const OLD = key(0);
export const NEW = key(50);
export const KID_OLD = kidOf(OLD);
export const KID_NEW = kidOf(NEW);

export const real = { clock: () => new Date(), random: (length: number) => randomBytes(length) };

const PATHS = 60;
const KEYS = ['password', 'user', 'token', 'certificate', 'url'];
const VERSIONS = 5;

/** Not opened. The place is a file's path or a topic's address. */
export async function storeAt(place: string): Promise<Store> {
  if (!place.startsWith('kafka:')) return new SqliteStore({ file: place });
  return openStore(place, new Map(), () => undefined);
}

/** A closed registry under OLD: enabled, hidden and destroyed versions. It may have been under a key before that. */
export async function makeRegistry(file: string, before?: MasterKeyInput): Promise<void> {
  await init(await storeAt(file), real, before ?? OLD);
  if (before !== undefined)
    await withRotation(await storeAt(file), (one) => one.run(), { from: before, to: OLD });
  const { core, close } = await openFile(file, { key: OLD });
  const registry = registryFor(core, caller);
  for (let version = 1; version <= VERSIONS; version += 1) {
    const writes = Array.from({ length: PATHS }, (_, p) =>
      KEYS.map((one) => write(`connector-${p}`, one, `${one} ${p} of version ${version}`)),
    );
    await registry.write(writes.flat());
  }
  await registry.delete({ path: path('connector-7') });
  await registry.delete({ path: path('connector-8'), key: name('token'), version: v(5) });
  await registry.delete({ path: path('connector-9'), key: name('user') }, { permanent: true });
  await close();
}

export async function openFile(
  file: string,
  keys: GivenKeys,
): Promise<{ core: Core; close: () => Promise<void> }> {
  const store = await storeAt(file);
  try {
    const core = await openCore({ store, keys: () => keys, ...real });
    return { core, close: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Runs work on the rotation from one key to another, OLD to NEW unless other ones are named. */
export async function withRotation<T>(
  store: Store,
  work: (rotation: Rotation) => Promise<T>,
  keys: { from: MasterKeyInput; to: MasterKeyInput } = { from: OLD, to: NEW },
): Promise<T> {
  try {
    return await work(
      await openRotation({ store, given: { key: keys.from }, to: keys.to, caller, ...real }),
    );
  } finally {
    await store.close();
  }
}

/** Everything that these keys open: each version with its value, times and author, each key with its last number. */
export async function contentUnder(
  file: string,
  keys: GivenKeys,
): Promise<Record<string, unknown>> {
  const { core, close } = await openFile(file, keys);
  const content: Record<string, unknown> = {};
  for (const { path, key, version, record } of versionsOf(core)) {
    const what = `${path}:${key} ${version}`;
    const { createdAt, createdBy, state, deleted } = record;
    const bytes = core.open({ path, key, version, meta: secretMeta(record) }, record.sealed, what);
    content[what] = { createdAt, createdBy, state, deleted, value: Buffer.from(bytes).toString() };
  }
  for (const one of core.state.paths().flatMap((path) => core.state.entries(path))) {
    content[`${one.path}:${one.key}`] = one.lastVersion;
  }
  content.kids = Object.fromEntries(
    rotationStatus(core.state).keys.map(({ kid, state, records }) => [
      kid,
      records === 0 ? state : `${state}, in use`,
    ]),
  );
  content.alarms = core.state.alarms;
  content.auditFault = (await verifyAudit(core)).fault;
  await close();
  return content;
}

/** With which code each key alone is refused, or `no error`. */
export async function startUp(file: string): Promise<{ old: string; new: string }> {
  const with_ = (given: MasterKeyInput) =>
    codeOf(openFile(file, { key: given }).then(({ close }) => close()));
  return { old: await with_(OLD), new: await with_(NEW) };
}

/** The sealed bytes of every version and of the audit key, as they stand now. */
export async function sealedUnder(file: string, given: MasterKeyInput): Promise<Buffer[]> {
  const { core, close } = await openFile(file, { key: given });
  const sealed = [...core.state.records()].flatMap(([, value]) =>
    typeof value.sealed === 'string' ? [value.sealed] : [],
  );
  await close();
  return sealed.map((text) => Buffer.from(text, 'base64'));
}

/** The bytes of the file and of the log beside it. */
export function bytesOf(file: string): Buffer {
  return Buffer.concat(
    [file, `${file}-wal`].filter((one) => existsSync(one)).map((one) => readFileSync(one)),
  );
}

/** How many of these are found in the bytes, raw or in base64, whole or in part: 24 bytes from the ciphertext on are enough. */
export function foundIn(bytes: Buffer, sealed: readonly Buffer[]): number {
  const text = bytes.toString('latin1');
  return sealed.filter((one) => {
    // Byte 54 is the first of the commitment, and a multiple of three: base64 of this part is a part of the base64.
    const part = one.subarray(54, 78);
    return text.includes(part.toString('base64')) || text.includes(part.toString('latin1'));
  }).length;
}

/** How often a sealed value begins under this key, raw or in base64. */
export function sealedUnderKid(bytes: Buffer, kid: string): number {
  const header = Buffer.from(`535247010100${kid}`, 'hex');
  const text = bytes.toString('latin1');
  // 21 of the 22 bytes: base64 of three bytes each.
  const needles = [header.toString('latin1'), header.subarray(0, 21).toString('base64')];
  return needles.reduce((sum, needle) => sum + text.split(needle).length - 1, 0);
}

function* versionsOf(core: Core) {
  for (const path of core.state.paths()) {
    for (const { key, versions } of core.state.entries(path)) {
      for (const [version, found] of versions) {
        if (!('record' in found)) throw new Error(`${path}:${key} ${version} is damaged`);
        yield { path, key, version, record: found.record };
      }
    }
  }
}

function kidOf(input: MasterKeyInput): string {
  return input.kind === 'bytes' ? input.key.kid : '';
}
