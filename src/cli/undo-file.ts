// What `externalize` did to a file, so that it can be undone: which reference stands in which setting, and which version of
// which secret it is. The values are in the registry only. There is no hash of them here, nor of the file as it was: from such a
// hash, and the file as it is, a short password could be guessed.
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseKey, parsePath } from '../domain/names.ts';
import { referenceText } from '../domain/reference.ts';
import { parseVersion, type Version } from '../domain/version.ts';
import { SecretregError } from '../errors.ts';
import { list, Malformed, object, oneOf, text, whole } from '../exchange/shapes.ts';
import type { Replaced } from '../validator/externalize.ts';
import { createSecretFile } from './output-file.ts';
import { readTextFile } from './text-file.ts';

export interface StoredReference extends Replaced {
  version: Version;
}

export interface Undo {
  /** The store id of the registry: 32 hexadecimal digits. */
  registry: string;
  /** The connector file. */
  file: string;
  /** The worker's name for the registry. */
  provider: string;
  secrets: readonly StoredReference[];
}

/** Beside the connector file, under a name that is free. */
export function undoFileFor(file: string): string {
  const name = `${file}.secretreg-undo`;
  let free = name;
  for (let number = 2; existsSync(free); number += 1) free = `${name}-${number}`;
  return free;
}

/** Fails with file-not-writable, also where it is there already. */
export function writeUndoFile(place: string, { registry, file, provider, secrets }: Undo): void {
  const told = {
    kind: KIND,
    registry,
    provider,
    file: relative(dirname(resolve(place)), resolve(file)),
    secrets: secrets.map(({ path, key, version, setting }) => ({ path, key, version, setting })),
  };
  createSecretFile(place, `${JSON.stringify(told, null, 2)}\n`);
}

/** Fails with file-unreadable. */
export function readUndoFile(place: string): Undo {
  const { file, ...undo } = parsed(place, readTextFile(place));
  return { ...undo, file: join(dirname(place), file) };
}

const KIND = 'secretreg/externalized/1';

const shape = object({
  kind: oneOf([KIND]),
  registry: text,
  provider: text,
  file: text,
  secrets: list(object({ path: text, key: text, version: whole, setting: text })),
});

function parsed(place: string, content: string): Undo {
  try {
    const { registry, provider, file, secrets } = shape(JSON.parse(content));
    return { registry, provider, file, secrets: secrets.map((one) => stored(provider, one)) };
  } catch (error) {
    if (!(error instanceof Malformed) && !(error instanceof SyntaxError)) throw error;
    const reason = "it is no undo file of 'secretreg externalize'";
    throw new SecretregError('file-unreadable', { file: place, reason });
  }
}

type Told = ReturnType<typeof shape>['secrets'][number];

function stored(provider: string, { path, key, version, setting }: Told): StoredReference {
  const names = { path: parsePath(path), key: parseKey(key), version: parseVersion(`${version}`) };
  if (!names.path.ok || !names.key.ok || !names.version.ok) throw new Malformed();
  return {
    path: names.path.value,
    key: names.key.value,
    version: names.version.value,
    setting,
    reference: referenceText(provider, path, key),
  };
}
