// The text of a name or value (`loadConvert` of java.util.Properties), and where each part of it stands.
import { type Piece, PiecedText } from '../pieced-text.ts';
import type { Place } from '../position.ts';

export interface DecodedText {
  text: PiecedText;
  /** Every `\u` without four hexadecimal digits behind it. It is read as a `u`. */
  badEscapes: readonly Place[];
}

/** `lines` has `\n` for every line break. */
export function decodeEscapes(lines: string, place: Place): DecodedText {
  const raw = lines.slice(place.start, place.end);
  if (!raw.includes('\\'))
    return { text: new PiecedText(place, [{ ...place, text: raw }]), badEscapes: [] };
  const { pieces, badEscapes } = piecesOf(raw, place.start);
  return { text: new PiecedText(place, pieces), badEscapes };
}

/** A continued line goes on behind the blanks of the next one. */
const CONTINUATION = /\\\n[ \t\f]*/y;
const PLAIN = /[^\\]+/y;
const SIGNS: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n', f: '\f' };

interface Pieces {
  pieces: Piece[];
  badEscapes: Place[];
}

function piecesOf(raw: string, base: number): Pieces {
  const pieces: Piece[] = [];
  const badEscapes: Place[] = [];
  let at = 0;
  const skip = () => {
    CONTINUATION.lastIndex = at;
    while (CONTINUATION.test(raw)) at = CONTINUATION.lastIndex;
  };
  const take = (): string => {
    skip();
    return raw[at++] ?? '';
  };
  for (skip(); at < raw.length; skip()) {
    const start = at;
    PLAIN.lastIndex = at;
    if (PLAIN.test(raw)) {
      at = PLAIN.lastIndex;
      pieces.push({ text: raw.slice(start, at), start: base + start, end: base + at });
      continue;
    }
    at += 1;
    let unit = take();
    const behind = at;
    const digits = unit === 'u' ? take() + take() + take() + take() : '';
    if (/^[0-9A-Fa-f]{4}$/.test(digits)) unit = String.fromCharCode(Number.parseInt(digits, 16));
    else {
      at = behind;
      if (unit === 'u') badEscapes.push({ start: base + start, end: base + at });
      unit = SIGNS[unit] ?? unit;
    }
    if (unit === '') break;
    pieces.push({ text: unit, start: base + start, end: base + at });
  }
  return { pieces, badEscapes };
}
