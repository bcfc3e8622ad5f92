// A text that may describe connectors, whatever its format. Inside, a value is addressed by a JSON pointer (RFC 6901) from
// one of the document's roots, and a part of it by offsets in its decoded text; only the document knows where that stands
// in the file, and how it is written there. Adding a format: one that gives this, and one line in read.ts.
import type { Edit } from './edit.ts';
import type { Place } from './position.ts';
import type { Problem } from './problem.ts';

export type Format = 'json' | 'yaml' | 'properties' | 'terraform' | 'ksql';

export interface SourceDocument {
  readonly format: Format;
  /** The whole file: offsets are those of this text, for a document inside of another one too. */
  readonly text: string;
  /** What it holds, with the pointer of each: one for JSON (pointer ''), one for each document of a YAML stream (`/0`, `/1`). */
  readonly roots: readonly Root[];
  readonly problems: readonly Problem[];
  /**
   * Where a value stands, quotes included; with `start` and `end`, which are offsets in the decoded text of a string,
   * only that part of it. Throws a RangeError where the pointer leads nowhere.
   */
  locate(pointer: string, start?: number, end?: number): Place;
  /** Where the name of a member stands, quotes included. */
  locateName(pointer: string): Place;
  /** Puts `text`, written as this format writes it there, in place of a part of a string, or of all of it. */
  replace(pointer: string, part: Place | undefined, text: string): Edit;
  /** Every text that may hold a credential: values and comments, in order. Names and marks are what is left. */
  texts(): readonly SourceText[];
  /** Up to where the text was understood; behind it nobody knows what is a name and what a value. */
  readonly understood: number;
  /** In order; none for formats without. */
  readonly comments: readonly SourceComment[];
}

export interface Root {
  pointer: string;
  value: unknown;
}

export interface SourceText extends Place {
  /** As it is decoded; undefined for one that is shown in no part, such as a number or a comment. */
  value?: string;
  /** Where an offset of the decoded text stands in the file. Present with `value`. */
  offset?: (decoded: number) => number;
}

export interface SourceComment extends Place {
  /** Without the sign that begins it. */
  text: string;
}
