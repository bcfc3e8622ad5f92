// Every rule of "Names and limits" in the REST design, with the clause that a person reads.
import { describe, expect, test } from 'vitest';
import { parseKey, parsePath } from '../../src/domain/names.ts';

const parsers = { path: parsePath, key: parseKey };

describe.each(['path', 'key'] as const)('a %s', (kind) => {
  test.each([
    ['one letter', 'a'],
    ['a connector as people call it', 'orders-sink_v2.eu (west)'],
    ['a slash, which is a character like others', 'team/orders'],
    ['white space inside', 'a b'],
    ['precomposed letters', 'a\u00e9\u65e5\u672c'],
    ['a character beyond the first plane', 'a\u{1f511}'],
    ['the name of a member that every object has', 'constructor'],
    ['dots that are not all of it', 'a..'],
    ['a star that is not all of it', 'a*'],
    ['dollar, percent, quotes, equals sign', 'a$%"\'=#'],
    ['255 characters', 'a'.repeat(255)],
    ['255 code points of two code units each', `a${'\u{1f511}'.repeat(254)}`],
  ])('may be %s', (_, text) => {
    expect(parsers[kind](text)).toEqual({ ok: true, value: text });
  });

  test.each([
    ['nothing', '', 'is empty'],
    ['256 characters', 'a'.repeat(256), 'is 256 characters long, 255 at most'],
    ['a dot', '.', 'is a reserved name'],
    ['two dots', '..', 'is a reserved name'],
    ['a star', '*', 'is a reserved name'],
    ['a colon', 'a:b', "holds ':', which a reference cannot carry"],
    ['an opening brace', 'a{b', "holds '{', which a reference cannot carry"],
    ['a closing brace', 'a}b', "holds '}', which a reference cannot carry"],
    ['a backslash', 'a\\b', "holds '\\', which a reference cannot carry"],
    ['a leading space', ' a', 'begins or ends with white space'],
    ['a trailing space', 'a ', 'begins or ends with white space'],
    ['a leading no-break space', '\u00a0a', 'begins or ends with white space'],
    ['a trailing ideographic space', 'a\u3000', 'begins or ends with white space'],
    ['a byte order mark in front', '\ufeffa', 'begins or ends with white space'],
    ['letter and accent apart (NFD)', 'ae\u0301', 'is not in Unicode form NFC'],
    ['a singleton that NFC replaces', 'a\u212b', 'is not in Unicode form NFC'],
    ['half of a surrogate pair, the first', 'a\ud83d', 'holds half of a surrogate pair'],
    ['half of a surrogate pair, the second', 'a\udd11', 'holds half of a surrogate pair'],
    ['a line separator', 'a\u2028b', 'holds a line separator (U+2028)'],
    ['a paragraph separator', 'a\u2029b', 'holds a line separator (U+2029)'],
  ])('is not %s', (_, text, problem) => {
    expect(parsers[kind](text)).toEqual({ ok: false, problem });
  });

  test.each([0x00, 0x07, 0x09, 0x0a, 0x0d, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9f])(
    'holds no control character (code %i)',
    (code) => {
      expect(parsers[kind](`a${String.fromCharCode(code)}b`)).toEqual({
        ok: false,
        problem: `holds a control character (${unicode(code)})`,
      });
    },
  );

  test.each([
    0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069,
  ])('holds no text-direction control (code %i)', (code) => {
    expect(parsers[kind](`a${String.fromCharCode(code)}b`)).toEqual({
      ok: false,
      problem: `holds a text-direction control (${unicode(code)})`,
    });
  });

  test('is not folded: case counts, and nothing is changed', () => {
    expect(parsers[kind]('Password')).not.toEqual(parsers[kind]('password'));
  });
});

describe('the first character', () => {
  test.each([
    '1password',
    '_password',
    '-password',
    '\u00e9',
    '\u{1f511}',
    '.password',
    '$password',
  ])('makes %s a path and no key', (text) => {
    expect(parsePath(text)).toEqual({ ok: true, value: text });
    expect(parseKey(text)).toEqual({
      ok: false,
      problem: 'does not begin with a letter a-z or A-Z',
    });
  });
});

function unicode(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
