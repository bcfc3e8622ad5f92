import { describe, expect, test } from 'vitest';
import { base64, lengthPrefixed, parseBase64, u64, utf8 } from '../../src/crypto/bytes.ts';

describe('utf8', () => {
  test('gives the bytes of a text as it is, in no other normal form', () => {
    expect(utf8('é').toString('hex')).toBe('c3a9');
    expect(utf8('e\u0301').toString('hex')).toBe('65cc81');
    expect(utf8('💧').toString('hex')).toBe('f09f92a7');
  });

  test.each(['\ud800', 'a\udc00', '\udc00\ud800'])(
    'refuses half of a surrogate pair: %j',
    (text) => {
      const error = new TypeError('a text with half of a surrogate pair has no UTF-8');
      expect(() => utf8(text)).toThrow(error);
      expect(() => lengthPrefixed('a', text)).toThrow(error);
    },
  );
});

test('lengthPrefixed tells apart what a plain joining would not', () => {
  const [a, b, ab] = [utf8('a'), utf8('b'), utf8('ab')];
  expect(lengthPrefixed(a, b).toString('hex')).toBe('00000001610000000162');
  expect(lengthPrefixed(ab, utf8(''))).not.toEqual(lengthPrefixed(a, b));
  expect(lengthPrefixed()).toHaveLength(0);
});

test.each(['', 'a', 'ü', '日本', '\u{1f511}'])('lengthPrefixed takes %j as its UTF-8', (text) => {
  expect(lengthPrefixed('b', text, 'c')).toEqual(lengthPrefixed(utf8('b'), utf8(text), utf8('c')));
});

test.each([
  [0, '0000000000000000'],
  [1, '0000000000000001'],
  [2 ** 32, '0000000100000000'],
  [Number.MAX_SAFE_INTEGER, '001fffffffffffff'],
])('u64 of %i is %s', (number, hex) => {
  expect(u64(number).toString('hex')).toBe(hex);
});

test('base64 is of these bytes alone, with padding', () => {
  const larger = Uint8Array.of(1, 0xfb, 0xff, 2);
  expect(base64(larger.subarray(1, 3))).toBe('+/8=');
  expect(base64(new Uint8Array(0))).toBe('');
});

describe('parseBase64', () => {
  test('gives the bytes of the canonical text', () => {
    expect(parseBase64('+/8=', 2)?.toString('hex')).toBe('fbff');
    expect(parseBase64('', 0)).toHaveLength(0);
  });

  test.each([
    ['another length', '+/8=', 3],
    ['no padding', '+/8', 2],
    ['more padding', '+/8==', 2],
    ['base64url', '-_8=', 2],
    ['spare bits', '+/9=', 2],
    ['white space', ' +/8=', 2],
    ['a line end', '+/8=\n', 2],
    ['a foreign character', '+/!8=', 2],
  ])('refuses %s', (_, text, length) => {
    expect(parseBase64(text, length)).toBeUndefined();
  });
});
