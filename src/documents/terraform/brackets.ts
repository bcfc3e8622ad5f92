// Which token closes which: brackets, texts and the expressions in them.
import type { Fault } from '../problem.ts';
import type { Token } from './token.ts';

export interface Brackets {
  /** The index of the closing token by the index of the opening one. */
  closing: ReadonlyMap<number, number>;
  fault?: Fault;
}

export function matchBrackets(tokens: readonly Token[], text: string): Brackets {
  const closing = new Map<number, number>();
  const open: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (CLOSED_BY[nameOf(token)] !== undefined) open.push(index);
    if (!CLOSINGS.has(nameOf(token))) continue;
    const last = open.pop();
    const opening = last === undefined ? undefined : tokens[last];
    if (last === undefined || opening === undefined)
      return {
        closing,
        fault: faultAt(token, `nothing is open that this '${signOf(token, text)}' could close`),
      };
    if (CLOSED_BY[nameOf(opening)] !== nameOf(token))
      return { closing, fault: wrong(token, opening, text) };
    closing.set(last, index);
  }
  const unclosed = open.at(-1);
  const opening = unclosed === undefined ? undefined : tokens[unclosed];
  if (opening === undefined) return { closing };
  const end = text.trimEnd().length;
  const sign = CLOSED_BY[nameOf(opening)] ?? '';
  const fault = { start: end - 1, end, text: `the file ends too early: a '${sign}' is missing` };
  return { closing, fault: { ...fault, earlier: opening.start } };
}

const CLOSED_BY: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '{': '}',
  'open text': 'close text',
  'open heredoc': 'close heredoc',
  'open interpolation': 'close interpolation',
  'open directive': 'close interpolation',
};

const CLOSINGS: ReadonlySet<string> = new Set(Object.values(CLOSED_BY));

function nameOf({ type, text }: Token): string {
  return type === 'sign' ? (text ?? '') : type;
}

function wrong(token: Token, opening: Token, text: string): Fault {
  const missing = CLOSED_BY[nameOf(opening)] ?? '';
  return {
    ...faultAt(token, `a '${missing}' is missing in front of this '${signOf(token, text)}'`),
    earlier: opening.start,
  };
}

function signOf({ start, end }: Token, text: string): string {
  return text.slice(start, end);
}

function faultAt({ start, end }: Token, text: string): Fault {
  return { start, end, text };
}
