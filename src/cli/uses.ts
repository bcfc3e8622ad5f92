// What connector files refer to, for the commands that ask who uses a secret.
import { readSource } from '../documents/read.ts';
import type { SecretregError } from '../errors.ts';
import { knownProviders } from '../validator/provider-names.ts';
import { type Use, usesIn } from '../validator/uses.ts';
import { shapeOptions } from '../validator/validate.ts';
import { nameFor, type NameFlags } from './connector-name.ts';
import { inputFiles, textOrFault } from './input-files.ts';
import { type Io, note } from './io.ts';

export interface UsesFound {
  uses: Use[];
  /** Why the first of the unreadable files could not be read: what these refer to is not known. */
  unreadable: SecretregError | undefined;
}

/** What all these files, folders and globs refer to. Fails with file-unreadable for a file that was named. */
export async function usesOf(
  io: Io,
  names: readonly string[],
  providerNames: readonly string[],
  flags: NameFlags = {},
): Promise<UsesFound> {
  const providers = knownProviders(providerNames, []);
  const shape = shapeOptions(providers);
  const uses: Use[] = [];
  let unreadable: SecretregError | undefined;
  for (const input of inputFiles(io, names)) {
    const text = await textOrFault(input);
    if (typeof text !== 'string') {
      unreadable ??= text;
      continue;
    }
    const { file } = input;
    const named = { file, text, connectorName: nameFor(file, flags) };
    for (const use of usesIn(await readSource(text, shape), named, providers)) uses.push(use);
  }
  // A slip in the name of a provider would look as if nothing were used.
  if (uses.length === 0 && unreadable === undefined)
    note(
      io,
      `no file there refers to provider ${providerNames.map((it) => `'${it}'`).join(' or ')}`,
    );
  return { uses, unreadable };
}

/** The same for a command that acts on the answer: fails with file-unreadable for any file. */
export async function allUsesOf(
  io: Io,
  names: readonly string[],
  providerNames: readonly string[],
): Promise<Use[]> {
  const { uses, unreadable } = await usesOf(io, names, providerNames);
  if (unreadable !== undefined) throw unreadable;
  return uses;
}

/** `file:line:column`. */
export function placeOf({ file, line, column }: Use): string {
  return `${file}:${line}:${column}`;
}
