import { cpuTime } from '../cpu-time.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  obstacleIn,
  OBSTACLES,
  SURROUNDINGS,
  type Surroundings,
} from '../../src/domain/surroundings.ts';

const PLAIN = 'Tr0ub4dor-3_x.~$!';

test.each(Object.keys(SURROUNDINGS) as Surroundings[])('a plain password can stand in %s', (it) => {
  expect(obstacleIn(PLAIN, it)).toBeUndefined();
});

/** Every character of ASCII that cannot stand there in the middle of a value. */
const FORBIDDEN: Record<Surroundings, string> = {
  'jaas-double-quotes': '\n\r"\\',
  'jaas-single-quotes': "\n\r'\\",
  'jaas-word': `CONTROLS "'/;=`,
  'json-string': 'CONTROLS"\\',
  'xml-text': '&<',
  'xml-double-quotes': '"&<',
  'xml-single-quotes': "&'<",
  'url-user': 'CONTROLS #%/:?@[\\]',
  'url-password': 'CONTROLS #%/?@[\\]',
  'mongodb-login': 'CONTROLS #%/:?@[\\]',
  'url-path': 'CONTROLS #%?\\',
  'url-query': 'CONTROLS #%&\\',
  'url-form': 'CONTROLS #%&+\\',
  'connection-string': '\n\r;',
  'connection-string-braces': '\n\r}',
  'oracle-login': '\n\r"@',
  'user-of-a-pair': ':',
  'double-quotes': '\n\r"',
  'single-quotes': "\n\r'",
  list: '\n\r,',
  line: 'CONTROLS',
  setting: '',
};
const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
const CONTROLS = ASCII.filter((character) => character < ' ' || character === '\u007f').join('');

test.each(Object.entries(FORBIDDEN))('in %s these cannot stand: %j', (it, forbidden) => {
  const found = ASCII.filter((character) => obstacleIn(`a${character}y`, it as Surroundings));
  const wanted = forbidden.replace('CONTROLS', CONTROLS);
  expect(found).toEqual(ASCII.filter((character) => wanted.includes(character)));
});

test('what is told of an obstacle, and of where it is, has words', () => {
  const words = Object.values(OBSTACLES).map((obstacle) => obstacle.words);
  expect(words.filter((one) => one === '')).toEqual([]);
  expect(new Set(words).size).toBe(words.length);
  for (const { where, escapes, right } of Object.values(SURROUNDINGS)) {
    expect(where).toMatch(/^(?:in|as) /);
    // Who is told that the value could be written otherwise has to be told how.
    expect(right === undefined || right === '').toBe(escapes === undefined);
  }
});

// What a Java StreamTokenizer, set up as JaasConfig does, makes of each was tried with it.
test.each([
  ['jaas-double-quotes', 'a"b', 'double-quote'],
  ['jaas-double-quotes', 'a\\b', 'backslash'],
  ['jaas-double-quotes', 'a\nb', 'line-break'],
  ['jaas-double-quotes', 'ab\r', 'line-break'],
  ['jaas-double-quotes', `a;b=c'd//e # ü`, undefined],
  ['jaas-double-quotes', 'a\\"b\\\\c', undefined],
  ['jaas-double-quotes', 'a\\\\"b', 'double-quote'],
  ['jaas-double-quotes', '', undefined],
  ['jaas-single-quotes', "a'b", 'single-quote'],
  ['jaas-single-quotes', 'a"b', undefined],
  ['jaas-word', '', 'nothing'],
  ['jaas-word', 'a b', 'blank'],
  ['jaas-word', 'a;b', 'semicolon'],
  ['jaas-word', 'YQ==', 'equals'],
  ['jaas-word', 'a/b', 'slash'],
  ['jaas-word', '1a-b\\c,d#ü', undefined],
  ['json-string', 'a"b', 'double-quote'],
  ['json-string', 'a\tb', 'control-character'],
  ['json-string', '{\\"a\\":\\"\\u00fc\\n\\"}', undefined],
  ['json-string', 'a\\qb', 'backslash'],
  ['json-string', 'a\\u00f', 'backslash'],
  ['xml-text', 'a<b', 'less-than'],
  ['xml-text', 'a&b', 'ampersand'],
  ['xml-text', 'a&amp;b&#x3c;"', undefined],
  ['xml-text', 'a&#10;b', undefined],
  ['xml-text', 'a&#x;b', 'ampersand'],
  ['xml-text', 'a&#a;b', 'ampersand'],
  ['xml-double-quotes', 'a"b', 'double-quote'],
  ['xml-single-quotes', `a"b`, undefined],
  ['url-user', 'a:b', 'colon'],
  ['url-password', 'a:b', undefined],
  ['url-password', 'p@ss', 'at'],
  ['url-password', 'p%40ss', undefined],
  ['url-password', '100%', 'percent'],
  ['url-password', 'p%4', 'percent'],
  ['url-password', 'p%4g', 'percent'],
  ['url-password', 'a/b', 'slash'],
  ['url-password', 'a b', 'blank'],
  ['url-password', 'a\u0007b', 'blank'],
  ['url-path', 'T00/B00/xyz', undefined],
  ['url-path', 'a?b', 'question-mark'],
  ['url-query', 'a&b', 'ampersand'],
  ['url-query', 'a+b/c==', undefined],
  ['url-form', 'a+b', 'plus'],
  ['connection-string', 'a;b', 'semicolon'],
  ['connection-string', 'a=={b}', undefined],
  ['connection-string-braces', 'a}b', 'closing-brace'],
  ['connection-string-braces', 'a}}b;c', undefined],
  ['oracle-login', 'a@b', 'at'],
  ['user-of-a-pair', 'a:b', 'colon'],
  ['double-quotes', 'a"b', 'double-quote'],
  ['single-quotes', "O'Neil", 'single-quote'],
  ['single-quotes', "O''Neil", undefined],
  ['list', 'a,b', 'comma'],
  ['list', ' a', 'white-space-at-an-end'],
  ['line', 'token\n', 'line-break'],
  ['setting', 'token\n', 'white-space-at-an-end'],
  ['setting', ' token', 'white-space-at-an-end'],
  ['setting', 'to ken', undefined],
  ['setting', '-----BEGIN KEY-----\nabc\n-----END KEY-----\n', undefined],
] as const)('in %s %j has the obstacle %s', (surroundings, value, obstacle) => {
  expect(obstacleIn(value, surroundings)).toBe(obstacle);
});

test('what is written as its surroundings have it fits, whatever it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(obstacleIn(encodeURIComponent(text), 'url-user')).toBeUndefined();
      expect(obstacleIn(encodeURIComponent(text), 'url-form')).toBeUndefined();
      expect(obstacleIn(JSON.stringify(text).slice(1, -1), 'json-string')).toBe(
        /[\u007f-\u009f]/.test(text) ? 'control-character' : undefined,
      );
    }),
  );
});

test('a value as long as one may be is looked through at once', () => {
  const texts = [' ', '\\', '}', "'", '&', 'a '].map((part) => `x${part.repeat(128 * 1024)}x`);
  const before = cpuTime();
  for (const text of texts)
    for (const it of Object.keys(SURROUNDINGS) as Surroundings[]) obstacleIn(text, it);
  expect(cpuTime() - before).toBeLessThan(2000);
});
