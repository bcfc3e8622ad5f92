import { cpuTime } from '../cpu-time.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { obstacleIn, SURROUNDINGS, type Surroundings } from '../../src/domain/surroundings.ts';

const PLAIN = 'Tr0ub4dor-3_x.~$!';

test.each(Object.keys(SURROUNDINGS) as Surroundings[])('a plain password can stand in %s', (it) => {
  expect(obstacleIn(PLAIN, it)).toBeUndefined();
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
  ['xml-text', 'a<b', 'less-than'],
  ['xml-text', 'a&b', 'ampersand'],
  ['xml-text', 'a&amp;b&#x3c;"', undefined],
  ['xml-double-quotes', 'a"b', 'double-quote'],
  ['xml-single-quotes', `a"b`, undefined],
  ['url-user', 'a:b', 'colon'],
  ['url-password', 'a:b', undefined],
  ['url-password', 'p@ss', 'at'],
  ['url-password', 'p%40ss', undefined],
  ['url-password', '100%', 'percent'],
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
