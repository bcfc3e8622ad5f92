// What every format's document has to hold, whatever the text: asked with random texts by the tests of each.
import fc from 'fast-check';
import { expect } from 'vitest';
import type { NewPart, SourceDocument } from '../../src/documents/document.ts';
import { applyEdits, type Edit } from '../../src/documents/edit.ts';
import { pointerSegment } from '../../src/documents/json-pointer.ts';

export interface Leaf {
  pointer: string;
  value: string;
}

/** Texts to put in place of parts, of these pieces; `keep` among them stands for no part. */
export function putsOf(...pieces: readonly string[]): fc.Arbitrary<string[]> {
  const put = fc.array(fc.constantFrom(...pieces, 'keep'), { maxLength: 3 });
  return fc.array(
    put.map((some) => some.join('')),
    { minLength: 1, maxLength: 3 },
  );
}

/** Where values are cut into parts. */
export const cuts = fc.array(fc.nat(), { minLength: 4, maxLength: 4 });

/** What is put in place of parts of a leaf, or of all of it, is read again. A format may have parts in which it cannot be cut. */
export function expectWritten(
  read: (text: string) => SourceDocument,
  document: SourceDocument,
  leaf: Leaf,
  { at, texts }: { at: readonly number[]; texts: readonly string[] },
  mayBeCut: (parts: readonly NewPart[]) => boolean = () => true,
): void {
  const parts = partsOf(leaf.value, at, texts);
  if (!mayBeCut(parts)) return;
  expect(afterReplace(read, document, leaf, parts)).toBe(replaced(leaf.value, parts));
  expect(afterWrite(read, document, leaf, texts[0] ?? '')).toBe(texts[0]);
}

/** Every string of a document, in order. */
export function leavesOf(document: SourceDocument): Leaf[] {
  return document.roots.flatMap(({ pointer, value }) => below(value, pointer));
}

function below(value: unknown, pointer: string): Leaf[] {
  if (typeof value === 'string') return [{ pointer, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, it]) =>
    below(it, `${pointer}/${pointerSegment(name)}`),
  );
}

/** The value at a pointer after parts of it were replaced and the text read again. */
function afterReplace(
  read: (text: string) => SourceDocument,
  document: SourceDocument,
  { pointer }: Leaf,
  parts: readonly NewPart[],
): unknown {
  return valueAfter(read, document.text, document.replace(pointer, parts), pointer);
}

function afterWrite(
  read: (text: string) => SourceDocument,
  document: SourceDocument,
  { pointer }: Leaf,
  text: string,
): unknown {
  return valueAfter(read, document.text, [document.write(pointer, text)], pointer);
}

function valueAfter(
  read: (text: string) => SourceDocument,
  text: string,
  edits: readonly Edit[],
  pointer: string,
): unknown {
  return leavesOf(read(applyEdits(text, edits))).find((it) => it.pointer === pointer)?.value;
}

function replaced(value: string, parts: readonly NewPart[]): string {
  let done = 0;
  let text = '';
  for (const part of parts) {
    text += value.slice(done, part.start) + part.text;
    done = part.end;
  }
  return text + value.slice(done);
}

/** Parts of a value in order, which may touch: between each two cuts there is one, or none. */
function partsOf(value: string, cuts: readonly number[], texts: readonly string[]): NewPart[] {
  const at = cuts.map((cut) => cut % (value.length + 1)).sort((a, b) => a - b);
  return texts.slice(0, at.length - 1).flatMap((text, index) => {
    const [start = 0, end = start] = at.slice(index);
    return text === 'keep' || (start === end && text === '') ? [] : [{ start, end, text }];
  });
}

/** In order, inside of the text, none over another; the offsets of each rise from its beginning to its end. */
export function expectTextsInOrder(document: SourceDocument): void {
  let before = 0;
  for (const { start, end, decoded } of document.texts()) {
    expect(start).toBeGreaterThanOrEqual(before);
    expect(end).toBeGreaterThan(start);
    before = end;
    if (decoded === undefined) continue;
    let last = start;
    for (let at = 0; at <= decoded.value.length; at += 1) {
      const offset = decoded.offset(at);
      expect(offset).toBeGreaterThanOrEqual(last);
      last = offset;
    }
    expect(last).toBeLessThanOrEqual(end);
  }
  expect(before).toBeLessThanOrEqual(document.text.length);
}
