import { expect, test } from 'vitest';
import { headText, parseHead } from '../../src/domain/audit-head.ts';

const CHAIN = 'a0'.repeat(8);
const HASH = '0f'.repeat(32);
const TIME = '2026-01-01T00:00:00.000Z';
const TEXT = `${CHAIN}:12:${HASH}:345@${TIME}`;
const HEAD = { chain: CHAIN, seq: 12, hash: HASH, lines: 345, time: TIME };

test('a head is one word, and read as it was written', () => {
  expect(headText(HEAD)).toBe(TEXT);
  expect(parseHead(TEXT)).toEqual({ ok: true, value: HEAD });
});

test.each([
  ['nothing', ''],
  ['a number', '17'],
  ['one without a time', `${CHAIN}:12:${HASH}:345`],
  ['one with a short chain', TEXT.slice(1)],
  ['one with a long chain', `a${TEXT}`],
  ['one with a chain in capitals', TEXT.replace('a0', 'A0')],
  ['one without a number', TEXT.replace(':12:', '::')],
  ['one with a negative number', TEXT.replace(':12:', ':-1:')],
  ['one with a number of 16 digits', TEXT.replace(':12:', `:${'1'.repeat(16)}:`)],
  ['one with a short hash', TEXT.replace(':0f', ':f')],
  ['one with a long hash', TEXT.replace(':0f', ':00f')],
  ['one without a count', TEXT.replace(':345@', ':@')],
  ['one with a count that is none', TEXT.replace(':345@', ':x@')],
  ['one with a count of 16 digits', TEXT.replace(':345@', `:${'1'.repeat(16)}@`)],
  ['one of a day that there is not', TEXT.replace('-01-01T', '-02-30T')],
  ['one with a time in another form', TEXT.replace('.000Z', 'Z')],
  ['one with more behind it', `${TEXT}\n`],
  ['one with more before it', ` ${TEXT}`],
])('%s is no head', (_, text) => {
  expect(parseHead(text)).toEqual({ ok: false, problem: 'is no line of audit head' });
});
