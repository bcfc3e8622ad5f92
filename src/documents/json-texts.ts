// The values of a JSON text, broken or not, and all that is behind the last token that could be read.
import { visit } from 'jsonc-parser';
import type { SourceText } from './document.ts';
import { decodedOffsets } from './json-index.ts';
import { isOddName } from './odd-name.ts';
import type { Place } from './position.ts';

export function jsonTexts(document: string): SourceText[] {
  const text = document.startsWith('\uFEFF') ? ` ${document.slice(1)}` : document;
  const texts: SourceText[] = [];
  const oddNames: SourceText[] = [];
  let isBroken = false;
  let understood = 0;
  const read = (start: number, length: number) => {
    understood = start + length;
  };
  try {
    visit(
      text,
      {
        onObjectBegin: read,
        onObjectEnd: read,
        onArrayBegin: read,
        onArrayEnd: read,
        onObjectProperty: (name, start, length) => {
          if (isOddName(name)) oddNames.push({ start: start + 1, end: start + length - 1 });
        },
        // A name counts as one only with the colon behind it.
        onSeparator: (_character, start, length) => read(start, length),
        onLiteralValue: (value: unknown, start, length) => {
          const place = { start, end: start + length };
          if (typeof value === 'string') texts.push(inside(text, place, value));
          else if (typeof value === 'number') texts.push(place);
          read(start, length);
        },
        onError: () => {
          throw new Stop();
        },
      },
      { disallowComments: true, allowTrailingComma: false },
    );
  } catch (error) {
    // The parser is recursive: nesting that no connector has overflows the stack.
    if (!(error instanceof Stop || error instanceof RangeError)) throw error;
    isBroken = true;
  }
  if (isBroken) texts.push(...oddNames.filter(({ end }) => end < understood));
  const rest = text.slice(understood).search(/\S/);
  if (rest !== -1) texts.push({ start: understood + rest, end: text.length });
  return texts.sort((a, b) => a.start - b.start);
}

class Stop extends Error {}

/** A string without its quotes. */
function inside(text: string, place: Place, value: string): SourceText {
  let offsets: ((decoded: number) => number) | undefined;
  const offset = (decoded: number) => (offsets ??= decodedOffsets(text, place))(decoded);
  return { start: place.start + 1, end: place.end - 1, decoded: { value, offset } };
}
