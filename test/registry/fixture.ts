// A registry for tests: fixed key, counting clock, counting random bytes; "processes" share one log.
import { MasterKey, type MasterKeyInput, masterKeyText } from '../../src/crypto/master-key.ts';
import { parseKey, parsePath, type SecretKey, type SecretPath } from '../../src/domain/names.ts';
import type { Registry, Write } from '../../src/domain/registry.ts';
import { SecretValue } from '../../src/domain/secret-value.ts';
import type { Version } from '../../src/domain/version.ts';
import type { Core } from '../../src/registry/core.ts';
import { initRegistry } from '../../src/registry/init.ts';
import type { GivenKeys } from '../../src/registry/keyring.ts';
import { openCore } from '../../src/registry/open-registry.ts';
import { registryFor } from '../../src/registry/registry.ts';
import type { Store } from '../../src/store/store.ts';

export const caller = {
  principal: 'User:alice',
  credential: { mechanism: 'master-key' },
  userAgent: 'test',
} as const;

function bytes(first: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (first + i) % 256);
}

export function key(first = 0): MasterKeyInput {
  return { kind: 'bytes', key: MasterKey.fromBytes(bytes(first, 32)) };
}

/** The same key as it stands in a file. */
export function keyText(first = 0): string {
  return masterKeyText(bytes(first, 32));
}

/** Time moves by a second with each look, random bytes count up. */
export function environment() {
  let second = 0;
  let block = 0;
  return {
    clock: () => new Date(Date.UTC(2026, 0, 1, 0, 0, second++)),
    random: (length: number): Uint8Array => {
      block += 1;
      const made = new Uint8Array(length);
      new DataView(made.buffer).setUint32(0, block);
      return made;
    },
  };
}

export type Env = ReturnType<typeof environment>;

export async function init(
  store: Store,
  env: Env = environment(),
  masterKey = key(),
): Promise<void> {
  await initRegistry({ store, key: masterKey, caller, ...env });
  await store.close();
}

export async function openAs(
  store: Store,
  env: Env = environment(),
  keys: GivenKeys = { key: key() },
): Promise<{ core: Core; registry: Registry }> {
  const core = await openCore({ store, keys: () => keys, ...env });
  return { core, registry: registryFor(core, caller) };
}

export function path(text: string): SecretPath {
  const parsed = parsePath(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

export function name(text: string): SecretKey {
  const parsed = parseKey(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

export const v = (number: number): Version => number as Version;

export function write(pathText: string, keyText: string, value: string): Write {
  return { path: path(pathText), key: name(keyText), value: SecretValue.of(value) };
}

/** The code of the SecretregError with which a promise ends. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'no error';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
