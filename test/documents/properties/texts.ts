import fc from 'fast-check';

/** What means something in a `.properties` file, and what stands beside it. */
export const PIECES = [
  ...['a', 'b', 'name', 'u', 't', '0041', '\\', '\\', '\\\\', '\\u', '\\u0041', '\\u00', '\\t'],
  ...['=', ':', '=', ' ', '\t', '\f', '#', '!', '\n', '\n', '\r\n', '\r', '\\\n', '\\\r\n', '\\\r'],
  ...['\\ ', '\\=', '\\:', '\\#', '${secret:a:b}', '.', 'é', '\u{1F600}', '\u2028', '__proto__'],
];

export const propertiesText: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 24 })
  .map((pieces) => pieces.join(''));
