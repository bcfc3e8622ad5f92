// The decoded text of a value that is written in pieces: as it stands, with escapes, over several lines.
import type { Place } from './position.ts';

/** A part of the decoded text, and where it stands. */
export interface Piece extends Place {
  text: string;
}

export class PiecedText implements Place {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly #pieces: readonly Piece[];
  /** Most texts are never asked for their places. */
  #units: readonly Place[] | undefined;

  /**
   * A piece as long as its place stands in the file as it is. In any other piece, such as an escape, each code unit has the
   * place of the whole piece.
   */
  constructor({ start, end }: Place, pieces: readonly Piece[]) {
    this.start = start;
    this.end = end;
    this.#pieces = pieces;
    this.text =
      pieces.length === 1 ? (pieces[0]?.text ?? '') : pieces.map(({ text }) => text).join('');
  }

  /** Where a part of `text` stands, without gaps between pieces at its two ends. */
  part(start: number, end: number): Place {
    const from = this.offset(start);
    if (end <= start) return { start: from, end: from };
    return { start: from, end: this.#unitAt(this.#checked(end) - 1).end };
  }

  /** Where the code unit at an offset of `text` begins. */
  offset(decoded: number): number {
    return this.#unitAt(this.#checked(decoded)).start;
  }

  #checked(decoded: number): number {
    if (decoded >= 0 && decoded <= this.text.length) return decoded;
    throw new RangeError(`the text has no offset ${decoded}`);
  }

  #unitAt(decoded: number): Place {
    if (decoded === this.text.length) return { start: this.end, end: this.end };
    const [only, second] = this.#pieces;
    if (only !== undefined && second === undefined && isPlain(only))
      return { start: only.start + decoded, end: only.start + decoded + 1 };
    this.#units ??= this.#pieces.flatMap(unitsOf);
    return this.#units[decoded] ?? { start: this.end, end: this.end };
  }
}

/** True for a piece that stands in the file as it is. */
export function isPlain({ text, start, end }: Piece): boolean {
  return text.length === end - start;
}

function unitsOf(piece: Piece): Place[] {
  const { text, start, end } = piece;
  return Array.from({ length: text.length }, (_, at) =>
    isPlain(piece) ? { start: start + at, end: start + at + 1 } : { start, end },
  );
}
