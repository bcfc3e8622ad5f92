// Plain and quoted scalars (YAML 1.2.2, 7.3).
import { nextMatch } from '../../domain/matching.ts';
import { Decoded } from './decoded.ts';

export function decodePlain(text: string, start: number, end: number): Decoded {
  const decoded = new Decoded(text);
  unfold(decoded, text, start, end, (from, to) => decoded.plain(from, to));
  return decoded;
}

/** From `start` to `end`, quotes included. */
export function decodeSingleQuoted(text: string, start: number, end: number): Decoded {
  const decoded = new Decoded(text);
  unfold(decoded, text, start + 1, end - 1, (from, to) => {
    for (let at = from; at < to; ) {
      const quote = text.indexOf("''", at);
      const next = quote === -1 || quote + 2 > to ? to : quote;
      decoded.plain(at, next);
      if (next < to) decoded.piece("'", next, next + 2);
      at = next < to ? next + 2 : to;
    }
  });
  return decoded;
}

/** One line break between lines is a blank, each further one a line break; blanks round them do not count. */
function unfold(
  decoded: Decoded,
  text: string,
  start: number,
  end: number,
  line: (from: number, to: number) => void,
): void {
  let from = start;
  // Where the text that was taken last ends, and what the line breaks since then are folded to.
  let taken = start;
  let fold = '';
  while (true) {
    const feed = text.indexOf('\n', from);
    const isLast = feed === -1 || feed >= end;
    const first = from === start ? from : skipBlanks(text, from, end);
    const last = isLast ? end : trimBlanks(text, first, text[feed - 1] === '\r' ? feed - 1 : feed);
    if (from !== start && !isLast && last <= first) {
      fold = fold === ' ' ? '\n' : `${fold}\n`;
    } else {
      if (fold !== '') decoded.breaks(fold, taken, first);
      line(first, last);
      fold = ' ';
      taken = Math.max(first, last);
    }
    if (isLast) return;
    from = feed + 1;
  }
}

function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && isBlank(text[at])) at += 1;
  return at;
}

function trimBlanks(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && isBlank(text[at - 1])) at -= 1;
  return at;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
};

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** From `start` to `end`, quotes included. */
export function decodeDoubleQuoted(text: string, start: number, end: number): Decoded {
  const decoded = new Decoded(text);
  const close = end - 1;
  let at = start + 1;
  while (at < close) {
    const character = text[at];
    if (character === '\\') at = escape(decoded, text, at, close);
    else if (character === '\n' || isBlank(character) || text.startsWith('\r\n', at)) {
      at = blanks(decoded, text, at, close);
    } else {
      const next = Math.min(nextMatch(SPECIAL, text, at + 1), close);
      decoded.plain(at, next);
      at = next;
    }
  }
  return decoded;
}

const SPECIAL = /[\\ \t\r\n]/g;

/** Returns where the escape ends. */
function escape(decoded: Decoded, text: string, at: number, close: number): number {
  const sign = text[at + 1] ?? '';
  const digits = HEX_DIGITS[sign];
  if (digits !== undefined) {
    const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16);
    decoded.piece(String.fromCodePoint(code), at, at + 2 + digits);
    return at + 2 + digits;
  }
  const lineBreak = /^(?:\n|\r\n)/.exec(text.slice(at + 1, at + 3))?.[0].length;
  if (lineBreak !== undefined) return skipBlanks(text, at + 1 + lineBreak, close);
  decoded.piece(ESCAPES[sign] ?? text.slice(at, at + 2), at, at + 2);
  return at + 2;
}

/** Blanks stand for themselves, but not at the end of a line. Returns where the blanks and line breaks end. */
function blanks(decoded: Decoded, text: string, start: number, close: number): number {
  const first = skipBlanks(text, start, close);
  if (first === close || !(text[first] === '\n' || text.startsWith('\r\n', first))) {
    // A carriage return alone is neither a blank nor a line break.
    decoded.plain(start, Math.max(first, start + 1));
    return Math.max(first, start + 1);
  }
  let at = text.indexOf('\n', first) + 1;
  let fold = '';
  for (; at < close; at += 1) {
    if (text[at] === '\n') fold += '\n';
    else if (!isBlank(text[at]) && !text.startsWith('\r\n', at)) break;
  }
  decoded.breaks(fold || ' ', start, Math.min(at, close));
  return at;
}
