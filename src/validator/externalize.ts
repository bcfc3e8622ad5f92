// Replaces the plaintext credentials of a connector file by references, and back. Works on the text of the file: comments and
// layout stay. The result is read again and compared with the input, for afterwards the registry alone has the values.
import { withParts } from '../documents/edit.ts';
import { positionsIn } from '../documents/position.ts';
import type { Source } from '../documents/read.ts';
import type { Connector } from '../documents/shapes.ts';
import { parseKey, parsePath, type SecretKey, type SecretPath } from '../domain/names.ts';
import { referenceText, scanReferences, type Span } from '../domain/reference.ts';
import { SecretValue } from '../domain/secret-value.ts';
import { SecretregError } from '../errors.ts';
import { Ignores } from './ignores.ts';
import { changesOf, readWhole, rewritten } from './rewrite.ts';
import { literalSecrets } from './secrets/literal-secrets.ts';
import type { Input } from './validate.ts';

export interface ExternalizeOptions {
  /** The worker's name for the registry. */
  provider: string;
  /** For a connector that its file does not name. */
  connectorName?: string;
  /** The same command with a name for such a connector of the file. */
  naming?: (file: string) => string;
  /** Keys that the user chose, by the name of the setting. */
  keys: ReadonlyMap<string, SecretKey>;
}

/** A reference of ours in a file. The path is the name of the connector. */
export interface Replaced {
  path: SecretPath;
  key: SecretKey;
  setting: string;
  reference: string;
}

export interface Externalized extends Replaced {
  /** The text as it stands in the setting, with its escapes: so it fits there again. */
  value: SecretValue;
}

export interface ExternalizedFile {
  /** How many connectors the file describes. */
  connectors: number;
  text: string;
  secrets: Externalized[];
  /** How many credentials stay, since a comment says that `literal-secret` is to be ignored there. */
  ignored: number;
}

/** Fails with file-unreadable, wrong-use and bad-path. No secrets where the file holds none, or none of it is a connector's. */
export async function externalize(
  input: Input,
  options: ExternalizeOptions,
): Promise<ExternalizedFile> {
  const { file } = input;
  const source = await readWhole(input, options.provider);
  const secrets: Externalized[] = [];
  const ignores = new Ignores(source.documents, () => positionsIn(input.text));
  let ignored = 0;
  const changes = source.connectors.flatMap((connector, at) => {
    const all = literalSecrets(connector.entries);
    const found = all.filter(
      ({ entry, ...place }) => !ignores.hides('literal-secret', place, connector, entry),
    );
    ignored += all.length - found.length;
    if (found.length === 0) return [];
    const path = pathOf(file, connector, options);
    const parts = found.map(({ entry, start, end, key: proposed }) => {
      const { key: setting } = entry;
      const key = options.keys.get(setting) ?? keyOf(proposed);
      const reference = referenceText(options.provider, path, key);
      const value = SecretValue.of(entry.value.slice(start, end));
      secrets.push({ path, key, setting, reference, value });
      return { entry, start, end, text: reference };
    });
    return changesOf(at, parts);
  });
  const connectors = source.connectors.length;
  if (secrets.length === 0) return { connectors, text: input.text, secrets, ignored };
  requireOneValueEach(secrets);
  const text = await rewritten(input, changes, options.provider);
  requireSame(source, await readWhole({ file, text }, options.provider), { file, secrets });
  return { connectors, text, secrets, ignored };
}

/** Fails with wrong-use where two texts would be stored under one key. */
export function requireOneValueEach(secrets: readonly Externalized[]): void {
  const first = new Map<string, Externalized>();
  for (const secret of secrets) {
    const other = first.get(secret.reference) ?? secret;
    first.set(secret.reference, other);
    if (other.value.reveal() === secret.value.reveal()) continue;
    const { path, key, setting } = secret;
    const which = setting === other.setting ? 'two places' : `'${other.setting}' and '${setting}'`;
    throw new SecretregError(
      'wrong-use',
      { reason: `what stands in ${which} differs, and both would be ${path}:${key}` },
      setting === other.setting ? {} : { hint: `--key ${setting}=ANOTHER-KEY` },
    );
  }
}

/** Puts the values in place of their references. Fails with file-unreadable, and with undo-refused where a reference is not there. */
export async function internalize(
  input: { file: string; text: string },
  replaced: readonly (Replaced & { value: SecretValue })[],
  provider: string,
): Promise<string> {
  const source = await readWhole(input, provider);
  const missing = new Set<Replaced>(replaced);
  const changes = source.connectors.flatMap(({ name, entries }, at) => {
    const own = replaced.filter(({ path }) => name === undefined || name === path);
    const parts = entries.flatMap((entry) =>
      own
        .filter(({ setting }) => setting === entry.key)
        .flatMap((it) => {
          const places = placesOf(entry.value ?? '', it.reference);
          if (places.length > 0) missing.delete(it);
          const text = it.value.reveal();
          return places.map(({ start, end }) => ({ entry, start, end, text }));
        }),
    );
    return changesOf(at, parts);
  });
  const [first] = missing;
  if (first !== undefined) throw notThere(input.file, first);
  return rewritten(input, changes, provider);
}

function pathOf(file: string, { name }: Connector, options: ExternalizeOptions): SecretPath {
  const text = name ?? options.connectorName;
  if (text === undefined)
    throw new SecretregError(
      'wrong-use',
      { reason: `'${file}' does not name its connector, whose name is the path of its secrets` },
      { hint: options.naming?.(file) },
    );
  const path = parsePath(text);
  if (path.ok) return path.value;
  throw new SecretregError('bad-path', { path: text, reason: path.problem });
}

/** The detector only proposes texts that can be keys. */
function keyOf(text: string): SecretKey {
  const key = parseKey(text);
  if (key.ok) return key.value;
  throw new SecretregError('bad-key', { key: text, reason: key.problem });
}

/** Fails where a setting would be another one after every reference is replaced by its value again. */
function requireSame(
  before: Source,
  after: Source,
  { file, secrets }: { file: string; secrets: readonly Externalized[] },
): void {
  const values = new Map(secrets.map(({ reference, value }) => [reference, value.reveal()]));
  const restored = (value: string) => {
    const parts = scanReferences(value).flatMap(({ start, end }) => {
      const text = values.get(value.slice(start, end));
      return text === undefined ? [] : [{ start, end, text }];
    });
    return withParts(value, parts);
  };
  if (settingsOf(after, restored) === settingsOf(before, (value) => value)) return;
  // Behind a '${' that is not closed, a reference is not read as one.
  const reason = 'a reference in the place of what stands there would be read otherwise';
  throw new SecretregError('file-unreadable', { file, reason });
}

function settingsOf({ connectors }: Source, read: (value: string) => string): string {
  const all = connectors.map(({ name, entries }) => [
    name,
    entries.map(({ key, value }) => [key, value === null ? null : read(value)]),
  ]);
  return JSON.stringify(all);
}

function placesOf(value: string, reference: string): Span[] {
  const places: Span[] = [];
  for (let at = value.indexOf(reference); at !== -1; at = value.indexOf(reference, at + 1))
    places.push({ start: at, end: at + reference.length });
  return places;
}

function notThere(file: string, { path, setting, reference }: Replaced): SecretregError {
  const reason = `setting '${setting}' of connector '${path}' does not hold ${reference} any more`;
  return new SecretregError('undo-refused', { file, reason });
}
