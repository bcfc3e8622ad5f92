// The labelled corpus of fixtures/corpus/: files, and what stands in them. A label gives the exact text that is meant, and
// the text around it where it stands there more than once: places are computed, never counted by hand.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Place } from '../../src/documents/position.ts';
import { type GoldenOptions, validateOptions } from './golden-report.ts';
import type { ValidateOptions } from '../../src/validator/validate.ts';

interface Marked {
  /** Below `files/`: its first folder is the shape. */
  file: string;
  text: string;
  /** What stands directly in front of it and behind it, as far as is needed for all of it to stand once in the file. */
  after?: string;
  before?: string;
}

/** What has to be reported, at exactly this place. */
export interface Label extends Marked {
  /** One that is not there yet is told by a test. */
  rule: string;
  connector?: string;
  /** What a secret is: `JAAS option`, `token format`. */
  kind?: string;
}

/** What resembles something that would be reported, and must not be. `decoy` says why it is none. */
export interface Decoy extends Marked {
  decoy: string;
}

export const corpusFolder = join(import.meta.dirname, '../../fixtures/corpus');
export const filesFolder = join(corpusFolder, 'files');

/** Relative to `files/`, sorted. */
export const corpusFiles: readonly string[] = readdirSync(filesFolder, {
  recursive: true,
  withFileTypes: true,
})
  .filter((entry) => entry.isFile())
  .map((entry) => relative(filesFolder, join(entry.parentPath, entry.name)))
  .sort();

export const shapes: readonly string[] = readdirSync(filesFolder).sort();

const lines: ReadonlyArray<Label | Decoy> = shapes.flatMap((shape) =>
  readFileSync(join(corpusFolder, 'labels', `${shape}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Label | Decoy),
);

export const labels: readonly Label[] = lines.filter((line) => 'rule' in line);
export const decoys: readonly Decoy[] = lines.filter((line) => 'decoy' in line);

export function shapeOf(file: string): string {
  return file.slice(0, file.indexOf('/'));
}

const texts = new Map<string, string>();

export function textOf(file: string): string {
  const text = texts.get(file) ?? readFileSync(join(filesFolder, file), 'utf8');
  texts.set(file, text);
  return text;
}

/** Where the marked text stands; throws where the label does not say it. */
export function placeOf({ file, text, after = '', before = '' }: Marked): Place {
  const whole = textOf(file);
  const all = after + text + before;
  const index = whole.indexOf(all);
  if (index === -1 || whole.indexOf(all, index + 1) !== -1)
    throw new Error(`${file}: ${JSON.stringify(all)} does not stand there exactly once`);
  const start = index + after.length;
  return { start, end: start + text.length };
}

/** Those of `options.json`: the secrets that exist, and the time. */
export function corpusOptions(): ValidateOptions {
  return validateOptions(
    JSON.parse(readFileSync(join(corpusFolder, 'options.json'), 'utf8')) as GoldenOptions,
  );
}
