// A scalar's text as it is decoded, with the place in the file of each of its code units. The library gives the text only;
// tests prove that both agree.
import type { Place } from '../position.ts';

/** Collects the decoded text piece by piece. */
export class Decoded {
  value = '';
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Each code unit stands for itself. */
  plain(start: number, end: number): void {
    if (end <= start) return;
    this.value += this.#text.slice(start, end);
    for (let at = start; at < end; at += 1) this.#push(at, at + 1);
  }

  /** All of `characters` come from one piece, such as an escape. */
  piece(characters: string, start: number, end: number): void {
    this.value += characters;
    for (let count = 0; count < characters.length; count += 1) this.#push(start, end);
  }

  /** What line breaks, with the blanks round them, are folded to. Each character but the last ends where a line does. */
  breaks(characters: string, start: number, end: number): void {
    this.value += characters;
    let from = start;
    for (let count = 1; count <= characters.length; count += 1) {
      const lineEnd = this.#text.indexOf('\n', from) + 1;
      const to = count === characters.length || lineEnd === 0 || lineEnd > end ? end : lineEnd;
      this.#push(from, to);
      from = to;
    }
  }

  /** Where the piece of a code unit begins; behind the last one, where that ends. */
  start(index: number): number {
    const start =
      this.#starts[index] ?? (index === this.value.length ? this.#ends.at(-1) : undefined);
    if (start === undefined) throw new RangeError(`the string has no offset ${index}`);
    return start;
  }

  end(index: number): number {
    const end = this.#ends[index];
    if (end === undefined) throw new RangeError(`the string has no offset ${index}`);
    return end;
  }

  #push(start: number, end: number): void {
    this.#starts.push(start);
    this.#ends.push(end);
  }
}

/** Where a part stands; `empty` is the place of a part of an empty string. */
export function placeIn(decoded: Decoded, start: number, end: number, empty: number): Place {
  if (decoded.value === '' && start === 0 && end === 0) return { start: empty, end: empty };
  const from = decoded.start(start);
  return { start: from, end: end > start ? decoded.end(end - 1) : from };
}
