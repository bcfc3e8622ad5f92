// The text of a name or value (`loadConvert` of java.util.Properties), and where each part of it stands.
import type { Place } from '../position.ts';

export class DecodedText implements Place {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Every `\u` that four hexadecimal digits do not follow. It is read as a `u`. */
  readonly badEscapes: readonly Place[];
  readonly #raw: string;
  #places: readonly Place[] | undefined;

  /** `lines` with `\n` for every line break. */
  constructor(lines: string, start: number, end: number) {
    this.start = start;
    this.end = end;
    this.#raw = lines.slice(start, end);
    const decoded = this.#raw.includes('\\') ? unitsOf(this.#raw, start) : undefined;
    this.text = decoded?.text ?? this.#raw;
    this.badEscapes = decoded?.badEscapes ?? [];
  }

  /** Where a part of `text` stands, without the break of a continued line at either end of it. */
  part(start: number, end: number): Place {
    const from = this.offset(start);
    return { start: from, end: this.offset(end) > from ? this.#placeAt(end - 1).end : from };
  }

  /** Where the unit at an offset of `text` begins. */
  offset(decoded: number): number {
    return this.#placeAt(decoded).start;
  }

  #placeAt(decoded: number): Place {
    if (decoded < 0 || decoded > this.text.length)
      throw new RangeError(`the text has no offset ${decoded}`);
    if (decoded === this.text.length) return { start: this.end, end: this.end };
    if (this.text.length === this.#raw.length) {
      const start = this.start + decoded;
      return { start, end: start + 1 };
    }
    // Most values are never asked for their places.
    this.#places ??= unitsOf(this.#raw, this.start).places;
    return this.#places[decoded] ?? { start: this.end, end: this.end };
  }
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
