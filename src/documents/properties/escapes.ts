// The text of a name or value (`loadConvert` of java.util.Properties), and where each part of it stands.
import type { Place } from '../position.ts';

export interface DecodedText extends Place {
  text: string;
  /** Every `\u` that four hexadecimal digits do not follow. It is read as a `u`. */
  badEscapes: readonly Place[];
  /** Where a part of `text` stands. */
  part(start: number, end: number): Place;
  /** Where the unit at an offset of `text` begins. */
  offset(decoded: number): number;
}

/** `lines` with `\n` for every line break. */
export function decodeEscapes(lines: string, place: Place): DecodedText {
  const raw = lines.slice(place.start, place.end);
  if (!raw.includes('\\')) {
    const offset = (decoded: number) => checked(decoded, raw.length) + place.start;
    const part = (start: number, end: number) => ({ start: offset(start), end: offset(end) });
    return { ...place, text: raw, badEscapes: [], part, offset };
  }
  const { text, badEscapes } = unitsOf(raw, place.start);
  // Most values are never asked for their places.
  let places: Place[] | undefined;
  const placeAt = (decoded: number) => {
    places ??= unitsOf(raw, place.start).places;
    return places[checked(decoded, text.length)] ?? { start: place.end, end: place.end };
  };
  return {
    ...place,
    text,
    badEscapes,
    offset: (decoded) => placeAt(decoded).start,
    part(start, end) {
      const from = placeAt(start).start;
      return { start: from, end: checked(end, text.length) > start ? placeAt(end - 1).end : from };
    },
  };
}

function checked(decoded: number, length: number): number {
  if (decoded < 0 || decoded > length) throw new RangeError(`the text has no offset ${decoded}`);
  return decoded;
}

/** A line that is continued goes on behind the blanks of the next one. */
const CONTINUATION = /\\\n[ \t\f]*/y;
const SIGNS: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n', f: '\f' };

interface Units {
  text: string;
  places: Place[];
  badEscapes: Place[];
}

function unitsOf(raw: string, base: number): Units {
  const units: string[] = [];
  const places: Place[] = [];
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
    let unit = take();
    if (unit === '\\') {
      unit = take();
      const behind = at;
      const digits = unit === 'u' ? take() + take() + take() + take() : '';
      if (/^[0-9A-Fa-f]{4}$/.test(digits)) unit = String.fromCharCode(Number.parseInt(digits, 16));
      else {
        at = behind;
        if (unit === 'u') badEscapes.push({ start: base + start, end: base + at });
        unit = SIGNS[unit] ?? unit;
      }
    }
    if (unit === '') break;
    units.push(unit);
    places.push({ start: base + start, end: base + at });
  }
  return { text: units.join(''), places, badEscapes };
}
