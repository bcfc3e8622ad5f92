import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  isTakenByForce,
  MAX_VALUE_BYTES,
  parseSecretValue,
  SecretValue,
} from '../../src/domain/secret-value.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('a value that is taken', () => {
  test.each([
    ['plain text', 'hunter2'],
    ['white space and line ends, kept', '  a\r\n\tb\n'],
    ['one star, two stars', '**'],
    ['stars with something else', '***a'],
    ['stars behind something else', 'a***'],
    ['two bullets', '\u2022\u2022'],
    ['brackets of another word', '[none]'],
    ['a masked word without its brackets', 'hidden'],
    ['five letters x', 'xxxxx'],
    ['a masked word in a text', 'the [hidden] one'],
    ['a reference with text behind it', '${secret:a:b}!'],
    ['a reference with text in front', 'x${secret:a:b}'],
    ['a template not closed', '${'],
    ['a NUL', 'a\0b'],
    ['a byte order mark in front, kept', '\ufeffa'],
    ['what lies beyond the first plane', '\u{1f511}'],
    ['the longest, in bytes', 'a'.repeat(MAX_VALUE_BYTES)],
    ['the longest, of characters of four bytes', '\u{1f511}'.repeat(MAX_VALUE_BYTES / 4)],
  ])('%s: as text and as bytes', (_, text) => {
    for (const input of [text, new TextEncoder().encode(text)]) {
      const parsed = parseSecretValue(input);
      expect(parsed.ok && parsed.value.reveal() === text).toBe(true);
    }
  });
});

describe('a value that is taken only by force', () => {
  test.each([
    ['', 'value-empty'],
    ['***', 'value-looks-masked'],
    ['********', 'value-looks-masked'],
    ['  ******\n', 'value-looks-masked'],
    ['\u2022\u2022\u2022\u2022', 'value-looks-masked'],
    ['xxxxxx', 'value-looks-masked'],
    ['XXXXXXXX', 'value-looks-masked'],
    ['[hidden]', 'value-looks-masked'],
    ['[HIDDEN]', 'value-looks-masked'],
    ['[secret]', 'value-looks-masked'],
    ['[redacted]', 'value-looks-masked'],
    ['[masked]', 'value-looks-masked'],
    ['<hidden>', 'value-looks-masked'],
    ['<secret>', 'value-looks-masked'],
    ['<redacted>', 'value-looks-masked'],
    ['<Masked>', 'value-looks-masked'],
    ['${secret:orders:password}', 'value-looks-masked'],
    ['${DB_PASSWORD}', 'value-looks-masked'],
    [' ${env:DB} \n', 'value-looks-masked'],
    ['${}', 'value-looks-masked'],
  ] as const)('%j: %s', (text, problem) => {
    expect(parseSecretValue(text)).toEqual({ ok: false, problem });
    expect(isTakenByForce(problem)).toBe(true);
    const forced = parseSecretValue(text, { force: true });
    expect(forced.ok && forced.value.reveal() === text).toBe(true);
  });
});

describe('a value that no force makes fit', () => {
  test.each([
    ['one byte too many', 'a'.repeat(MAX_VALUE_BYTES + 1), 'value-too-large'],
    [
      'few characters of many bytes',
      '\u{1f511}'.repeat(MAX_VALUE_BYTES / 4 + 1),
      'value-too-large',
    ],
    ['half of a surrogate pair', 'a\ud83d', 'value-not-utf8'],
    ['a byte that begins nothing', bytes(0x61, 0xff), 'value-not-utf8'],
    ['a character cut off', bytes(0xe2, 0x82), 'value-not-utf8'],
    ['an overlong form', bytes(0xc0, 0xaf), 'value-not-utf8'],
    ['a surrogate in UTF-8 (CESU-8)', bytes(0xed, 0xa0, 0x80), 'value-not-utf8'],
    ['beyond the last code point', bytes(0xf4, 0x90, 0x80, 0x80), 'value-not-utf8'],
    ['UTF-16 with a byte order mark', bytes(0xff, 0xfe, 0x61, 0x00), 'value-not-utf8'],
  ] as const)('%s', (_, input, problem) => {
    for (const force of [false, true]) {
      expect(parseSecretValue(input, { force })).toEqual({ ok: false, problem });
    }
    expect(isTakenByForce(problem)).toBe(false);
  });
});

test.each([
  ['a string', (value: SecretValue) => String(value)],
  // oxlint-disable-next-line typescript/restrict-template-expressions -- the slip itself is tested
  ['a template', (value: SecretValue) => `${value}`],
  ['JSON', (value: SecretValue) => JSON.stringify({ value })],
  ['inspection', (value: SecretValue) => inspect(value)],
  [
    'inspection with everything shown',
    (value: SecretValue) => inspect({ value }, { showHidden: true, depth: 9, getters: true }),
  ],
  [
    'its members',
    (value: SecretValue) =>
      // oxlint-disable-next-line typescript/no-misused-spread -- the slip itself is tested
      JSON.stringify([Object.keys(value), Object.entries(value), { ...value }]),
  ],
  // oxlint-disable-next-line typescript/restrict-template-expressions -- the slip itself is tested
  ['a message', (value: SecretValue) => new Error(`refused: ${value}`).message],
])('a value shows itself nowhere: %s', (_, show) => {
  expect(show(SecretValue.of('hunter2'))).not.toContain('hunter2');
});

test('in its stead stands a word that tells what it is', () => {
  const value = SecretValue.of('hunter2');
  expect(String(value)).toBe('[secret]');
  expect(JSON.stringify([value])).toBe('["[secret]"]');
  expect(inspect([value])).toBe('[ [secret] ]');
});
