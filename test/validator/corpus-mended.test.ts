// What --fix does in every shape: lines without a planted error stay as they are, to the byte, and nothing new is wrong.
import { beforeAll, expect, test } from 'vitest';
import { positionsIn } from '../../src/documents/position.ts';
import { type Mended, mend } from '../../src/validator/mend.ts';
import { validator } from '../../src/validator/validate.ts';
import { corpusFiles, corpusOptions, labels, placeOf, shapeOf, textOf } from './corpus.ts';

const mended = new Map<string, Mended>();

beforeAll(async () => {
  const check = validator(corpusOptions());
  for (const file of corpusFiles)
    mended.set(file, await mend({ file, text: textOf(file), found: true }, check));
});

test('errors are mended in every shape that has a reference', () => {
  const shapes = new Set(
    [...mended].filter(([, { fixed }]) => fixed > 0).map(([file]) => shapeOf(file)),
  );
  expect(shapes).toEqual(
    new Set(
      labels
        .filter(({ rule }) => rule === 'path-is-not-connector')
        .map(({ file }) => shapeOf(file)),
    ),
  );
});

test('only lines with a planted error change', () => {
  const wrong = [...mended].flatMap(([file, { text }]) => {
    const before = linesOf(textOf(file));
    const planted = plantedLines(file);
    const after = linesOf(text);
    if (before.length !== after.length) return [`${file}: ${after.length} lines`];
    return before.flatMap((line, index) =>
      line === after[index] || planted.has(index + 1) ? [] : [`${file}:${index + 1}`],
    );
  });
  expect(wrong).toEqual([]);
});

test('what is left was there before, and nothing of it could be mended', () => {
  const wrong = [...mended].flatMap(([file, { before, report, fixed }]) => {
    const left = report.diagnostics.length;
    const again = report.diagnostics.filter(({ fix }) => fix !== undefined).length;
    // A fault behind a mended one may come to light, so that as many stay.
    return again > 0 ||
      left > before.diagnostics.length ||
      (fixed === 0 && left !== before.diagnostics.length)
      ? [`${file}: ${before.diagnostics.length} - ${fixed} -> ${left}, ${again} to mend`]
      : [];
  });
  expect(wrong).toEqual([]);
});

function plantedLines(file: string): ReadonlySet<number> {
  const positions = positionsIn(textOf(file));
  return new Set(
    labels
      .filter((label) => label.file === file)
      .map((label) => positions.at(placeOf(label).start).line),
  );
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\r\n|\n|\r(?!\n))/);
}
