// Our mapping from a decoded text to places in the file, beside what the library decodes.
import fc from 'fast-check';
import { Document, isScalar, parseDocument, Scalar, visit } from 'yaml';
import { describe, expect, test } from 'vitest';
import { decode, isBlock } from '../../../src/documents/yaml/scalars.ts';

const STYLES = [
  Scalar.PLAIN,
  Scalar.QUOTE_SINGLE,
  Scalar.QUOTE_DOUBLE,
  Scalar.BLOCK_LITERAL,
  Scalar.BLOCK_FOLDED,
] as const;

/** Every scalar of a text, as the library and as we decode it. */
function scalarsOf(text: string): Scalar[] {
  const document = parseDocument(text, {
    keepSourceTokens: true,
    prettyErrors: false,
    logLevel: 'silent',
  });
  if (document.errors.length > 0) return [];
  const scalars: Scalar[] = [];
  visit(document, { Scalar: (_key, node) => void (isScalar(node) && scalars.push(node)) });
  return scalars;
}

/** Throws unless each code unit stands where we say. */
function check(text: string, node: Scalar): void {
  const decoded = decode(text, node);
  expect(decoded.value).toBe(node.source);
  const [from = 0, to = 0] = node.range ?? [];
  let last = from;
  for (let index = 0; index < decoded.value.length; index += 1) {
    const [start, end] = [decoded.start(index), decoded.end(index)];
    expect(start).toBeGreaterThanOrEqual(index > 0 ? decoded.start(index - 1) : from);
    expect(end).toBeGreaterThanOrEqual(last);
    expect(end).toBeLessThanOrEqual(to);
    last = end;
    const raw = text.slice(start, end);
    const character = decoded.value[index] ?? '';
    if (raw === character) continue;
    if (raw.startsWith('\\')) {
      // An escape may stand for two code units.
      expect(scalarsOf(`"${raw}"`)[0]?.source).toContain(character);
    } else if (raw === "''") {
      expect(character).toBe("'");
    } else {
      expect(' \n').toContain(character);
      expect(raw).toMatch(/^[ \t\r\n]*$/);
      expect(raw.includes('\n') || isBlock(node)).toBe(true);
    }
  }
}

const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'ab1 ') },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...['\n', '\n\n', '  ', '\t', '"', "'", '\\', ': ', ' #', '- ', '${', '}', ',', '['],
      ...['\r', '\u0000', '\u0007', '\u0085', '\u00a0', '\u2028', 'é', '😀', '\ud83d', '%', '|'],
    ),
  },
);
const anyText = fc.array(character, { maxLength: 40 }).map((pieces) => pieces.join(''));

describe('a decoded scalar', () => {
  test('has each code unit where the library reads it, in every style that the library writes', () => {
    fc.assert(
      fc.property(
        anyText,
        fc.constantFrom(...STYLES),
        fc.integer({ min: 0, max: 60 }),
        fc.constantFrom('map', 'list', 'flow', 'root'),
        fc.boolean(),
        (value, style, lineWidth, place, isWindows) => {
          const scalar = new Scalar(value);
          scalar.type = style;
          const document = new Document(
            {
              map: { a: { b: scalar, c: 1 } },
              list: [[scalar], 'x'],
              flow: [scalar],
              root: scalar,
            }[place],
          );
          if (place === 'flow') visit(document, { Seq: (_key, node) => void (node.flow = true) });
          const written = document.toString({
            lineWidth: lineWidth < 20 ? 0 : lineWidth,
            minContentWidth: 0,
            blockQuote: true,
          });
          const text = isWindows ? written.replaceAll('\n', '\r\n') : written;
          for (const node of scalarsOf(text)) check(text, node);
        },
      ),
      { numRuns: 5000 },
    );
  });

  test('has each code unit where the library reads it, in any text that it takes', () => {
    const piece = fc.constantFrom(
      ...['k: ', 'a', 'b c', ' ', '  ', '\t', '\n', '\n  ', '\n    ', '\r\n  ', '\r\n', '\n\n  '],
      ...['"', "'", "''", '\\n', '\\"', '\\\n', '\\\r\n  ', '\\x41', '\\u00e9', '\\U0001F600'],
      ...[
        '|',
        '>',
        '|-',
        '>+',
        '|2',
        '>2-',
        '|1+',
        '- ',
        '? ',
        '#',
        ' # x',
        '{',
        '}',
        '[',
        ']',
        ',',
      ],
      ...['\\ ', '\\\t', '\\/', '\\N', '!!str ', '&a ', '*a', '...\n', '---\n', '%', ':'],
    );
    let seen = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        for (const node of scalarsOf(text)) {
          check(text, node);
          if (node.source !== '') seen += 1;
        }
      }),
      { numRuns: 30_000 },
    );
    expect(seen).toBeGreaterThan(5000);
  });

  const BLOCKS = [
    '|',
    '>',
    '|-',
    '>-',
    '|+',
    '>+',
    '|2',
    '>2',
    '|2-',
    '>2+',
    '|1',
    '>1-',
    '|+1',
  ].flatMap((header) =>
    [
      '\n',
      '\n  a\n  b\n',
      '\n  a\n\n\n  b\n\n\n',
      '\n\n\n  a\n   b\n\n  c\n',
      '\n  a\n    deeper\n    deeper\n  b\n',
      '\n  a\n\n    deeper\n\n    deeper\n\n  b\n   \n',
      '\n  a \n  b\t\n  \tc\n  d\n',
      '\n  a',
      ' # remark\n  a\n  b\n     \n  \n',
      '\n   a\n  b\n',
    ].map((body) => [`k: ${header}${body}`] as const),
  );
  test.each(BLOCKS)('%j is read as the library does', (text) => {
    for (const whole of [text, text.replaceAll('\n', '\r\n'), `${text}l: m\n`])
      for (const node of scalarsOf(whole)) check(whole, node);
  });
});
