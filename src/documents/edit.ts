// Changes are made on the text itself, never by printing the value again: comments, order and layout stay.
import type { NewPart } from './document.ts';
import type { Place } from './position.ts';

/** Puts `text` in place of `length` code units from `offset` on. */
export interface Edit {
  offset: number;
  length: number;
  text: string;
}

/** Puts a text in place of what stands there. */
export function writeOver({ start, end }: Place, text: string): Edit {
  return { offset: start, length: end - start, text };
}

/** A string with its parts changed. */
export function withParts(text: string, parts: readonly NewPart[]): string {
  return applyEdits(
    text,
    parts.map((part) => writeOver(part, part.text)),
  );
}

/** The text after all edits, in any order. Throws a RangeError where two overlap or one lies outside. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let done = 0;
  for (const edit of edits.toSorted((a, b) => a.offset - b.offset)) {
    if (edit.offset < done || edit.offset + edit.length > text.length) {
      throw new RangeError(`the edit at ${edit.offset} overlaps another or lies outside the text`);
    }
    pieces.push(text.slice(done, edit.offset), edit.text);
    done = edit.offset + edit.length;
  }
  pieces.push(text.slice(done));
  return pieces.join('');
}

export function onlyOne([edit, ...others]: readonly Edit[]): Edit {
  if (edit === undefined || others.length > 0) throw new RangeError('one edit became several');
  return edit;
}

/** The edits without repetitions: aliases give the same edit more than once. */
export function differentEdits(edits: readonly Edit[]): Edit[] {
  const seen = new Map(edits.map((edit) => [`${edit.offset} ${edit.length} ${edit.text}`, edit]));
  return [...seen.values()];
}
