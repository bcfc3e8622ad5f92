import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapedJson } from '../../src/domain/escaped-json.ts';

test.each([
  ['a colour', '\u001b[31mred', '"\\u001b[31mred"'],
  ['C1', '\u009b2J', '"\\u009b2J"'],
  ['a line feed and a tab', 'a\n\tb', '"a\\n\\tb"'],
  ['text turned round', 'a\u202eb', '"a\\u202eb"'],
  ['no width', 'a\u200db\ufeff', '"a\\u200db\\ufeff"'],
  ['ends of lines and paragraphs', '\u2028\u2029', '"\\u2028\\u2029"'],
  ['a tag, in two halves', '\u{e0041}', '"\\udb40\\udc41"'],
  ['half of a pair', '\ud800', '"\\ud800"'],
  ['what is seen', 'Grüße 😀', '"Grüße 😀"'],
])('%s', (_, text, json) => {
  expect(escapedJson(text)).toBe(json);
});

test('lines and indentation are as they are asked for', () => {
  expect(escapedJson({ a: ['\u0085'] })).toBe('{"a":["\\u0085"]}');
  expect(escapedJson({ a: ['\u0085'] }, 1)).toBe('{\n "a": [\n  "\\u0085"\n ]\n}');
});

test('every parser reads the same, and nothing that steers a terminal is left', () => {
  fc.assert(
    fc.property(fc.json(), fc.string({ unit: 'binary' }), (json, text) => {
      const value: unknown = { json: JSON.parse(json) as unknown, [text]: text };
      for (const indent of [undefined, 2]) {
        const escaped = escapedJson(value, indent);
        expect(escaped).toBe(escaped.toWellFormed());
        expect(escaped.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(JSON.parse(escaped)).toEqual(JSON.parse(JSON.stringify(value)));
      }
    }),
  );
});
