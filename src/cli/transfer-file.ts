// The files of `import`, `export` and `put --json`: {"<path>": {"<key>": "<value>"}}, or the inner map alone.
import { visit, type JSONPath } from 'jsonc-parser';
import type { SecretPath } from '../domain/names.ts';
import type { Write } from '../domain/registry.ts';
import { secretCommand, shellWord } from '../domain/shell-word.ts';
import { SecretregError } from '../errors.ts';
import { keyArgument, pathArgument } from './arguments.ts';
import { checkedValue } from './values.ts';

interface Options {
  /** `-` for stdin. */
  file: string;
  /** The path of all keys, where the file is the inner map alone. */
  path?: SecretPath;
  force: boolean;
}

/** Fails with import-malformed, bad-path, bad-key and the codes `value-…`. No message shows a value. */
export function parseSecretTable(bytes: Uint8Array, options: Options): Write[] {
  const malformed = (reason: string) =>
    new SecretregError(
      'import-malformed',
      { file: options.file === '-' ? 'stdin' : options.file, reason },
      options.path === undefined ? {} : { hint: 'the shape is {"<key>": "<value>"}' },
    );
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('it is not UTF-8');
  }
  const table = parseTable(text, malformed);
  if (!isMap(table)) throw malformed('it is not a JSON object');
  const paths =
    options.path === undefined ? Object.entries(table) : [[options.path, table] as const];
  const again =
    options.path === undefined
      ? secretCommand('import', [options.file], ['--force'])
      : secretCommand('put', [options.path], [`--json ${shellWord(options.file)}`, '--force']);
  return paths.flatMap(([pathText, keys]) => {
    if (!isMap(keys)) throw malformed(`'${pathText}' is not an object of keys`);
    return Object.entries(keys).map(([keyText, value]): Write => {
      const place = { path: pathArgument(pathText), key: keyArgument(keyText) };
      if (typeof value !== 'string')
        throw malformed(`the value of ${pathText}:${keyText} is not a string`);
      return {
        path: place.path,
        key: place.key,
        value: checkedValue(place, value, options.force, { again }),
      };
    });
  });
}

function parseTable(text: string, malformed: (reason: string) => SecretregError): unknown {
  try {
    refuseFaults(text, malformed);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof RangeError) throw malformed('it is nested too deeply');
    throw error;
  }
}

/** JSON.parse would keep the last of two equal members, and its messages quote the text. */
function refuseFaults(text: string, malformed: (reason: string) => SecretregError): void {
  const seen = new Set<string>();
  visit(
    text,
    {
      onObjectProperty: (name, _offset, _length, line, column, pathOf: () => JSONPath) => {
        const place = JSON.stringify([...pathOf(), name]);
        if (seen.has(place))
          throw malformed(`'${name}' stands twice (line ${line + 1}, column ${column + 1})`);
        seen.add(place);
      },
      onError: (_error, _offset, _length, line, column) => {
        throw malformed(`it is not JSON (line ${line + 1}, column ${column + 1})`);
      },
    },
    { disallowComments: true },
  );
  if (text.trim() === '') throw malformed('it is empty');
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
