// The formats of `import` and `export`, and which one a file has. Where nobody named the format, a note says which one it is.
import { basename } from 'node:path';
import { SecretregError } from '../../errors.ts';

/** By the word of --format. */
export const FORMATS = {
  json: { title: 'JSON', hasPaths: true },
  yaml: { title: 'YAML', hasPaths: true },
  properties: { title: 'properties', hasPaths: false },
  dotenv: { title: 'dotenv', hasPaths: false },
  kubernetes: { title: 'a Kubernetes Secret', hasPaths: true },
} as const;

export type TransferFormat = keyof typeof FORMATS;

export interface Chosen {
  format: TransferFormat;
  /** How the format is known. `guess`: it is not, and JSON is tried. */
  by: 'flag' | 'name' | 'content' | 'guess';
}

/** `file` is undefined for stdin and stdout. Fails with wrong-use. */
export function chooseFormat(file: string | undefined, flag: string | undefined): Chosen {
  if (flag !== undefined) {
    if (Object.hasOwn(FORMATS, flag)) return { format: flag as TransferFormat, by: 'flag' };
    throw new SecretregError('wrong-use', {
      reason: `--format takes ${Object.keys(FORMATS).join(', ')}`,
    });
  }
  const found = NAMES.find(([name]) => name.test(basename(file ?? '')));
  return found === undefined ? { format: 'json', by: 'guess' } : { format: found[1], by: 'name' };
}

const NAMES: readonly (readonly [RegExp, TransferFormat])[] = [
  [/\.json$/i, 'json'],
  [/\.ya?ml$/i, 'yaml'],
  [/\.properties$/i, 'properties'],
  [/(?:^|\.)env$|^\.env\./i, 'dotenv'],
];

/** Requires a path for a format that holds the keys of one path and does not name it. Fails with wrong-use. */
export function requirePath(
  { format }: Chosen,
  path: string | undefined,
  command: readonly string[],
): void {
  if (FORMATS[format].hasPaths || path !== undefined) return;
  throw new SecretregError(
    'wrong-use',
    { reason: `a file of format ${format} holds the keys of one path, and no path stands in it` },
    { hint: [...command, '--path <path>'].join(' ') },
  );
}

/** A note on the choice; undefined where the name or the flag says it. */
export function choiceWords({ format, by }: Chosen): string | undefined {
  const { title } = FORMATS[format];
  if (by === 'flag' || (by === 'name' && format === 'json')) return undefined;
  if (by === 'name') return `as ${title}, by its name`;
  if (by === 'content') return `as ${title}, by its apiVersion and kind`;
  return `as ${title}: its name tells no format, and --format was not given`;
}
