import { expect, test } from 'vitest';
import { parseTime, timeOf } from '../../src/domain/time.ts';

test.each([
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
  ['2026-01-01t00:00:00z', '2026-01-01T00:00:00.000Z'],
  ['2024-02-29T23:59:59.123456789Z', '2024-02-29T23:59:59.123Z'],
  ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00.000Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
])('%s is %s', (text, time) => {
  expect(parseTime(text)).toBe(time);
});

test.each([
  '',
  'tomorrow',
  '2026',
  '2026-01-01',
  '2026-01-01 00:00:00Z',
  '2026-01-01T00:00:00',
  '2026-01-01T00:00Z',
  '2026-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-01T24:00:01Z',
  '2026-01-01T00:60:00Z',
  '2026-01-01T00:00:00+24:00',
  '2026-01-01T00:00:00.Z',
  '2026-01-01T00:00:00Z ',
  '+002026-01-01T00:00:00Z',
  '0000-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59-01:00',
])("'%s' is no time", (text) => {
  expect(parseTime(text)).toBeUndefined();
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1e300, 8.64e15, -8.64e15])(
  '%s milliseconds are no time that can be kept',
  (milliseconds) => {
    expect(timeOf(milliseconds)).toBeUndefined();
  },
);
