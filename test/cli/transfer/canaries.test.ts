// Files of secrets hold nothing but secrets. Whatever is wrong with one, no message shows a value.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FORMATS, type TransferFormat } from '../../../src/cli/transfer/formats.ts';
import { readSecrets } from '../../../src/cli/transfer/read.ts';
import { secretsText } from '../../../src/cli/transfer/write.ts';
import { parsePath } from '../../../src/domain/names.ts';
import { SecretregError } from '../../../src/errors.ts';
import { checkProperty } from '../../crypto/property.ts';

/** Six letters of them in a row are a leak. */
const CANARY = 'QkZwXvJyHqGz';
const PARTS = Array.from({ length: CANARY.length - 5 }, (_, at) => CANARY.slice(at, at + 6));

const MARKS = [
  '"',
  "'",
  '\\',
  ':',
  ',',
  '{',
  '}',
  '[',
  ' ',
  '=',
  '\n',
  '#',
  '$',
  '-',
  '&',
  '*',
  '!',
];
const mark = fc.constantFrom('', ...MARKS);
const value = fc
  .array(fc.tuple(mark, fc.constant(CANARY), mark), { minLength: 1, maxLength: 2 })
  .map((parts) => parts.flat().join(''));
const format = fc.constantFrom(...(Object.keys(FORMATS) as TransferFormat[]));
const damage = fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...MARKS, ''));
const orders = parsePath('orders');

function read(text: string, asFormat: TransferFormat): string {
  const isFlat = !FORMATS[asFormat].hasPaths;
  try {
    readSecrets(Buffer.from(text), {
      file: 'file',
      chosen: { format: asFormat, by: 'flag' },
      ...(isFlat && orders.ok && { path: orders.value }),
      force: false,
      again: 'secretreg import file --force',
    });
    return '';
  } catch (error) {
    if (!(error instanceof SecretregError)) throw error;
    return `${error.message}\n${error.hint}`;
  }
}

test('whatever is damaged in a file, and as whatever it is read', () => {
  let refused = 0;
  const samples = fc.tuple(fc.array(value, { minLength: 1, maxLength: 3 }), format, format, damage);
  checkProperty('canaries', 5000, samples, ([values, written, asFormat, [place, length, put]]) => {
    const keys = new Map(values.map((one, at) => [`key${at}`, one]));
    const { text, problems } = secretsText(
      new Map([['orders', keys]]),
      written,
      !FORMATS[written].hasPaths,
    );
    for (const problem of problems)
      expect(PARTS.filter((part) => problem.includes(part))).toEqual([]);
    const at = place % (text.length + 1);
    const told = read(text.slice(0, at) + put + text.slice(at + length), asFormat);
    if (told !== '') refused += 1;
    expect(
      PARTS.filter((part) => told.includes(part)),
      told,
    ).toEqual([]);
  });
  expect(refused).toBeGreaterThan(1000);
});
