// The text between two quotes, or of a heredoc: as Terraform decodes it, with the place of each part.
import { type Piece, PiecedText } from '../pieced-text.ts';
import { type Misreading, OPENING } from '../document.ts';
import type { Fault } from '../problem.ts';
import { matchBrackets } from './brackets.ts';
import type { Token } from './token.ts';
import { scanTemplate } from './tokens.ts';

/** Stands in a text for an expression, whose value only Terraform knows. Kafka would not take it for a reference. */
export const EXPRESSION = '${expression}';

export interface Template {
  text: PiecedText;
  /** Offsets in the file of each `${` that Terraform would take for its own. */
  unescaped: ReadonlySet<number>;
}

export interface TokenTree {
  file: string;
  tokens: readonly Token[];
  /** The index of the closing token by the index of the opening one. */
  closing: ReadonlyMap<number, number>;
}

/**
 * The text that opens at a token. undefined where its value is not known: it is one expression, or has directives (`%{if}`) or
 * an expression inside a reference.
 */
export function readTemplate(tree: TokenTree, open: number): Template | undefined {
  const { tokens } = tree;
  const opening = tokens[open];
  const close = tree.closing.get(open) ?? open;
  const inside = tokens.slice(open + 1, close);
  if (opening === undefined || inside.some(({ type }) => type === 'open directive'))
    return undefined;
  const parts = partsOf(tree, open + 1, close, opening.type === 'open heredoc');
  if (opening.text === '<<-') flush(parts);
  if (!isKnown(parts)) return undefined;
  const place = { start: opening.end, end: tokens[close]?.start ?? opening.end };
  return {
    text: new PiecedText(
      place,
      parts.flatMap(({ pieces }) => pieces.flatMap(withEscape)),
    ),
    unescaped: new Set(inside.filter(({ type }) => type === 'unescaped').map(({ start }) => start)),
  };
}

/** A text without quotes round it: all of it is the template. */
export function readWholeTemplate(file: string): {
  template: Template | undefined;
  fault: Fault | undefined;
} {
  const { tokens, fault: scanFault } = scanTemplate(file);
  const { closing, fault: bracketFault } = matchBrackets(tokens, file);
  const fault = scanFault ?? bracketFault;
  const template = fault === undefined ? readTemplate({ file, tokens, closing }, 0) : undefined;
  return { template, fault };
}

/** What Terraform would make of the reference at an offset of a text. The edits are for the text as it is written. */
export function misreading({ text, unescaped }: Template, offset: number): Misreading | undefined {
  if (unescaped.size === 0) return undefined;
  const start = text.offset(offset);
  if (!unescaped.has(start)) return undefined;
  return {
    text: "Terraform takes '${' for an expression of its own and refuses the file: for a reference of Kafka's it is written '$${'",
    edits: [{ offset: start, length: 0, text: '$' }],
  };
}

/** Wherever it stands. */
export function openingAt(_pointer: string, _offset?: number, inner = OPENING): string {
  return inner.replace(OPENING, (opening) => `$${opening}`);
}

/** What one token, or one expression, adds to the text. */
interface Part {
  pieces: Piece[];
  isExpression: boolean;
}

function partsOf(
  { file, tokens, closing }: TokenTree,
  first: number,
  close: number,
  isHeredoc: boolean,
): Part[] {
  const parts: Part[] = [];
  let trims = false;
  for (let index = first; index < close; index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.type === 'open interpolation') {
      index = closing.get(index) ?? close;
      const end = tokens[index] ?? token;
      // `${~` and `~}` take the white space beside them away.
      if (token.end - token.start === 3) trimEnd(parts.at(-1));
      trims = end.end - end.start === 2;
      const piece = { start: token.start, end: end.end, text: EXPRESSION };
      parts.push({ pieces: [piece], isExpression: true });
      continue;
    }
    const part = { pieces: piecesOf(file, token, isHeredoc), isExpression: false };
    if (trims) trimStart(part);
    trims = false;
    parts.push(part);
  }
  return parts;
}

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^uU]))/g;
const SIGNS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function piecesOf(file: string, { type, start, end }: Token, isHeredoc: boolean): Piece[] {
  const raw = file.slice(start, end);
  if (type === 'escape') return [{ text: raw.slice(1), start, end }];
  if (isHeredoc || !raw.includes('\\')) return [{ text: raw, start, end }];
  const pieces: Piece[] = [];
  let done = 0;
  const plainTo = (at: number) => {
    if (at > done) pieces.push({ text: raw.slice(done, at), start: start + done, end: start + at });
  };
  for (const match of raw.matchAll(ESCAPE)) {
    const [all, short, long, sign = ''] = match;
    plainTo(match.index);
    const code = short ?? long;
    const text =
      code === undefined ? (SIGNS[sign] ?? sign) : String.fromCodePoint(Number.parseInt(code, 16));
    done = match.index + all.length;
    pieces.push({ text, start: start + match.index, end: start + done });
  }
  plainTo(raw.length);
  return pieces;
}

function trimEnd(part: Part | undefined): void {
  if (part === undefined || part.isExpression) return;
  for (let last = part.pieces.at(-1); last !== undefined; last = part.pieces.at(-1)) {
    const text = last.text.trimEnd();
    if (text === last.text) return;
    if (text === '') part.pieces.pop();
    else Object.assign(last, { text, end: last.start + text.length });
  }
}

function trimStart(part: Part): void {
  for (let [first] = part.pieces; first !== undefined; [first] = part.pieces) {
    const text = first.text.trimStart();
    if (text === first.text) return;
    if (text === '') part.pieces.shift();
    else Object.assign(first, { text, start: first.end - text.length });
  }
}

/** Removes the white space that all lines begin with, as `<<-EOT` asks for. Blank lines do not count. */
function flush(parts: readonly Part[]): void {
  let least = Infinity;
  let isLineStart = true;
  const first: Piece[] = [];
  for (const { pieces, isExpression } of parts) {
    const [piece] = pieces;
    const text = isExpression || piece === undefined ? '' : piece.text;
    if (isLineStart) {
      const blanks = text.length - text.trimStart().length;
      if (blanks < text.length || !text.endsWith('\n')) {
        least = Math.min(least, blanks);
        if (!isExpression && piece !== undefined) first.push(piece);
      }
    }
    isLineStart = text.endsWith('\n');
  }
  for (const piece of first) {
    const cut = Math.min(least, piece.text.length);
    piece.text = piece.text.slice(cut);
    piece.start += cut;
  }
}

/** False for an expression alone, and for one inside what Kafka would read as a reference. */
function isKnown(parts: readonly Part[]): boolean {
  if (parts.length > 0 && parts.every(({ isExpression }) => isExpression)) return false;
  let isOpen = false;
  for (const { pieces, isExpression } of parts) {
    if (isExpression && isOpen) return false;
    if (isExpression) continue;
    for (const { text } of pieces) {
      const open = text.lastIndexOf('${');
      const close = text.lastIndexOf('}');
      if (open !== close) isOpen = open > close;
    }
  }
  return true;
}

/** `$${` gives two code units: the first one has the place of both signs. */
function withEscape(piece: Piece): Piece[] {
  const { text, start, end } = piece;
  if (end - start !== 3 || (text !== '${' && text !== '%{')) return [piece];
  return [
    { text: text.slice(0, 1), start, end: start + 2 },
    { text: '{', start: start + 2, end },
  ];
}
