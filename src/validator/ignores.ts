// What the comments of a file ask to be ignored: `secretreg-ignore RULE reason` behind a setting or on the line in front of it,
// `secretreg-ignore-file RULE reason` in front of all settings. One without a rule or a reason does not count.
import type { Format, SourceComment, SourceDocument } from '../documents/document.ts';
import type { Connector, Entry } from '../documents/shapes.ts';
import type { Place, Positions } from '../documents/position.ts';
import type { RuleId } from './diagnostic.ts';

/** `start` and `end` are those of the words that may be shown: what it is, and the rule. */
export interface Ignore extends Place {
  format: Format;
  /** `secretreg-ignore`, `secretreg-ignore-file`, or what is none of the two. */
  word: string;
  rule: string;
  hasReason: boolean;
  /** Of one for the file: whether nothing but comments stands in front of it. */
  isAtTop: boolean;
  /** How many findings it hid. */
  used: number;
}

export class Ignores {
  readonly #documents: readonly SourceDocument[];
  readonly #positions: () => Positions;
  #found: readonly Found[] | undefined;

  constructor(documents: readonly SourceDocument[], positions: () => Positions) {
    this.#documents = documents;
    this.#positions = positions;
  }

  get all(): readonly Ignore[] {
    return this.#all().map(({ ignore }) => ignore);
  }

  /** True for a finding that is to be hidden; of one about a setting all lines of the setting count. */
  hides(rule: RuleId, finding: Place, connector?: Connector, setting?: Entry): boolean {
    if (NEVER_IGNORED.has(rule)) return false;
    const own = this.#all().filter(({ ignore }) => ignore.rule === rule && counts(ignore));
    if (own.length === 0) return false;
    const { start, end } = placeMeant(finding, connector, setting);
    const [first, last] = [this.#positions().at(start).line, this.#positions().at(end).line];
    const hiding = own.find(
      ({ ignore, line }) =>
        ignore.word === OF_FILE || (line !== undefined && line >= first && line <= last),
    );
    if (hiding !== undefined) hiding.ignore.used += 1;
    return hiding !== undefined;
  }

  #all(): readonly Found[] {
    this.#found ??= this.#documents.flatMap((document) =>
      document.text.includes('secretreg') ? foundIn(document, this.#positions()) : [],
    );
    return this.#found;
  }
}

/** Of a file that cannot be read nothing would be known. */
export const NEVER_IGNORED: ReadonlySet<string> = new Set<RuleId>(['parse-error', 'unused-ignore']);

export const OF_LINE = 'secretreg-ignore';
export const OF_FILE = 'secretreg-ignore-file';

function counts({ word, hasReason, isAtTop }: Ignore): boolean {
  return hasReason && (word === OF_LINE || (word === OF_FILE && isAtTop));
}

function placeMeant({ start }: Place, connector?: Connector, setting?: Entry): Place {
  if (connector === undefined) return { start, end: start };
  const { document, pointer, configPointer } = connector;
  if (setting !== undefined) return placeOf(document, setting.pointer);
  // What is missing in an object is told at its beginning, which may stand below the line with its name.
  const about = [configPointer, pointer].find((it) => document.locate(it).start === start);
  const name = about === undefined ? undefined : nameStart(document, about);
  return { start: Math.min(start, name ?? start), end: start };
}

function placeOf(document: SourceDocument, pointer: string): Place {
  const { start, end } = document.locate(pointer);
  return {
    start: Math.min(start, nameStart(document, pointer) ?? start),
    end: Math.max(start, end - 1),
  };
}

/** An item of a list has none. */
function nameStart(document: SourceDocument, pointer: string): number | undefined {
  try {
    return document.locateName(pointer).start;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Found {
  ignore: Ignore;
  /** The line it is about, counted from 1. */
  line: number | undefined;
}

/** Also what was meant as one: `secretreg-ignore-next-line`, `secretreg:ignore`. */
const IGNORE =
  /^[\s#!*/-]{0,10}(secretreg[-:]ignore[\w-]*|secretreg ignore\b)(?:[\s:]+([\w-]+))?[\s:,–—-]*(.*)/;

function foundIn({ comments, text, format }: SourceDocument, positions: Positions): Found[] {
  const lines = new Set(comments.filter((it) => isAlone(it, text, positions)).flatMap(linesOf));
  function linesOf({ start, end }: Place): number[] {
    const [first, last] = [positions.at(start).line, positions.at(end).line];
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  }
  return comments.flatMap((comment) => {
    const match = IGNORE.exec(comment.text);
    if (match === null) return [];
    const [, word = '', rule = '', rest = ''] = match;
    const place = placeOfWords(text, comment, word, rule);
    if (place === undefined) return [];
    let { line } = positions.at(comment.start);
    if (lines.has(line)) while (lines.has(line)) line += 1;
    const ignore = {
      ...place,
      format,
      word,
      rule,
      used: 0,
      hasReason: /[\p{L}\p{N}]/u.test(rest),
      isAtTop: isAtTop(comment, comments, text),
    };
    return [{ ignore, line }];
  });
}

/** Undefined where nobody sees them in the file, since the text in which the comment stands is encoded. */
function placeOfWords(text: string, comment: Place, word: string, rule: string): Place | undefined {
  const shown = text.slice(comment.start, comment.end);
  const at = shown.indexOf(word);
  if (at === -1) return undefined;
  const behind = at + word.length;
  const ruleAt = shown.indexOf(rule, behind);
  const end = rule === '' || ruleAt === -1 ? behind : ruleAt + rule.length;
  return { start: comment.start + at, end: comment.start + end };
}

/** True for a comment that has its lines for itself. */
function isAlone({ start }: SourceComment, text: string, positions: Positions): boolean {
  return text.slice(positions.lineAt(start).start, start).trim() === '';
}

/** True where nothing stands in front of it but other comments and what begins a YAML document. */
function isAtTop(
  { start }: SourceComment,
  comments: readonly SourceComment[],
  text: string,
): boolean {
  let from = 0;
  let before = '';
  for (const comment of comments) {
    if (comment.start > start) break;
    before += text.slice(from, comment.start);
    from = comment.end;
  }
  return before.replace(/^%.*$/gm, '').replace(/^---/gm, '').replace('\uFEFF', '').trim() === '';
}
