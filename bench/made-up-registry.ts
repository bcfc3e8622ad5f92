// A registry of made-up secrets, ten keys to a path, one version each. It is made in a process of its own: a large heap
// here would make every process that is started later slower.
import { randomBytes } from 'node:crypto';
import { closeSync, copyFileSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MasterKey, masterKeyText } from '../src/crypto/master-key.ts';
import { random } from '../src/crypto/primitives.ts';
import { parseKey, parsePath, type SecretKey, type SecretPath } from '../src/domain/names.ts';
import type { Write } from '../src/domain/registry.ts';
import type { Result } from '../src/domain/result.ts';
import { SecretValue } from '../src/domain/secret-value.ts';
import { initRegistry } from '../src/registry/init.ts';
import { openCore } from '../src/registry/open-registry.ts';
import { registryFor } from '../src/registry/registry.ts';
import { SqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import { outputOf } from './measure.ts';
import { benchFile } from './program.ts';

export interface MadeUp {
  file: string;
  keyFile: string;
  secrets: number;
}

export const environment = {
  clock: () => new Date(),
  random,
};
export const caller = {
  principal: 'User:bench',
  credential: { mechanism: 'master-key' },
  userAgent: 'bench',
} as const;

export function makeRegistry(folder: string, secrets: number): MadeUp {
  const made = {
    file: join(folder, `registry-${secrets}.db`),
    keyFile: join(folder, `registry-${secrets}.key`),
    secrets,
  };
  const { file, keyFile } = made;
  const args = ['--file', file, '--key-file', keyFile, '--secrets', String(secrets)];
  outputOf([benchFile('made-up-registry.ts'), ...args], { folder });
  return made;
}

/** A copy that is on the disk: else the first commits of whoever uses it would pay for writing all of it. */
export function copyDurably(file: string, copy: string): void {
  copyFileSync(file, copy);
  const descriptor = openSync(copy, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** The path and key of the made-up secret with this number. */
export function placeOf(number: number): { path: SecretPath; key: SecretKey } {
  const path = parsePath(`connector-${Math.floor(number / KEYS_OF_A_PATH)}`);
  const key = parseKey(`setting-${number % KEYS_OF_A_PATH}`);
  return { path: valueOf(path), key: valueOf(key) };
}

const KEYS_OF_A_PATH = 10;
const IN_A_COMMIT = 1000;

/** Throws where a made-up name is none. */
export function valueOf<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(String(result.problem));
  return result.value;
}

async function make({ file, keyFile, secrets }: MadeUp): Promise<void> {
  const bytes = randomBytes(32);
  writeFileSync(keyFile, `${masterKeyText(bytes)}\n`, { mode: 0o600 });
  const key = { kind: 'bytes', key: MasterKey.fromBytes(bytes) } as const;
  const empty = new SqliteStore({ file });
  await initRegistry({ ...environment, store: empty, key, caller });
  await empty.close();
  const store = new SqliteStore({ file });
  const core = await openCore({ ...environment, store, keys: () => ({ key }) });
  const registry = registryFor(core, caller);
  for (let first = 0; first < secrets; first += IN_A_COMMIT) {
    const last = Math.min(first + IN_A_COMMIT, secrets);
    await registry.write(Array.from({ length: last - first }, (_, i) => writeOf(first + i)));
  }
  await store.close();
}

function writeOf(number: number): Write {
  const value = SecretValue.of(randomBytes(18).toString('base64'));
  return { ...placeOf(number), value };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      file: { type: 'string', default: '' },
      'key-file': { type: 'string', default: '' },
      secrets: { type: 'string', default: '' },
    },
  });
  const { file, 'key-file': keyFile, secrets } = values;
  await make({ file, keyFile, secrets: Number(secrets) });
}
