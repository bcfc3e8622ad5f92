// Where the values and names of a JSON text stand. Only for text that JSON.parse has accepted.
import { visit } from 'jsonc-parser';
import { found, pointerSegment } from './json-pointer.ts';
import type { Place } from './position.ts';

export interface JsonIndex {
  locate(pointer: string, start?: number, end?: number): Place;
  locateName(pointer: string): Place;
}

export interface RepeatedName extends Place {
  name: string;
  /** Where the first member of that name stands. */
  first: number;
}

/** The parser does not know a byte order mark; a blank in its place keeps every offset. */
export function indexJson(document: string): JsonIndex {
  const text = document.startsWith('\uFEFF') ? ` ${document.slice(1)}` : document;
  const { values, names } = places(text);
  const insides = rememberingLast((pointer: string) =>
    decodedOffsets(text, found(values, pointer)),
  );
  return {
    locateName: (pointer) => found(names, pointer),
    locate(pointer, start, end) {
      const whole = found(values, pointer);
      if (start === undefined || end === undefined) return whole;
      const rawOffset = insides(pointer);
      return { start: rawOffset(start), end: rawOffset(end) };
    },
  };
}

/** Every member whose name stands earlier in the same object. Escapes count decoded: `"a"` repeats `"\u0061"`. */
export function repeatedNames(text: string): RepeatedName[] {
  const repeated: RepeatedName[] = [];
  const objects: Map<string, number>[] = [];
  visit(text, {
    onObjectBegin: () => void objects.push(new Map()),
    onObjectEnd: () => void objects.pop(),
    onObjectProperty: (name, start, length) => {
      const first = objects.at(-1)?.get(name);
      if (first === undefined) objects.at(-1)?.set(name, start);
      else repeated.push({ name, start, end: start + length, first });
    },
  });
  return repeated;
}

interface Places {
  values: Map<string, Place>;
  names: Map<string, Place>;
}

function places(text: string): Places {
  const values = new Map<string, Place>();
  const names = new Map<string, Place>();
  // The containers that are open: the pointer of each and, for an array, the index of its next item.
  const open: { pointer: string; next: number | undefined }[] = [];
  let member = '';
  const pointer = () => {
    const container = open.at(-1);
    if (container === undefined) return '';
    if (container.next === undefined) return `${container.pointer}/${member}`;
    container.next += 1;
    return `${container.pointer}/${container.next - 1}`;
  };
  const begin = (next: number | undefined) => (start: number) => {
    const own = pointer();
    values.set(own, { start, end: start });
    open.push({ pointer: own, next });
  };
  const finish = (start: number, length: number) => {
    const place = values.get(open.pop()?.pointer ?? '');
    if (place !== undefined) place.end = start + length;
  };
  visit(text, {
    onObjectBegin: begin(undefined),
    onArrayBegin: begin(0),
    onObjectEnd: finish,
    onArrayEnd: finish,
    onObjectProperty: (name, start, length) => {
      member = pointerSegment(name);
      names.set(`${open.at(-1)?.pointer ?? ''}/${member}`, { start, end: start + length });
    },
    onLiteralValue: (_value, start, length) => {
      values.set(pointer(), { start, end: start + length });
    },
  });
  return { values, names };
}

/** Maps offsets in the decoded text of a JSON string to offsets in the document. */
export function decodedOffsets(text: string, { start, end }: Place): (offset: number) => number {
  const body = text.slice(start + 1, end - 1);
  if (!body.includes('\\')) return (offset) => start + 1 + offset;
  const raw: number[] = [];
  let at = 0;
  while (at < body.length) {
    raw.push(start + 1 + at);
    if (body[at] !== '\\') at += 1;
    else at += body[at + 1] === 'u' ? 6 : 2;
  }
  raw.push(end - 1);
  return (offset) => {
    const place = raw[offset];
    if (place === undefined) throw new RangeError(`the string has no offset ${offset}`);
    return place;
  };
}

/** Remembers the answer to the last question: references of one value are located one after another. */
function rememberingLast<A, B>(answer: (question: A) => B): (question: A) => B {
  let last: { question: A; answer: B } | undefined;
  return (question) => {
    if (last === undefined || last.question !== question)
      last = { question, answer: answer(question) };
    return last.answer;
  };
}
