// What a report may not show of a YAML text: values and comments. Each line of a value is a text of its own, so that the
// indentation between them stays.
import { isMap, isPair, isScalar, isSeq, Lexer, type Node, type Pair, Scalar } from 'yaml';
import type { SourceComment, SourceText } from '../document.ts';
import { isOddName } from '../odd-name.ts';
import type { Decoded } from './decoded.ts';
import { insideOf, isBlock } from './scalars.ts';

/** Behind `understood` all is one text. */
export function yamlTexts(
  text: string,
  contents: readonly (Node | null)[],
  comments: readonly SourceComment[],
  understood: number,
): SourceText[] {
  const texts: SourceText[] = comments.map(({ start, end }) => ({ start: start + 1, end }));
  const source = { text, understood, aliases: new Set(text.match(ALIAS)) };
  for (const node of contents) addTexts(texts, source, node);
  // A text that begins in front of `understood` and ends behind it is hidden whole.
  let rest = understood;
  for (const { start, end } of texts) if (end >= understood && start < rest) rest = start;
  const known = apart(texts.filter(({ start, end }) => end > start && end <= rest));
  if (rest < text.length) known.push({ start: rest, end: text.length });
  return known;
}

/** In order, without overlaps: the text of an anchor or a tag may be found inside another text, such as a comment. */
function apart(texts: readonly SourceText[]): SourceText[] {
  const known: SourceText[] = [];
  for (const text of texts.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const from = known.at(-1)?.end ?? 0;
    if (text.start >= from) known.push(text);
    else if (text.end > from) known.push({ start: from, end: text.end });
  }
  return known;
}

/** With the `#` that begins each. Found in the library's lexemes, without its trees. */
export function yamlComments(text: string): SourceComment[] {
  const comments: SourceComment[] = [];
  let offset = 0;
  let isScalarNext = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (!isScalarNext && MARKS.has(lexeme)) {
      isScalarNext = lexeme === SCALAR;
      continue;
    }
    const end = offset + lexeme.length;
    if (!isScalarNext && lexeme.startsWith('#'))
      comments.push({ start: offset, end, text: lexeme.slice(1) });
    isScalarNext = false;
    offset = end;
  }
  return comments;
}

/** Marks of the lexer for the parser, which are no part of the text. */
const SCALAR = '\x1F';
const MARKS: ReadonlySet<string> = new Set([SCALAR, '\x02', '\x18']);

interface Source {
  text: string;
  understood: number;
  /** With the `*` that begins each, and what else begins with one. */
  aliases: ReadonlySet<string>;
}

const ALIAS = /\*[^\s,[\]{}]+/g;

function addTexts(texts: SourceText[], source: Source, root: Node | null): void {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const node = open.pop();
    if (isScalar(node)) for (const text of scalarTexts(source, node)) texts.push(text);
    else if (isSeq(node) || isMap(node)) for (const item of node.items) open.push(item);
    else if (isPair(node)) {
      open.push(node.value);
      if (!isName(node)) open.push(node.key);
    }
  }
}

/**
 * True for a scalar with a value: a name alone between braces may be a password that was not quoted. False for one that a
 * missing quote may have made a name.
 */
function isName({ key, value }: Pair): boolean {
  return isScalar(key) && value !== null && !isOddName(String(key.value));
}

function scalarTexts(source: Source, node: Scalar): SourceText[] {
  const { understood } = source;
  const [first = 0, last = 0] = node.range ?? [];
  if (last === first && last < understood) return signTexts(source, node, first);
  if (node.value === null || typeof node.value === 'boolean') return [];
  // A scalar with a fault in it cannot be decoded.
  if (last >= understood) return [{ start: first, end: last }];
  const signs = node.type === Scalar.PLAIN ? signTexts(source, node, first) : [];
  return [...signs, ...valueTexts(source, node)];
}

function valueTexts({ text }: Source, node: Scalar): SourceText[] {
  const { start, end, value, part, decoded } = insideOf(text, node);
  if (typeof node.value !== 'string') return [{ start, end }];
  if (isBlock(node) || text.slice(start, end).includes('\n')) return linesOf(text, decoded());
  const offset = (index: number) =>
    index === value.length && index > 0 ? part(index - 1, index).end : part(index, index).start;
  return [{ start, end, decoded: { value, offset } }];
}

/**
 * A password without quotes that begins with `&` or `!` is read as an anchor or a tag: of an empty value, or of what stands
 * behind a blank. An anchor that an alias names is one, and so is a tag that is known.
 */
function signTexts(
  { text, aliases }: Source,
  { anchor, tag }: Scalar,
  behind: number,
): SourceText[] {
  const signs = [
    anchor && !aliases.has(`*${anchor}`) ? `&${anchor}` : '',
    tag?.replace('tag:yaml.org,2002:', '!!') ?? '',
  ].filter((sign) => sign !== '' && !KNOWN_TAG.test(sign));
  const found: SourceText[] = [];
  if (signs.length === 0) return found;
  const from = Math.max(0, behind - FARTHEST);
  const before = text.slice(from, behind);
  // The longer one first: the text of the other one may stand in it too.
  for (const sign of signs.toSorted((a, b) => b.length - a.length)) {
    const [longer] = found;
    let start = before.lastIndexOf(sign);
    if (longer !== undefined && from + start >= longer.start && from + start < longer.end)
      start = before.slice(0, longer.start - from).lastIndexOf(sign);
    if (start !== -1) found.push({ start: from + start, end: from + start + sign.length });
  }
  return found;
}

/** How far in front of a value its anchor and its tag begin at most. */
const FARTHEST = 2000;

/** Those of YAML's core schema, and of Ansible. */
const KNOWN_TAG = /^!(?:!(?:str|int|float|bool|null|binary|timestamp)|vault|unsafe)$/;

/** One text for each line; the line breaks and blanks between them belong to none. */
function linesOf(text: string, decoded: Decoded): SourceText[] {
  const texts: SourceText[] = [];
  let first = 0;
  const close = (last: number) => {
    if (last > first) texts.push(lineText(decoded, first, last));
  };
  for (let index = 0; index < decoded.value.length; index += 1) {
    const isBreak = text.slice(decoded.start(index), decoded.end(index)).includes('\n');
    if (isBreak || (index > first && hasBreak(text, decoded, index))) {
      close(index);
      first = isBreak ? index + 1 : index;
    }
  }
  close(decoded.value.length);
  return texts;
}

/** True where a line break stands in front that is not part of the value. */
function hasBreak(text: string, decoded: Decoded, index: number): boolean {
  const [from, to] = [decoded.end(index - 1), decoded.start(index)];
  return to > from && text.slice(from, to).includes('\n');
}

function lineText(decoded: Decoded, first: number, last: number): SourceText {
  const end = decoded.end(last - 1);
  const offset = (index: number) => (first + index === last ? end : decoded.start(first + index));
  return {
    start: decoded.start(first),
    end,
    decoded: { value: decoded.value.slice(first, last), offset },
  };
}
