// A text that may describe connectors, whatever its format. Inside, a value is addressed by a JSON pointer (RFC 6901) from
// one of the document's roots, and a part of it by offsets in its decoded text; only the document knows where that stands
// in the file, and how it is written there. Adding a format: one that gives this, and one line in read.ts.
import type { Edit } from './edit.ts';
import type { Place } from './position.ts';
import type { Problem } from './problem.ts';

export type Format = 'json' | 'yaml' | 'properties' | 'terraform' | 'terraform-json' | 'ksql';

export interface SourceDocument {
  readonly format: Format;
  /** The whole file: offsets are those of this text, for a document inside of another one too. */
  readonly text: string;
  /** True for one that stands in a string of another one. */
  readonly isInside?: boolean;
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
  /**
   * Puts texts, written as this format writes them there, in place of parts of a string. All parts of one value at once: a
   * text may make it necessary to write the whole string in another style. The parts are in order.
   */
  replace(pointer: string, parts: readonly NewPart[]): Edit[];
  /** For documents that write more than one value anew when one changes: all changes at once. */
  replaceAll?(changes: readonly ValueChange[]): Edit[];
  /** True where other values stand in the same place, as YAML's aliases have it: a change is one of all of them. */
  isShared?(pointer: string): boolean;
  /** Puts a string in place of a whole value. */
  write(pointer: string, text: string): Edit;
  /**
   * For formats with templates of their own: what they would make of the reference at an offset of a string, where that
   * is not what stands there.
   */
  misread?(pointer: string, offset: number): Misreading | undefined;
  /**
   * Every text that may hold a credential, in order: values, comments, and all behind the place up to which the document
   * was understood, for there nobody knows what is a name and what a value. Names and marks are what is left.
   */
  texts(): readonly SourceText[];
  /** In order; none for formats without. */
  readonly comments: readonly SourceComment[];
}

export interface Root {
  pointer: string;
  value: unknown;
}

/** `start` and `end` are offsets in the decoded text of a string. */
export interface NewPart extends Place {
  text: string;
}

/** Parts of one value, as `replace` takes them. */
export interface ValueChange {
  pointer: string;
  parts: readonly NewPart[];
}

export interface Misreading {
  /** What is made of it, and what is to be written instead. */
  text: string;
  edits: Edit[];
}

export interface SourceText extends Place {
  /** A string as it is decoded, of which references may be shown; undefined for what is shown in no part: numbers, comments. */
  decoded?: {
    value: string;
    /** Where an offset of `value` stands in the file. */
    offset(decoded: number): number;
  };
}

export interface SourceComment extends Place {
  /** Without the sign that begins it. */
  text: string;
}
