// Block scalars (YAML 1.2.2, 8.1), line by line as the library reads them.
import { Decoded } from './decoded.ts';

export interface BlockScalar {
  /** Where the line behind the header begins. */
  body: number;
  /** Blanks in front of each line that do not belong to it. */
  indent: number;
  decoded: Decoded;
}

interface Line {
  /** Where it begins, where its indentation ends, and where it ends, without its line break. */
  start: number;
  inner: number;
  end: number;
}

interface Header {
  isFolded: boolean;
  /** The digit of the header; 0 where there is none, and the first line decides. */
  indent: number;
  chomp: string;
  body: number;
}

/** `parentIndent` is that of the map or list round it. */
export function decodeBlock(
  text: string,
  start: number,
  end: number,
  parentIndent: number,
): BlockScalar {
  const header = headerAt(text, start, end);
  const decoded = new Decoded(text);
  const lines = header.body < end ? linesOf(text, header.body, end) : [];
  const content = contentOf(lines, header, parentIndent);
  const block = { body: header.body, indent: content.indent, decoded };
  if (content.isEmpty) {
    if (header.chomp === '+' && lines.length > 0)
      decoded.breaks('\n'.repeat(Math.max(1, lines.length - 1)), header.body, end);
    return block;
  }
  for (const line of lines.slice(0, content.first)) {
    decoded.plain(line.start + content.indent, line.inner);
    decoded.breaks('\n', Math.max(line.inner, line.start), nextLine(text, line, end));
  }
  const inner = lines.slice(content.first, content.last);
  const taken = header.isFolded
    ? folded(decoded, text, inner, content.indent)
    : literal(decoded, inner, content.indent);
  chomp(decoded, { header, rest: lines.slice(content.last), indent: content.indent, taken, end });
  return block;
}

function headerAt(text: string, start: number, end: number): Header {
  const [head = '', digits] =
    /^[|>](?:[-+]?([1-9])[-+]?|[-+]?)/.exec(text.slice(start, start + 3)) ?? [];
  const feed = text.indexOf('\n', start);
  return {
    isFolded: head.startsWith('>'),
    indent: digits === undefined ? 0 : Number(digits),
    chomp: /[-+]/.exec(head)?.[0] ?? '',
    body: feed === -1 || feed >= end ? end : feed + 1,
  };
}

function linesOf(text: string, body: number, end: number): Line[] {
  const lines: Line[] = [];
  for (let start = body; start <= end; ) {
    const feed = text.indexOf('\n', start);
    const last = feed === -1 || feed >= end ? end : feed;
    let inner = start;
    while (inner < last && text[inner] === ' ') inner += 1;
    lines.push({ start, inner, end: last > inner && text[last - 1] === '\r' ? last - 1 : last });
    start = last + 1;
  }
  return lines;
}

/** Which lines are content: the empty ones in front stay, those behind are chomped unless they are indented more. */
function contentOf(lines: readonly Line[], header: Header, parentIndent: number) {
  let last = lines.findLastIndex(({ inner, end }) => end > inner) + 1;
  if (last === 0) return { isEmpty: true, first: 0, last: 0, indent: 0 };
  const first = lines.findIndex(({ inner, end }) => end > inner);
  const { start = 0, inner = 0 } = lines[first] ?? {};
  const indent = header.indent === 0 ? inner - start : parentIndent + header.indent;
  const longer = lines.findLastIndex((line) => line.inner - line.start > indent);
  last = Math.max(last, longer + 1);
  return { isEmpty: false, first, last, indent };
}

function nextLine(text: string, { inner }: Line, end: number): number {
  const feed = text.indexOf('\n', inner);
  return feed === -1 || feed >= end ? end : feed + 1;
}

/** `literal` and `folded` return where the last line that they took ends. */
function literal(decoded: Decoded, lines: readonly Line[], indent: number): number {
  let taken: number | undefined;
  for (const { start, inner, end } of lines) {
    const from = Math.min(start + indent, inner);
    if (taken !== undefined) decoded.breaks('\n', taken, from);
    decoded.plain(from, end);
    taken = end;
  }
  return taken ?? 0;
}

function folded(decoded: Decoded, text: string, lines: readonly Line[], indent: number): number {
  let fold = '';
  let taken = lines[0]?.start ?? 0;
  let isLonger = false;
  for (const { start, inner, end } of lines) {
    const from = Math.min(start + indent, inner);
    if (inner - start > indent || text[inner] === '\t') {
      if (fold === ' ') fold = '\n';
      else if (!isLonger && fold === '\n') fold = '\n\n';
      if (fold !== '') decoded.breaks(fold, taken, from);
      decoded.plain(from, end);
      fold = '\n';
      isLonger = true;
      taken = end;
    } else if (end <= inner) {
      if (fold === '\n') {
        decoded.breaks('\n', taken, start);
        taken = start;
      } else fold = '\n';
    } else {
      if (fold !== '') decoded.breaks(fold, taken, from);
      decoded.plain(from, end);
      fold = ' ';
      isLonger = false;
      taken = end;
    }
  }
  return taken;
}

interface Rest {
  header: Header;
  rest: readonly Line[];
  indent: number;
  taken: number;
  end: number;
}

function chomp(decoded: Decoded, { header, rest, indent, taken, end }: Rest): void {
  if (header.chomp === '-') return;
  if (header.chomp === '') {
    decoded.breaks('\n', taken, end);
    return;
  }
  let from = taken;
  for (const { start, inner } of rest) {
    const to = Math.min(start + indent, inner);
    decoded.breaks('\n', from, to);
    decoded.plain(to, inner);
    from = inner;
  }
  if (!decoded.value.endsWith('\n')) decoded.breaks('\n', from, end);
}
