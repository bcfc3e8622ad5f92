// Whether a quoted scalar is closed. The library takes each that ends in a quote for closed, even if that quote is escaped.
import { type Node, Scalar, visit } from 'yaml';

/** The quote that is missing at its end. */
export function openQuote(text: string, { type, range }: Scalar): string | undefined {
  const [start = 0, end = 0] = range ?? [];
  if (type === Scalar.QUOTE_DOUBLE)
    return runBefore(text, '\\', start, end - 1) % 2 === 1 ? `'"'` : undefined;
  if (type !== Scalar.QUOTE_SINGLE) return undefined;
  return runBefore(text, "'", start, end) % 2 === 0 ? "'" : undefined;
}

/** How often a character is repeated right in front of `end`, not counting the quote that opens. */
function runBefore(text: string, character: string, open: number, end: number): number {
  let at = end;
  while (at > open + 1 && text[at - 1] === character) at -= 1;
  return end - at;
}

/** Where the quoted scalar begins that ends at an offset. */
export function quotedEndingAt(contents: Node | null, offset: number): number | undefined {
  let found: number | undefined;
  visit(contents, {
    Scalar: (_key, { range, type }) => {
      if (range?.[1] !== offset || (type !== Scalar.QUOTE_DOUBLE && type !== Scalar.QUOTE_SINGLE))
        return undefined;
      found = range[0];
      return visit.BREAK;
    },
  });
  return found;
}
