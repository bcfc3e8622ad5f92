import { expect, test } from 'vitest';
import { parseVersion, versionAfter } from '../../src/domain/version.ts';

test.each([
  ['1', 1],
  ['10', 10],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
])('%s is version %i', (text, value) => {
  expect(parseVersion(text)).toEqual({ ok: true, value });
});

test.each([
  '',
  '0',
  '00',
  '01',
  '-1',
  '+1',
  '1.0',
  '1.5',
  '1e3',
  '0x1',
  ' 1',
  '1 ',
  '1\n',
  '1_000',
  '1,000',
  '\u0661',
  '\uff11',
  'latest',
  'NaN',
  'Infinity',
])('%j is no version', (text) => {
  expect(parseVersion(text)).toEqual({ ok: false, problem: 'is not a whole number from 1 on' });
});

test.each(['9007199254740992', '9007199254740993', '1'.repeat(400)])(
  '%s is beyond the numbers that stay exact',
  (text) => {
    expect(parseVersion(text)).toEqual({ ok: false, problem: 'is beyond 2^53-1' });
  },
);

test.each([
  [0, 1],
  [1, 2],
  [Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER],
])('after %i comes %i', (last, next) => {
  expect(versionAfter(last)).toBe(next);
});

test('the last number has none after it: counting does not start again', () => {
  expect(() => versionAfter(Number.MAX_SAFE_INTEGER)).toThrow('version numbers are used up');
});
