// A document in a string of another one, such as a connector's JSON in a ConfigMap. The places and edits of the inner document
// go through that string: how it is written is the outer document's matter.
import { base64FromText } from './base64.ts';
import {
  type Format,
  type Misreading,
  type NewPart,
  OPENING,
  type Root,
  type SourceComment,
  type SourceDocument,
  type SourceText,
  type ValueChange,
} from './document.ts';
import { applyEdits, type Edit, onlyOne } from './edit.ts';
import { nothingAt } from './json-pointer.ts';
import type { Place } from './position.ts';
import type { Problem } from './problem.ts';
import { replaceAll } from './replace-all.ts';

/** How the text of the inner document stands in the file. */
interface Passage {
  isEncoded?: true;
  place: (part: Place) => Place;
  edits: (edits: readonly Edit[]) => Edit[];
}

/** Pointers begin with that of the string, so that those of several embedded documents differ. */
export function embed(
  outer: SourceDocument,
  pointer: string,
  inner: SourceDocument,
): SourceDocument {
  return new Embedded(outer, pointer, inner, {
    place: placeIn(outer, pointer),
    edits: (edits) => editsThrough(outer, pointer, edits),
  });
}

/** Turns edits of a decoded string into edits of the document in which it stands. */
export function editsThrough(
  outer: SourceDocument,
  pointer: string,
  edits: readonly Edit[],
): Edit[] {
  const parts = edits.map(({ offset, length, text }) => ({
    start: offset,
    end: offset + length,
    text,
  }));
  return outer.replace(pointer, parts);
}

/** The texts of a document in a string, at their places in the outer one. */
export function textsInside(
  outer: SourceDocument,
  pointer: string,
  texts: readonly SourceText[],
): SourceText[] {
  const place = placeIn(outer, pointer);
  return texts.map((text) => textThrough(place, text));
}

function placeIn(outer: SourceDocument, pointer: string): Passage['place'] {
  return ({ start, end }) => outer.locate(pointer, start, end);
}

/** For a string in base64: no part of it has a place of its own, and any edit encodes all of it anew. */
export function embedBase64(
  outer: SourceDocument,
  pointer: string,
  inner: SourceDocument,
): SourceDocument {
  return new Embedded(outer, pointer, inner, {
    isEncoded: true,
    place: () => outer.locate(pointer),
    edits: (edits) => [outer.write(pointer, base64FromText(applyEdits(inner.text, edits)))],
  });
}

class Embedded implements SourceDocument {
  readonly isInside = true;
  readonly format: Format;
  readonly text: string;
  readonly roots: readonly Root[];
  readonly problems: readonly Problem[];
  readonly #pointer: string;
  readonly #outer: SourceDocument;
  readonly #inner: SourceDocument;
  readonly #passage: Passage;

  constructor(outer: SourceDocument, pointer: string, inner: SourceDocument, passage: Passage) {
    this.format = inner.format;
    this.text = outer.text;
    this.roots = inner.roots.map((root) => ({ ...root, pointer: pointer + root.pointer }));
    this.problems = inner.problems.map((problem) => problemThrough(passage, problem));
    this.#pointer = pointer;
    this.#outer = outer;
    this.#inner = inner;
    this.#passage = passage;
  }

  get isEncoded(): boolean {
    return this.#passage.isEncoded === true;
  }

  get comments(): readonly SourceComment[] {
    return this.#inner.comments.map((it) => ({ ...it, ...this.#passage.place(it) }));
  }

  locate(pointer: string, start?: number, end?: number): Place {
    return this.#passage.place(this.#inner.locate(this.#own(pointer), start, end));
  }

  locateName(pointer: string): Place {
    return this.#passage.place(this.#inner.locateName(this.#own(pointer)));
  }

  isShared(pointer: string): boolean {
    return (
      this.#outer.isShared?.(this.#pointer) === true ||
      this.#inner.isShared?.(this.#own(pointer)) === true
    );
  }

  replace(pointer: string, parts: readonly NewPart[]): Edit[] {
    return this.#passage.edits(this.#inner.replace(this.#own(pointer), parts));
  }

  replaceAll(changes: readonly ValueChange[]): Edit[] {
    const own = changes.map(({ pointer, parts }) => ({ pointer: this.#own(pointer), parts }));
    return this.#passage.edits(replaceAll(this.#inner, own));
  }

  write(pointer: string, text: string): Edit {
    return onlyOne(this.#passage.edits([this.#inner.write(this.#own(pointer), text)]));
  }

  misread(pointer: string, offset: number): Misreading | undefined {
    const own = this.#own(pointer);
    // What reads the outer document comes first.
    const first = this.#outer.misread?.(
      this.#pointer,
      this.#inner.locate(own, offset, offset + 1).start,
    );
    if (first !== undefined) return first;
    const misreading = this.#inner.misread?.(own, offset);
    const { edits } = this.#passage;
    return (
      misreading && {
        text: misreading.text,
        get edits() {
          return edits(misreading.edits);
        },
      }
    );
  }

  openingAt(pointer: string): string {
    const own = this.#own(pointer);
    const opening = this.#inner.openingAt?.(own) ?? OPENING;
    // Behind the quote with which the value begins.
    const at = this.#inner.locate(own).start + 1;
    return this.#outer.openingAt?.(this.#pointer, at, opening) ?? opening;
  }

  texts(): readonly SourceText[] {
    return this.#inner.texts().map((text) => textThrough(this.#passage.place, text));
  }

  #own(pointer: string): string {
    if (!pointer.startsWith(this.#pointer)) throw nothingAt(pointer);
    return pointer.slice(this.#pointer.length);
  }
}

function problemThrough({ place }: Passage, { earlier, ...problem }: Problem): Problem {
  return {
    ...problem,
    ...place(problem),
    ...(earlier !== undefined && { earlier: place({ start: earlier, end: earlier }).start }),
  };
}

function textThrough(place: Passage['place'], { start, end, decoded }: SourceText): SourceText {
  const whole = place({ start, end });
  if (decoded === undefined) return whole;
  const offset = (index: number) => {
    const inner = decoded.offset(index);
    return inner === end ? whole.end : place({ start: inner, end: inner }).start;
  };
  return { ...whole, decoded: { value: decoded.value, offset } };
}
