// A file of secrets, in any of the formats, as what is written to the registry: all of it, or the error says why none. The
// error shows nothing of the file, not even names: where a quote is missing, what is read as a name is a part of a value.
import { positionsIn } from '../../documents/position.ts';
import { parseKey, parsePath, type SecretPath } from '../../domain/names.ts';
import type { Write } from '../../domain/registry.ts';
import type { Result } from '../../domain/result.ts';
import {
  isTakenByForce,
  MAX_VALUE_BYTES,
  parseSecretValue,
  type ValueProblem,
} from '../../domain/secret-value.ts';
import { SecretregError } from '../../errors.ts';
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

/** Fails with import-malformed. */
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
  // A table of paths may be empty, as a new registry is.
  if (entries.length === 0 && (single || trees === undefined))
    throw refuse('no secret stands in it');
  refuseRepeated(entries, (at) => positions().at(at).line, refuse);
  return { writes: entries.map((entry) => writeOf(entry, options, refuse)), chosen };
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
  if (trees === undefined)
    return format === 'dotenv' ? entriesOfDotenv(text, refuse) : entriesOfProperties(text, refuse);
  if (format === 'kubernetes') return entriesOfSecrets(trees, single, refuse);
  return entriesOfTable(trees, single, {
    refuse,
    ...(format === 'json' && { map: 'an object' }),
  });
}

/** Two Secrets of one name, or one name in two lines: nobody knows which of both values is meant. */
function refuseRepeated(entries: readonly Entry[], lineOf: (at: number) => number, refuse: Refuse) {
  const first = new Map<string, number>();
  for (const { path = '', key, at } of entries) {
    const name = JSON.stringify([path, key]);
    const earlier = first.get(name);
    if (earlier !== undefined)
      throw refuse(`this name stands twice, first in line ${lineOf(earlier)}`, at);
    first.set(name, at);
  }
}

function writeOf(entry: Entry, { path, force, again }: ReadOptions, refuse: Refuse): Write {
  const read = <T>(parsed: Result<T, string>, what: string): T => {
    if (parsed.ok) return parsed.value;
    throw refuse(`what stands here cannot be a ${what}: it ${parsed.problem}`, entry.at);
  };
  const place = {
    path: path ?? read(parsePath(entry.path ?? ''), 'path'),
    key: read(parseKey(entry.key), 'key'),
  };
  const value = parseSecretValue(entry.value, { force });
  if (value.ok) return { ...place, value: value.value };
  const hint = isTakenByForce(value.problem)
    ? `${again}    (if every empty or mask-like value in it is meant)`
    : undefined;
  throw refuse(VALUE_WORDS[value.problem], entry.at, hint);
}

const VALUE_WORDS: Record<ValueProblem, string> = {
  'value-empty': 'the value is empty, as an unset variable would leave it',
  'value-looks-masked':
    'the value looks like a mask or an unresolved reference, not like a credential',
  'value-too-large': `the value is longer than ${MAX_VALUE_BYTES / 1024} KiB`,
  'value-not-utf8': 'the value is not text in UTF-8: it holds half of a surrogate pair',
};

function placeWords({ line, column }: { line: number; column: number }): string {
  return `line ${line}, column ${column}`;
}

function shapeHint({ chosen, path }: ReadOptions): string | undefined {
  if (chosen.by !== 'guess' && chosen.format !== 'json') return undefined;
  const shape = path === undefined ? '{"<path>": {"<key>": "<value>"}}' : '{"<key>": "<value>"}';
  const isFree = path === undefined || chosen.by === 'guess';
  return `the shape is ${shape}${isFree ? ', or another --format' : ''}`;
}
