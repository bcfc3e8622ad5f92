// What the comments of a file ask to be ignored: `secretreg-ignore RULE reason` behind a setting or on the line in front of it,
// `secretreg-ignore-file RULE reason` in front of all settings. One without a rule or a reason does not count.
import type { Format, SourceComment, SourceDocument } from '../documents/document.ts';
import type { Connector, Entry } from '../documents/shapes.ts';
import type { Place, Positions } from '../documents/position.ts';
import { firstIndex } from '../domain/first-index.ts';
import type { RuleId } from './diagnostic.ts';

/** `start` and `end` are those of the words that may be shown: `word` and `rule`. */
export interface Ignore extends Place {
  format: Format;
  /** `secretreg-ignore`, `secretreg-ignore-file`, or what was meant as one of them. */
  word: string;
  rule: string;
  hasReason: boolean;
  /** For `secretreg-ignore-file`: whether nothing but comments stands in front of it. */
  isAtTop: boolean;
  /** How many findings it hid. */
  used: number;
}

export class Ignores {
  readonly #documents: readonly SourceDocument[];
  readonly #positions: () => Positions;
  #found: readonly Found[] | undefined;
  #hiding: ReadonlyMap<string, Hiding> | undefined;

  constructor(documents: readonly SourceDocument[], positions: () => Positions) {
    this.#documents = documents;
    this.#positions = positions;
  }

  get all(): readonly Ignore[] {
    return this.#all().map(({ ignore }) => ignore);
  }

  /** True for a finding that is to be hidden. A finding about a setting is hidden from any line of that setting. */
  hides(rule: RuleId, finding: Place, connector?: Connector, setting?: Entry): boolean {
    if (NEVER_IGNORED.has(rule)) return false;
    this.#hiding ??= hidingIn(this.#all());
    const own = this.#hiding.get(rule);
    if (own === undefined) return false;
    const { start, end } = placeMeant(finding, connector, setting);
    const [first, last] = [this.#positions().at(start).line, this.#positions().at(end).line];
    const hiding = own.ofFile ?? firstBetween(own.ofLines, first, last);
    if (hiding !== undefined) hiding.used += 1;
    return hiding !== undefined;
  }

  /** A document inside the file has the file's text too, and there may be thousands: the text is searched once. */
  #all(): readonly Found[] {
    const [file, ...inside] = this.#documents;
    const mayHaveAny = inside.length > 0 || file?.comments.length !== 0;
    this.#found ??=
      mayHaveAny && file?.text.includes('secretreg') === true
        ? this.#documents.flatMap((document) => foundIn(document, this.#positions()))
        : [];
    return this.#found;
  }
}

/** What hides the findings of one rule. */
interface Hiding {
  ofFile: Ignore | undefined;
  /** In the order of their lines. */
  ofLines: Found[];
}

function hidingIn(all: readonly Found[]): Map<string, Hiding> {
  const byRule = Map.groupBy(
    all.filter(({ ignore }) => counts(ignore)),
    ({ ignore }) => ignore.rule,
  );
  return new Map(
    [...byRule].map(([rule, found]) => {
      const isOfFile = ({ ignore }: Found) => ignore.word === OF_FILE;
      const ofLines = found.filter((it) => !isOfFile(it)).toSorted((a, b) => a.line - b.line);
      return [rule, { ofFile: found.find(isOfFile)?.ignore, ofLines }];
    }),
  );
}

function firstBetween(found: readonly Found[], first: number, last: number): Ignore | undefined {
  const it = found[firstIndex(found, ({ line }) => line >= first)];
  return it !== undefined && it.line <= last ? it.ignore : undefined;
}

/** Without its parse error, nothing would be known of a file that cannot be read. */
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
  // What an object lacks is reported at its beginning, which may stand below the line with its name.
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

/** undefined for an item of a list, which has no name. */
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
  line: number;
}

/** Also fits what was meant as one: `secretreg-ignore-next-line`, `secretreg:ignore`. */
const IGNORE =
  /^[\s#!*/-]{0,10}(secretreg[-:]ignore[\w-]*|secretreg ignore\b)(?:[\s:]+([\w-]+))?[\s:,–—-]*(.*)/;

function foundIn(document: SourceDocument, positions: Positions): Found[] {
  const { comments, text, format } = document;
  const behind = linesBehind(document, positions);
  const top = topOf(document);
  return comments.flatMap((comment) => {
    const match = IGNORE.exec(comment.text);
    if (match === null) return [];
    const [, word = '', rule = '', rest = ''] = match;
    const place = placeOfWords(text, comment, word, rule);
    if (place === undefined) return [];
    const { line } = positions.at(comment.start);
    const ignore = {
      ...place,
      format,
      word,
      rule,
      used: 0,
      hasReason: /[\p{L}\p{N}]/u.test(rest),
      isAtTop: comment.start <= top,
    };
    return [{ ignore, line: behind.get(line) ?? line }];
  });
}

/** For each line that holds nothing but a comment: the next line that holds something else. */
function linesBehind(
  { comments, text }: SourceDocument,
  positions: Positions,
): Map<number, number> {
  const lines = comments
    .filter((it) => isAlone(it, text, positions))
    .flatMap(({ start, end }) => {
      const [first, last] = [positions.at(start).line, positions.at(end).line];
      return Array.from({ length: last - first + 1 }, (_, at) => first + at);
    });
  const behind = new Map<number, number>();
  for (const line of lines.toSorted((a, b) => b - a))
    behind.set(line, behind.get(line + 1) ?? line + 1);
  return behind;
}

/** undefined where the words do not stand in the file, since the text with the comment is encoded there. */
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

/** The offset up to which nothing stands but comments and what begins a YAML document. */
function topOf({ comments, text }: SourceDocument): number {
  let from = 0;
  for (const { start, end } of comments) {
    if (!isHead(text, { start: from, end: start })) return from;
    from = end;
  }
  return from;
}

/** Stops at the first sign that is none: in front of a document inside the file may stand the text of the whole file. */
function isHead(text: string, { start, end }: Place): boolean {
  for (let at = start; at < end; at = HEAD.lastIndex) {
    HEAD.lastIndex = at;
    if (!HEAD.test(text)) return false;
  }
  return true;
}

const HEAD = /[\s\uFEFF]+|(?<=^\uFEFF?)(?:---|%.*)/my;
