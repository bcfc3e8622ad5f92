// The tokens of ksqlDB's SQL, each with its place (SqlBase.g4 of confluentinc/ksql). No library reads it. Stops at the
// first text, name or comment that is not closed.
import type { Place } from '../position.ts';
import type { Fault } from '../problem.ts';

export interface Token extends Place {
  type:
    | 'word'
    | 'number'
    /** `'…'`. */
    | 'text'
    /** `"…"` or `` `…` ``. */
    | 'quoted name'
    /** `${name}`, which ksqlDB replaces by a text before it parses. */
    | 'variable'
    | 'comment'
    | 'sign';
  /** A word in upper case, or a sign; empty for all others. */
  text: string;
}

export interface Tokens {
  tokens: readonly Token[];
  fault?: Fault;
}

const PLAIN = [
  ['comment', /--[^\r\n]*/y],
  ['word', /[A-Za-z_][\w@]*/y],
  ['number', /(?:\d[\w@]*(?:\.\w*)?|\.\d\w*)(?:(?<=[eE])[+-]\d+)?/y],
  ['variable', /\$\{[A-Za-z_][\w@]*\}/y],
  ['sign', /./suy],
] as const;

const BLANKS = /\s*/y;

export function scanTokens(text: string): Tokens {
  const tokens: Token[] = [];
  BLANKS.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  BLANKS.test(text);
  for (let at = BLANKS.lastIndex; at < text.length; at = BLANKS.lastIndex) {
    const token = closedAt(text, at) ?? plainAt(text, at);
    if ('fault' in token) return { tokens, fault: token.fault };
    tokens.push(token);
    BLANKS.lastIndex = token.end;
    BLANKS.test(text);
  }
  return { tokens };
}

/** A token with a closing sign: a comment, a text or a quoted name. */
function closedAt(text: string, start: number): Token | { fault: Fault } | undefined {
  const first = text[start] ?? '';
  if (first === '/' && text[start + 1] === '*') {
    const close = text.indexOf('*/', start + 2);
    if (close === -1)
      return {
        fault: { start, end: start + 2, text: "the comment is not closed: its '*/' is missing" },
      };
    return { type: 'comment', start, end: close + 2, text: '' };
  }
  if (first !== "'" && first !== '"' && first !== '`') return undefined;
  let close = text.indexOf(first, start + 1);
  // Two quotes in a row stand for one in the text.
  while (close !== -1 && text[close + 1] === first) close = text.indexOf(first, close + 2);
  if (close === -1) {
    const what = first === "'" ? 'text' : 'name';
    return {
      fault: { start, end: start + 1, text: `the ${what} is not closed: its ${first} is missing` },
    };
  }
  return { type: first === "'" ? 'text' : 'quoted name', start, end: close + 1, text: '' };
}

function plainAt(text: string, start: number): Token {
  for (const [type, pattern] of PLAIN) {
    pattern.lastIndex = start;
    if (!pattern.test(text)) continue;
    const end = pattern.lastIndex;
    if (type === 'word') return { type, start, end, text: text.slice(start, end).toUpperCase() };
    return { type, start, end, text: type === 'sign' ? text.slice(start, end) : '' };
  }
  return { type: 'sign', start, end: start + 1, text: text.slice(start, start + 1) };
}
