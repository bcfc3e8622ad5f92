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
  #hiding: ReadonlyMap<string, Hiding> | undefined;

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
    this.#hiding ??= hidingIn(this.#all());
    const own = this.#hiding.get(rule);
    if (own === undefined) return false;
    const { start, end } = placeMeant(finding, connector, setting);
    const [first, last] = [this.#positions().at(start).line, this.#positions().at(end).line];
    const hiding = own.ofFile ?? firstBetween(own.ofLines, first, last);
    if (hiding !== undefined) hiding.used += 1;
    return hiding !== undefined;
  }

  /** Those inside of the file have its text too: it is looked through once, and there may be thousands. */
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
  let low = 0;
  let high = found.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((found[middle]?.line ?? last) < first) low = middle + 1;
    else high = middle;
  }
  const it = found[low];
  return it !== undefined && it.line <= last ? it.ignore : undefined;
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
  line: number;
}

/** Also what was meant as one: `secretreg-ignore-next-line`, `secretreg:ignore`. */
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

/** The first line without a comment of its own behind each that has one. */
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

/** Up to where nothing stands but comments and what begins a YAML document. */
function topOf({ comments, text }: SourceDocument): number {
  let from = 0;
  for (const { start, end } of comments) {
    if (!isHead(text, { start: from, end: start })) return from;
    from = end;
  }
  return from;
}

/** Ends with the first sign that is none, for the text of a file may be in front of each document inside of it. */
function isHead(text: string, { start, end }: Place): boolean {
  for (let at = start; at < end; at = HEAD.lastIndex) {
    HEAD.lastIndex = at;
    if (!HEAD.test(text)) return false;
  }
  return true;
}

const HEAD = /[\s\uFEFF]+|(?<=^\uFEFF?)(?:---|%.*)/my;
