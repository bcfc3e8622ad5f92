// What every format's document has to hold, whatever the text: asked with random texts by the tests of each.
import { expect } from 'vitest';
import type { NewPart, SourceDocument } from '../../src/documents/document.ts';
import { applyEdits, type Edit } from '../../src/documents/edit.ts';
import { pointerSegment } from '../../src/documents/json-pointer.ts';

export interface Leaf {
  pointer: string;
  value: string;
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
export function afterReplace(
  read: (text: string) => SourceDocument,
  document: SourceDocument,
  { pointer }: Leaf,
  parts: readonly NewPart[],
): unknown {
  return valueAfter(read, document.text, document.replace(pointer, parts), pointer);
}

export function afterWrite(
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

export function replaced(value: string, parts: readonly NewPart[]): string {
  let done = 0;
  let text = '';
  for (const part of parts) {
    text += value.slice(done, part.start) + part.text;
    done = part.end;
  }
  return text + value.slice(done);
}

/** Parts of a value in order, which may touch: between each two cuts there is one, or none. */
export function partsOf(
  value: string,
  cuts: readonly number[],
  texts: readonly string[],
): NewPart[] {
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
