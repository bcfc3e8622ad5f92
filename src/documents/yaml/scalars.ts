// Where a scalar and its parts stand, whatever its style.
import { isMap, isPair, isScalar, isSeq, type Node, Scalar } from 'yaml';
import type { Place } from '../position.ts';
import { decodeBlock } from './block-scalar.ts';
import { type Decoded, placeIn } from './decoded.ts';
import { decodeDoubleQuoted, decodePlain, decodeSingleQuoted } from './flow-scalar.ts';

/** Where the inside of a scalar stands: without quotes, without the header of a block. */
export interface Inside extends Place {
  value: string;
  part: (start: number, end: number) => Place;
  decoded: () => Decoded;
}

export function isBlock({ type }: Scalar): boolean {
  return type === Scalar.BLOCK_FOLDED || type === Scalar.BLOCK_LITERAL;
}

function isQuoted({ type }: Scalar): boolean {
  return type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE;
}

/** With its quotes or its header; a block without the line break that ends it, and without empty lines behind. */
export function scalarPlace(text: string, node: Scalar): Place {
  const [start, end] = rangeOf(node);
  return { start, end: isBlock(node) ? lastLineEnd(text, start, end) : end };
}

function lastLineEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && ' \t\r\n'.includes(text[at - 1] ?? '')) at -= 1;
  while (at < end && ' \t'.includes(text[at] ?? '')) at += 1;
  return at;
}

/** Where a node stands. A map or list without what follows its last value. */
export function nodePlace(text: string, node: Node): Place {
  const [start, end] = rangeOf(node);
  if (isScalar(node)) return scalarPlace(text, node);
  if ((isMap(node) || isSeq(node)) && node.flow !== true)
    return { start, end: lastEnd(text, node) };
  return { start, end };
}

function lastEnd(text: string, node: Node): number {
  let last: unknown = node;
  while ((isMap(last) || isSeq(last)) && last.flow !== true && last.items.length > 0) {
    const item: unknown = last.items.at(-1);
    last = isPair(item) ? (item.value ?? item.key) : item;
  }
  if (isScalar(last)) return scalarPlace(text, last).end;
  return rangeOf(last)[1];
}

/** A value that is as long as its text in the file need not be decoded to find its parts. */
export function insideOf(text: string, node: Scalar): Inside {
  const { start, end } = scalarPlace(text, node);
  const quotes = isQuoted(node) ? 1 : 0;
  const inner = { start: start + quotes, end: Math.max(start + quotes, end - quotes) };
  const value = node.source ?? '';
  let made: Decoded | undefined;
  const decoded = () => (made ??= decode(text, node));
  // What is written `1e3` is read `1000`.
  if (typeof node.value !== 'string' && String(node.value) !== value)
    return { ...inner, value, decoded, part: () => inner };
  if (!isBlock(node) && value.length === inner.end - inner.start) {
    return { ...inner, value, decoded, part: (from, to) => straight(inner, from, to) };
  }
  const from = isBlock(node) ? bodyStart(text, inner) : inner.start;
  return {
    start: from,
    end: inner.end,
    value,
    decoded,
    part: (first, last) => placeIn(decoded(), first, last, from),
  };
}

/** Each character of the file stands for one of the value: itself or, for a folded line break, a blank. */
function straight({ start, end }: Place, from: number, to: number): Place {
  if (from < 0 || to > end - start) throw new RangeError(`the string has no offset ${to}`);
  return { start: start + from, end: start + to };
}

function bodyStart(text: string, { start, end }: Place): number {
  const feed = text.indexOf('\n', start);
  return feed === -1 || feed >= end ? end : feed + 1;
}

export function decode(text: string, node: Scalar): Decoded {
  const [start, end] = rangeOf(node);
  if (isBlock(node)) return decodeBlock(text, start, end, parentIndent(node)).decoded;
  if (node.type === Scalar.QUOTE_DOUBLE) return decodeDoubleQuoted(text, start, end);
  if (node.type === Scalar.QUOTE_SINGLE) return decodeSingleQuoted(text, start, end);
  return decodePlain(text, start, end);
}

/** The indentation of the map or list round a block, from which its indicator counts. */
export function parentIndent({ srcToken }: Scalar): number {
  return srcToken !== undefined && 'indent' in srcToken ? srcToken.indent : 0;
}

function rangeOf(node: unknown): [number, number] {
  const range = (node as Node | null)?.range;
  return [range?.[0] ?? 0, range?.[1] ?? 0];
}
