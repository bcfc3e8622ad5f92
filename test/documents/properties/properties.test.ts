import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/documents/edit.ts';
import type { Place } from '../../../src/documents/position.ts';
import { parseProperties } from '../../../src/documents/properties/properties.ts';
import { looksLikeProperties } from '../../../src/documents/properties/recognise.ts';
import { cuts, expectTextsInOrder, expectWritten, leavesOf, putsOf } from '../laws.ts';
import { describeHostile } from '../hostile.ts';
import { PIECES, propertiesText } from './texts.ts';

const valueOf = (text: string) => ({ ...(parseProperties(text).roots[0]?.value as object) });

/** Problems as `kind @ part: text`. */
function problemsOf(text: string): string[] {
  return parseProperties(text).problems.map(
    ({ kind, start, end, text: what, earlier }) =>
      `${kind} @ ${start}-${end}: ${what}${earlier === undefined ? '' : ` (${earlier})`}`,
  );
}

describe('a .properties file', () => {
  test.each([
    ['', {}],
    ['name=orders\ntasks.max = 1', { name: 'orders', 'tasks.max': '1' }],
    ['name orders\r\ntopics:a,b\r\n', { name: 'orders', topics: 'a,b' }],
    ['a=${secret\\:orders\\:p}', { a: '${secret:orders:p}' }],
    ['a = one, \\\n    two, \\\r\n\tthree', { a: 'one, two, three' }],
    ['a\\ b\\=c = d = e ', { 'a b=c': 'd = e ' }],
    ['a=\\u0024\\u007bsecret:b:c\\u007D', { a: '${secret:b:c}' }],
    ['# a=1\n ! b=2\nc=#3', { c: '#3' }],
    ['a=1\na=2', { a: '2' }],
    ['__proto__=x', Object.fromEntries([['__proto__', 'x']])],
    ['\uFEFF# remark\na=b', { a: 'b' }],
  ])('%j has its settings', (text, value) => {
    expect(valueOf(text)).toEqual(value);
  });

  test.each([
    ['a=1\nb=2\na = 3', ['duplicate-key @ 8-9: "a" stands in this file already (0)']],
    [
      'a.b=1\n\\u0061.b=2\na.b=3',
      [
        'duplicate-key @ 6-14: "a.b" stands in this file already (0)',
        'duplicate-key @ 17-20: "a.b" stands in this file already (0)',
      ],
    ],
    [
      'a=C:\\users',
      [
        "parse-error @ 4-6: '\\u' is not followed by four hexadecimal digits: Java refuses the whole file",
      ],
    ],
    [
      '\uFEFFname=orders',
      [
        'parse-error @ 1-2: a byte order mark stands in front of the first setting: Java takes it for a part of its name',
      ],
    ],
    ['\uFEFF# remark\nname=orders', []],
    ['canary\ncanary', []],
  ])('%j has its problems', (text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test('gives the places of names, values and parts of them, through escapes and continued lines', () => {
    const text = '# x\nsasl.jaas\\:config = a \\\n   \\u0062c;\n';
    const document = parseProperties(text);
    const slice = ({ start, end }: Place) => text.slice(start, end);
    const pointer = '/sasl.jaas:config';
    expect(slice(document.locateName(pointer))).toBe('sasl.jaas\\:config');
    expect(slice(document.locate(pointer))).toBe('a \\\n   \\u0062c;');
    expect(slice(document.locate(pointer, 0, 2))).toBe('a ');
    expect(slice(document.locate(pointer, 2, 3))).toBe('\\u0062');
    expect(slice(document.locate(pointer, 3, 5))).toBe('c;');
    expect(slice(document.locate(''))).toBe('sasl.jaas\\:config = a \\\n   \\u0062c;');
    expect(() => document.locate('/x')).toThrow(RangeError);
    expect(() => document.locate(pointer, 0, 6)).toThrow(RangeError);
  });

  test.each([
    ['a=x y z', { start: 2, end: 3 }, '${secret:o:p}', 'a=x ${secret:o:p} z'],
    ['a = old # kept', { start: 0, end: 3 }, ' new\\', 'a = \\ new\\\\ # kept'],
    ['a=one\\\n  two', { start: 0, end: 3 }, 'é', 'a=\\u00E9\\\n  two'],
    ['a', undefined, 'b', 'a=b'],
    ['a b c', { start: 0, end: 1 }, '', 'a \\ c'],
    ['a b\\\n =c', { start: 0, end: 1 }, '', 'a \\=c'],
    ['a=b\\', { start: 1, end: 1 }, 't', 'a=bt\\'],
  ])('%j, with %j in place of a part', (text, part, replacement, expected) => {
    const document = parseProperties(text);
    const edits =
      part === undefined
        ? [document.write('/a', replacement)]
        : document.replace('/a', [{ ...part, text: replacement }]);
    expect(applyEdits(text, edits)).toBe(expected);
  });

  test('gives its comments without their sign', () => {
    const text = '  # one\n!two\na=b # no comment';
    expect(parseProperties(text).comments).toEqual([
      { start: 2, end: 7, text: ' one' },
      { start: 8, end: 12, text: 'two' },
    ]);
  });

  test('hides comments, values, and lines that a forgotten backslash has made settings', () => {
    const text =
      '#canary\nkey=canary\\\n canary\ncanarycanary\nCanary1Canary==\nname=\nplain.name canary\n';
    const hidden = parseProperties(text)
      .texts()
      .toReversed()
      .reduce((it, { start, end }) => it.slice(0, start) + it.slice(end), text);
    expect(hidden).toBe('#\nkey=\n\n=\nname=\nplain.name \n');
  });
});

/** What Java reads of the text that stands at a place: behind another value, where nothing is skipped. */
function decoded(text: string): string {
  return String(leavesOf(parseProperties(`k=X${text}`))[0]?.value).slice(1);
}

describe('of random texts', () => {
  test('each part of a value stands where it is located', () => {
    fc.assert(
      fc.property(propertiesText, fc.nat(), fc.nat(), (text, one, two) => {
        const document = parseProperties(text);
        expectTextsInOrder(document);
        for (const { pointer, value } of leavesOf(document)) {
          const start = one % (value.length + 1);
          const end = start + (two % (value.length - start + 1));
          const place = document.locate(pointer, start, end);
          expect(decoded(text.slice(place.start, place.end))).toBe(value.slice(start, end));
        }
      }),
      { numRuns: 5000 },
    );
  });

  test('what is put in place of parts, or of the whole value, is read again', () => {
    const puts = putsOf(...PIECES, 'x', '"', '\u0000');
    fc.assert(
      fc.property(propertiesText, puts, cuts, (text, texts, at) => {
        const document = parseProperties(text);
        // A bad escape, for which Java refuses the file, is made a good one by digits behind it.
        fc.pre(document.problems.every(({ kind }) => kind !== 'parse-error'));
        for (const leaf of leavesOf(document))
          expectWritten(parseProperties, document, leaf, { at, texts });
      }),
      { numRuns: 5000 },
    );
  });
});

describe('a text', () => {
  test.each([
    ['name=orders', true],
    ['\uFEFF# remark\r\n\r\n! more\r  name = orders', true],
    ['connector.class: io.X\nname: orders', false],
    ['name:orders', true],
    ['connector.class io.X', true],
    ['name: orders\nconnector.class: io.X\ntopics = a', true],
    ['name: orders\n! remark\nconnector.class: io.X', true],
    ['name: orders\nconnector.class: io.X\ntopics: a, \\\n  b', true],
    ["name: orders\nconnector.class: io.X\npath.format: 'year'=YYYY", true],
    ['connector.class: io.X\nfile.name.template: {{topic}}-{{partition}}', true],
    ['connector.class: io.X\nnote: a: b', true],
    ['! remark\nname: orders\nconnector.class: io.X', true],
    ['connector.class: io.X\nconnection.url: https\\://a', true],
    ['connector.class: io.X\nconnection.password: ******', true],
    ['connector.class: io.X\nconnection.password: *pw', false],
    ['connector.class: io.X\nnote: \'a\' # b\nb: "c"\nd: {e: f}', false],
    ['connector.class: io.X\nnote: {{ .Values.x }}', false],
    ['kind: Y\nspec:\n  connector.class: io.X\n  a = b', false],
    ['name: orders\ntopics = a', false],
    ['# only remarks\n', false],
    ['{"name": "orders"}', false],
    ['---\nname: orders', false],
    ['resource "kafka-connect_connector" "orders" {\n  name = "orders"\n}', false],
    ["CREATE SINK CONNECTOR a WITH ('b'='c');", false],
    ['', false],
  ])('%j is taken for a .properties file: %j', (text, expected) => {
    expect(looksLikeProperties(text)).toBe(expected);
  });
});

describeHostile(parseProperties, looksLikeProperties, [
  ['backslashes', '\\'],
  ['line breaks', '\n'],
  ['CRLF', '\r\n'],
  ['bare continuations', '\\\n'],
  ['continued lines', 'a\\\n '],
  ['repeated settings', 'a=b\n'],
  ['bad escapes', 'a\\u'],
  ['comments', '#\n'],
  ['blanks', ' '],
  ['separators', '='],
]);
