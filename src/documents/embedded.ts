// A document inside of a string of another one, such as a connector's JSON in a ConfigMap. Its places and edits go through
// the string: what stands between two of its characters is the outer document's matter.
import type { Edit } from './edit.ts';
import type { SourceDocument, SourceText } from './document.ts';
import type { Place } from './position.ts';

/** Pointers begin with that of the string, so that those of several in one file differ. */
export function embed(
  outer: SourceDocument,
  pointer: string,
  inner: SourceDocument,
): SourceDocument {
  const within = (own: string) => {
    if (!own.startsWith(pointer)) throw new RangeError(`nothing stands at ${JSON.stringify(own)}`);
    return own.slice(pointer.length);
  };
  const place = ({ start, end }: Place) => outer.locate(pointer, start, end);
  const through = (edits: readonly Edit[]) =>
    outer.replace(
      pointer,
      edits.map(({ offset, length, text }) => ({ start: offset, end: offset + length, text })),
    );
  return {
    format: inner.format,
    text: outer.text,
    roots: inner.roots.map((root) => ({ ...root, pointer: pointer + root.pointer })),
    problems: inner.problems.map((problem) => ({
      ...problem,
      ...place(problem),
      ...(problem.earlier !== undefined && {
        earlier: place({ start: problem.earlier, end: problem.earlier }).start,
      }),
    })),
    get comments() {
      return inner.comments.map((comment) => ({ ...comment, ...place(comment) }));
    },
    locate: (own, start, end) => place(inner.locate(within(own), start, end)),
    locateName: (own) => place(inner.locateName(within(own))),
    replace: (own, parts) => through(inner.replace(within(own), parts)),
    write(own, text) {
      const [edit, ...more] = through([inner.write(within(own), text)]);
      if (edit === undefined || more.length > 0) throw new RangeError('one edit became several');
      return edit;
    },
    texts: () => inner.texts().map((text) => textThrough(place, text)),
  };
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
