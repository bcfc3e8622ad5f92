// A document inside of a string of another one, such as a connector's JSON in a ConfigMap. Its places and edits go through
// the string: how that is written is the outer document's matter.
import { base64FromText } from './base64.ts';
import type { SourceDocument, SourceText } from './document.ts';
import { applyEdits, type Edit } from './edit.ts';
import type { Place } from './position.ts';

/** How the text of the inner document stands in the file. */
interface Passage {
  place(part: Place): Place;
  edits(edits: readonly Edit[]): Edit[];
}

/** Pointers begin with that of the string, so that those of several in one file differ. */
export function embed(
  outer: SourceDocument,
  pointer: string,
  inner: SourceDocument,
): SourceDocument {
  return through(outer, pointer, inner, {
    place: ({ start, end }) => outer.locate(pointer, start, end),
    edits: (edits) =>
      outer.replace(
        pointer,
        edits.map(({ offset, length, text }) => ({ start: offset, end: offset + length, text })),
      ),
  });
}

/** Of what is encoded no part has a place of its own, and any edit encodes all of it anew. */
export function embedBase64(
  outer: SourceDocument,
  pointer: string,
  inner: SourceDocument,
): SourceDocument {
  return through(outer, pointer, inner, {
    place: () => outer.locate(pointer),
    edits: (edits) => [outer.write(pointer, base64FromText(applyEdits(inner.text, edits)))],
  });
}

function through(
  outer: SourceDocument,
  pointer: string,
  inner: SourceDocument,
  { place, edits }: Passage,
): SourceDocument {
  const own = (given: string) => {
    if (!given.startsWith(pointer))
      throw new RangeError(`nothing stands at ${JSON.stringify(given)}`);
    return given.slice(pointer.length);
  };
  return {
    format: inner.format,
    text: outer.text,
    roots: inner.roots.map((root) => ({ ...root, pointer: pointer + root.pointer })),
    problems: inner.problems.map(({ earlier, ...problem }) => ({
      ...problem,
      ...place(problem),
      ...(earlier !== undefined && { earlier: place({ start: earlier, end: earlier }).start }),
    })),
    get comments() {
      return inner.comments.map((comment) => ({ ...comment, ...place(comment) }));
    },
    locate: (given, start, end) => place(inner.locate(own(given), start, end)),
    locateName: (given) => place(inner.locateName(own(given))),
    isShared: (given) =>
      outer.isShared?.(pointer) === true || inner.isShared?.(own(given)) === true,
    replace: (given, parts) => edits(inner.replace(own(given), parts)),
    write: (given, text) => onlyOne(edits([inner.write(own(given), text)])),
    misread(given, offset) {
      const misreading = inner.misread?.(own(given), offset);
      return misreading && { ...misreading, edits: edits(misreading.edits) };
    },
    texts: () => inner.texts().map((text) => textThrough(place, text)),
  };
}

function onlyOne([edit, ...others]: readonly Edit[]): Edit {
  if (edit === undefined || others.length > 0) throw new RangeError('one edit became several');
  return edit;
}

function textThrough(
  place: (part: Place) => Place,
  { start, end, decoded }: SourceText,
): SourceText {
  const whole = place({ start, end });
  if (decoded === undefined) return whole;
  const offset = (index: number) => {
    const inner = decoded.offset(index);
    return inner === end ? whole.end : place({ start: inner, end: inner }).start;
  };
  return { ...whole, decoded: { value: decoded.value, offset } };
}
