// Puts parts of settings into the text of a file, whatever its format.
import { applyEdits, type Edit, withParts } from '../documents/edit.ts';
import { readSource, type Source } from '../documents/read.ts';
import type { Entry } from '../documents/shapes.ts';
import type { Span } from '../domain/reference.ts';
import { shellWord } from '../domain/shell-word.ts';
import { SecretregError } from '../errors.ts';
import { STDIN } from './diagnostic.ts';
import { concerns, type Input, providersOf, shapeOptions } from './validate.ts';

/** Fails with file-unreadable for a connector file with any problem: the same text could stand there once more, unread. */
export async function readWhole(input: Input, provider: string): Promise<Source> {
  const providers = providersOf({ providerNames: [provider] });
  const source = await readSource(input.text, shapeOptions(providers));
  if (hasFault(source) && concerns(source, input, providers)) throw notClear(input.file);
  return source;
}

export function hasFault({ documents }: Source): boolean {
  return documents.some(({ problems }) => problems.some(({ isComment }) => isComment !== true));
}

export function notClear(file: string): SecretregError {
  const reason = 'what it says is not clear in every place';
  const hint = `secretreg validate ${file === STDIN ? '-' : shellWord(file)}`;
  return new SecretregError('file-unreadable', { file, reason }, { hint });
}

export interface Part extends Span {
  entry: Entry;
  text: string;
}

/** What is done to one value. */
export interface Change {
  /** The index of the connector among those of the file. */
  connector: number;
  pointer: string;
  before: string;
  after: string;
  parts: readonly Part[];
}

export function changesOf(connector: number, parts: readonly Part[]): Change[] {
  const byValue = Map.groupBy(parts, ({ entry }) => entry.pointer);
  return [...byValue].map(([pointer, own]) => {
    const ordered = own.toSorted((a, b) => a.start - b.start);
    const before = own[0]?.entry.value ?? '';
    return { connector, pointer, before, after: withParts(before, ordered), parts: ordered };
  });
}

/** Changes in one text inside the file, such as base64 in a Secret, come one after the other: each writes that text anew. */
export async function rewritten(
  { file, text }: { file: string; text: string },
  changes: readonly Change[],
  provider: string,
): Promise<string> {
  let [now, left] = [text, changes];
  while (left.length > 0) {
    const source = await readWhole({ file, text: now }, provider);
    const values = valuesIn(source);
    const round = left.flatMap((change) => editsFor(file, source, values, change));
    const kept: Edit[] = [];
    const later: Change[] = [];
    let done = 0;
    for (const { change, edits } of round.toSorted((a, b) => beginOf(a) - beginOf(b))) {
      if (edits.some(({ offset }) => offset < done)) {
        later.push(change);
        continue;
      }
      kept.push(...edits);
      done = Math.max(done, ...edits.map(({ offset, length }) => offset + length));
    }
    now = applyEdits(now, kept);
    left = later;
  }
  return now;
}

interface ChangeEdits {
  change: Change;
  edits: readonly Edit[];
}

/** The values of a connector by their pointers. */
function valuesIn({
  connectors,
}: Source): (connector: number) => ReadonlyMap<string, string | null> {
  const known = new Map<number, ReadonlyMap<string, string | null>>();
  return (at) => {
    const entries = connectors[at]?.entries ?? [];
    const values = known.get(at) ?? new Map(entries.map(({ pointer, value }) => [pointer, value]));
    known.set(at, values);
    return values;
  };
}

/** None where an alias has made the change already. */
function editsFor(
  file: string,
  { connectors }: Source,
  values: ReturnType<typeof valuesIn>,
  change: Change,
): ChangeEdits[] {
  const { pointer, before, after, parts } = change;
  const connector = connectors[change.connector];
  const value = values(change.connector).get(pointer);
  if (value === after) return [];
  if (connector === undefined || value !== before) throw sharedError(file);
  const [first] = parts;
  // A whole value may be a number of JSON or YAML, which has no parts.
  const isWhole = first?.start === 0 && first.end === before.length;
  const { document } = connector;
  const edits = isWhole ? [document.write(pointer, after)] : document.replace(pointer, parts);
  return [{ change, edits }];
}

function beginOf({ edits }: ChangeEdits): number {
  return Math.min(...edits.map(({ offset }) => offset));
}

/** By an alias, for example. One reference can have one path only. */
function sharedError(file: string): SecretregError {
  const reason = 'a credential in it belongs to two connectors at once';
  return new SecretregError('file-unreadable', { file, reason });
}
