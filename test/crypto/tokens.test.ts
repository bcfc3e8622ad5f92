import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { random } from '../../src/crypto/primitives.ts';
import { equalTexts } from '../../src/crypto/primitives.ts';
import { isTokenId, newToken, parseToken } from '../../src/crypto/tokens.ts';
import { answers } from './answers.ts';

const ID = '0123456789abcdef';
const SECRET = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';

test('a token is its id and 256 random bits, and parses to the digest that is stored', () => {
  const { id, token, digest } = newToken(random);
  expect(token).toMatch(new RegExp(`^srt_${id}_[A-Za-z0-9_-]{43}$`));
  expect(digest).toBe(hash('sha256', token, 'hex'));
  expect(parseToken(token)).toEqual({ id, digest });
});

test.each(answers.tokens)('the known token $id has its digest', ({ token, id, digest }) => {
  expect(parseToken(token)).toEqual({ id, digest });
});

test.each([
  [ID, true],
  ['0'.repeat(16), true],
  ['', false],
  [ID.slice(1), false],
  [`${ID}0`, false],
  [`0${ID}`, false],
  [ID.toUpperCase(), false],
  [`g${ID.slice(1)}`, false],
  [`${ID}\n`, false],
])('%j is the id of a token: %s', (text, isOne) => {
  expect(isTokenId(text)).toBe(isOne);
});

test('two tokens have nothing in common', () => {
  const [one, other] = [newToken(random), newToken(random)];
  expect(one.id).not.toBe(other.id);
  expect(equalTexts(one.digest, other.digest)).toBe(false);
  expect(equalTexts(one.digest, one.digest)).toBe(true);
  expect(equalTexts(one.digest, one.digest.slice(1))).toBe(false);
  expect(equalTexts('\ud800', '\ufffd')).toBe(false);
});

test.each([
  '',
  'srt_',
  `srt_${ID}`,
  `srt_${ID}_`,
  `srt_${ID}_${SECRET.slice(1)}`,
  `srt_${ID}_${SECRET}A`,
  `srt_${ID}_${SECRET}\n`,
  ` srt_${ID}_${SECRET}`,
  `SRT_${ID}_${SECRET}`,
  `srt_${ID.toUpperCase()}_${SECRET}`,
  `srt_${ID.slice(1)}_${SECRET}`,
  `srt_${ID}_${SECRET.slice(0, -1)}9`,
  `srt_${ID}_${SECRET.slice(0, -1)}=`,
  `srt_${ID}_+${SECRET.slice(1)}`,
])('%j is no token', (text) => {
  expect(parseToken(`srt_${ID}_${SECRET}`)).toBeDefined();
  expect(parseToken(text)).toBeUndefined();
});
