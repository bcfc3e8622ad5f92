// The small things that messages and lists are made of.
import { describe, expect, test } from 'vitest';
import { compare } from '../../src/domain/compare.ts';
import { count } from '../../src/domain/count.ts';
import { isLoopback } from '../../src/domain/loopback.ts';
import { characterProblem, codePoints } from '../../src/domain/plain-text.ts';
import { ok, refused } from '../../src/domain/result.ts';
import { visible } from '../../src/domain/visible.ts';

test.each([
  [0, '0 brokers'],
  [1, '1 broker'],
  [2, '2 brokers'],
  [11, '11 brokers'],
])('%i is told as %s', (number, text) => {
  expect(count(number, 'broker')).toBe(text);
});

test('texts are compared by UTF-16 code units, whatever the language of the machine', () => {
  const sorted = ['', 'B', 'a', 'aa', 'ä', '\u{1f600}', '\ufb33'];
  for (const [i, one] of sorted.entries())
    for (const [j, other] of sorted.entries())
      expect([one, other, compare(one, other)]).toEqual([one, other, Math.sign(i - j)]);
});

test('a result says what it is', () => {
  expect(ok(1)).toEqual({ ok: true, value: 1 });
  expect(refused('x')).toEqual({ ok: false, problem: 'x' });
});

describe('what is sent to a host stays on the machine', () => {
  test.each([
    ['http://localhost:8080', true],
    ['http://LOCALHOST', true],
    ['http://127.0.0.1', true],
    ['http://127.255.10.254', true],
    ['http://[::1]:1', true],
    ['http://localhost.example', false],
    ['http://notlocalhost', false],
    ['http://127.0.0.1.example', false],
    ['http://a127.0.0.1.example', false],
    ['http://126.0.0.1', false],
    ['http://10.0.0.1', false],
    ['http://[::2]', false],
    ['http://[::11]', false],
    ['http://[1::1]', false],
    ['http://127.example.0.1x', false],
  ])('%s: %s', (url, stays) => {
    expect(isLoopback(new URL(url))).toBe(stays);
  });

  test.each([
    'x127.0.0.1',
    '127.a.0.1',
    '127.0.a.1',
    '127.0.0.a',
    '127.0.0.1.',
    'a[::1]',
    '[::1]b',
  ])('%s is none of these names', (hostname) => {
    expect(isLoopback({ hostname })).toBe(false);
  });
});

describe('a character that has no place in a line for people', () => {
  test.each([
    ['\u0000', 'holds a control character (U+0000)'],
    ['\u001f', 'holds a control character (U+001F)'],
    [' ', undefined],
    ['~', undefined],
    ['\u007f', 'holds a control character (U+007F)'],
    ['\u009f', 'holds a control character (U+009F)'],
    ['\u00a0', undefined],
    ['\u061b', undefined],
    ['\u061c', 'holds a text-direction control (U+061C)'],
    ['\u200d', undefined],
    ['\u200e', 'holds a text-direction control (U+200E)'],
    ['\u200f', 'holds a text-direction control (U+200F)'],
    ['\u2010', undefined],
    ['\u2027', undefined],
    ['\u2028', 'holds a line separator (U+2028)'],
    ['\u2029', 'holds a line separator (U+2029)'],
    ['\u202a', 'holds a text-direction control (U+202A)'],
    ['\u202e', 'holds a text-direction control (U+202E)'],
    ['\u202f', undefined],
    ['\u2065', undefined],
    ['\u2066', 'holds a text-direction control (U+2066)'],
    ['\u2069', 'holds a text-direction control (U+2069)'],
    ['\u206a', undefined],
    ['\u{1f600}', undefined],
  ])('%j: %s', (character, problem) => {
    expect(characterProblem(character)).toBe(problem);
  });

  test('the length of a text is that of its code points', () => {
    expect(['', 'a', 'é', '\u{1f600}\u{1f600}'].map(codePoints)).toEqual([0, 1, 1, 2]);
  });
});

test.each([
  ['orders 日本 é', 'orders 日本 é'],
  ['\u001b[2J', '\\u{1b}[2J'],
  ['a\nb\r\u0000', 'a\\u{a}b\\u{d}\\u{0}'],
  ['\u2028\u2029', '\\u{2028}\\u{2029}'],
  ['\u202eabc\u200b', '\\u{202e}abc\\u{200b}'],
  ['\ud800x', '\\u{d800}x'],
  ['\u{e0001}', '\\u{e0001}'],
])('%j is shown as %s', (text, shown) => {
  expect(visible(text)).toBe(shown);
});
