// A file of secrets, in any of the formats, as what is written to the registry: all of it, or the error says why none.
import { positionsIn } from '../../documents/position.ts';
import type { SecretPath } from '../../domain/names.ts';
import type { Write } from '../../domain/registry.ts';
import { SecretregError } from '../../errors.ts';
import { keyArgument, pathArgument } from '../arguments.ts';
import { checkedValue } from '../values.ts';
import { entriesOfDotenv } from './dotenv.ts';
import type { Entry, Refuse } from './entry.ts';
import { type Chosen, FORMATS, type TransferFormat } from './formats.ts';
import { entriesOfSecrets, isManifest } from './kubernetes.ts';
import { entriesOfProperties } from './properties.ts';
import { entriesOfTable } from './table.ts';
import { jsonTrees, type Tree, yamlTrees } from './tree.ts';

export interface ReadOptions {
  /** `-` for stdin. */
  file: string;
  chosen: Chosen;
  /** The path of all keys, where the file has no level of paths. */
  path?: SecretPath;
  force: boolean;
  /** The command that takes empty and mask-like values too. */
  again: string;
}

export interface ReadSecrets {
  writes: Write[];
  /** Which format it was: a manifest is known by what stands in it. */
  chosen: Chosen;
}

/** Fails with import-malformed, bad-path, bad-key and the codes `value-…`. No message shows a value. */
export function readSecrets(bytes: Uint8Array, options: ReadOptions): ReadSecrets {
  let { chosen } = options;
  const shown = options.file === '-' ? 'stdin' : options.file;
  let text = '';
  const positions = () => positionsIn(text);
  const refuse: Refuse = (reason, at, hint) =>
    new SecretregError(
      'import-malformed',
      {
        file: shown,
        format: FORMATS[chosen.format].title,
        reason: at === undefined ? reason : `${reason} (${placeWords(positions().at(at))})`,
      },
      { hint: hint ?? shapeHint(options) },
    );
  text = decoded(bytes, refuse);
  const single = options.path !== undefined;
  const trees = treesOf(text, chosen.format, refuse);
  if (trees !== undefined && chosen.by !== 'flag' && isManifest(trees))
    chosen = { format: 'kubernetes', by: 'content' };
  const entries = entriesOf(text, trees, { format: chosen.format, single, refuse });
  refuseRepeated(entries, refuse, (at) => positions().at(at).line);
  const at = positionsIn(text);
  const writes = entries.map((entry) =>
    placed(placeWords(at.at(entry.at)), () => writeOf(entry, options)),
  );
  return { writes, chosen };
}

function decoded(bytes: Uint8Array, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse('it is not UTF-8');
  }
}

function treesOf(text: string, format: TransferFormat, refuse: Refuse): Tree[] | undefined {
  if (format === 'json') return jsonTrees(text, refuse);
  if (format === 'properties' || format === 'dotenv') return undefined;
  return yamlTrees(text, refuse);
}

function entriesOf(
  text: string,
  trees: readonly Tree[] | undefined,
  { format, single, refuse }: { format: TransferFormat; single: boolean; refuse: Refuse },
): Entry[] {
  if (trees === undefined) {
    const entries =
      format === 'dotenv' ? entriesOfDotenv(text, refuse) : entriesOfProperties(text, refuse);
    if (entries.length === 0) throw refuse('no secret stands in it');
    return entries;
  }
  if (format === 'kubernetes') return entriesOfSecrets(trees, single, refuse);
  return entriesOfTable(trees, single, {
    refuse,
    ...(format === 'json' && { map: 'an object' }),
  });
}

/** Two Secrets of one name, or one name in two lines: nobody knows which of both values is meant. */
function refuseRepeated(
  entries: readonly Entry[],
  refuse: Refuse,
  lineOf: (at: number) => number,
): void {
  const first = new Map<string, number>();
  for (const { path = '', key, at } of entries) {
    const name = JSON.stringify([path, key]);
    const earlier = first.get(name);
    if (earlier !== undefined)
      throw refuse(`'${key}' stands twice, first in line ${lineOf(earlier)}`, at);
    first.set(name, at);
  }
}

function writeOf(entry: Entry, { path, force, again }: ReadOptions): Write {
  const place = {
    path: path ?? pathArgument(entry.path ?? ''),
    key: keyArgument(entry.key),
  };
  return { ...place, value: checkedValue(place, entry.value, force, { again }) };
}

/** A file may have hundreds of lines: what is wrong with a name or a value is told with its place. */
function placed<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SecretregError)) throw error;
    const { code, params, message, hint } = error;
    throw new SecretregError(code, params, { cause: error, text: `${message} (${place})`, hint });
  }
}

function placeWords({ line, column }: { line: number; column: number }): string {
  return `line ${line}, column ${column}`;
}

function shapeHint({ chosen, path }: ReadOptions): string | undefined {
  if (chosen.by === 'guess' || chosen.format === 'json')
    return path === undefined
      ? 'the shape is {"<path>": {"<key>": "<value>"}}, or another --format'
      : 'the shape is {"<key>": "<value>"}';
  return undefined;
}
