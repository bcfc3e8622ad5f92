// A text that may describe connectors, whatever its format. Inside, a value is addressed by a JSON pointer (RFC 6901) from
// one of the document's roots, and a part of it by offsets in its decoded text; only the document knows where that stands
// in the file, and how it is written there. A new format implements SourceDocument, and is one more line in read.ts.
import type { Edit } from './edit.ts';
import type { Place } from './position.ts';
import type { Problem } from './problem.ts';

export type Format =
  | 'json'
  | 'yaml'
  | 'properties'
  | 'terraform'
  | 'terraform-json'
  | 'ksql'
  | 'shell';

/** What a reference begins with where nothing reads it for its own. */
export const OPENING = '${';

export interface SourceDocument {
  readonly format: Format;
  /** The whole file, for a document inside another one too: all offsets are those of this text. */
  readonly text: string;
  /** True for a document that stands in a string of another one. */
  readonly isInside?: boolean;
  /** True for one that stands there in base64: each of its places is that of the whole string. */
  readonly isEncoded?: boolean;
  /**
   * The values that the document holds, each with its pointer: one for JSON (pointer ''), one for each document of a YAML
   * stream, each resource of Terraform, each statement of ksqlDB (`/0`, `/1`).
   */
  readonly roots: readonly Root[];
  readonly problems: readonly Problem[];
  /** The tags that YAML gives to members of a list or a map that is in a root, by their names. */
  readonly tags?: ReadonlyMap<object, ReadonlyMap<string, string>>;
  /**
   * Where a value stands, quotes included; with `start` and `end`, which are offsets in the decoded text of a string,
   * only that part of it. Throws a RangeError where the pointer leads nowhere.
   */
  locate(pointer: string, start?: number, end?: number): Place;
  /** Where the name of a member stands, quotes included. */
  locateName(pointer: string): Place;
  /**
   * Puts texts in place of parts of a string, escaped as this format needs it there. All parts of one value are given at
   * once, in order: a text may make it necessary to write the whole string in another style.
   */
  replace(pointer: string, parts: readonly NewPart[]): Edit[];
  /** For documents where the edits of two values may overlap, as in base64: takes all changes at once. */
  replaceAll?(changes: readonly ValueChange[]): Edit[];
  /** True where other values stand in the same place, as with YAML's aliases: changing one changes them all. */
  isShared?(pointer: string): boolean;
  /** Puts a string in place of a whole value. */
  write(pointer: string, text: string): Edit;
  /**
   * For formats with templates of their own: what the format's tool would make of the reference at an offset of a string.
   * undefined where it leaves the reference as it stands.
   */
  misread?(pointer: string, offset: number): Misreading | undefined;
  /**
   * Where something reads `${` for its own: how that of a reference is written in a value, so that it is left. A document
   * inside asks the one around it with its place there, and with what it would write itself.
   */
  openingAt?(pointer: string, offset?: number, inner?: string): string;
  /**
   * Every text that may hold a credential, in order: values, comments, and everything behind a fault of syntax, for nobody
   * knows there what is a name and what a value. Names and punctuation are left out.
   */
  texts(): readonly SourceText[];
  /** In order; empty for a format without comments. */
  readonly comments: readonly SourceComment[];
  /** Texts in it that may be documents of their own. */
  readonly held?: readonly HeldText[];
}

export interface HeldText {
  text: string;
  /** Gives the document that was parsed from the text its places in the file. */
  place: (inner: SourceDocument) => SourceDocument;
  /** True where it is a shell's, whatever it looks like. */
  isScript?: boolean | undefined;
  /** Of a connector that the text does not name. */
  connectorName?: string | undefined;
  /** Where a request to `/connectors/NAME/config` has the text: these settings are all of the connector, or only some of them. */
  sentAs?: 'all' | 'some' | undefined;
  /** What may have only its settings there, and be named by something else: a flat map, or the file of an operator's too. */
  isNamedElsewhere?: 'flat-map' | 'properties-too' | undefined;
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
  /** What the tool makes of the reference, and what to write instead. */
  text: string;
  readonly edits: Edit[];
}

export interface SourceText extends Place {
  /** The decoded string, whose references may be shown; undefined for what is hidden whole: numbers, comments. */
  decoded?: {
    value: string;
    /** Where an offset of `value` stands in the file. */
    offset(decoded: number): number;
  };
}

export interface SourceComment extends Place {
  /** Without the sign that begins the comment. */
  text: string;
}
