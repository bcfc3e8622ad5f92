// What a backup may hold that nobody puts by accident, and what is said then. The shapes are in test/scripts/transfer.md.
import { expect, test } from 'vitest';
import { parseSecretTable } from '../../src/cli/transfer-file.ts';
import { parsePath } from '../../src/domain/names.ts';
import { SecretregError } from '../../src/errors.ts';

const bytes = (table: unknown) => Buffer.from(JSON.stringify(table));

test('a backup with an empty and a mask-like value is taken where it is forced, to the letter', () => {
  const table = { orders: { mask: '******', none: '', password: 'p' } };
  const writes = parseSecretTable(bytes(table), { file: 'backup.json', force: true });
  expect(writes.map(({ key, value }) => [key, value.reveal()])).toEqual(
    Object.entries(table.orders),
  );
});

const orders = parsePath('orders');
test.each([
  { file: 'backup.json', hint: 'secretreg import backup.json --force' },
  { file: 'my backup', hint: "secretreg import 'my backup' --force" },
  { file: '-', hint: 'secretreg import - --force' },
  {
    file: '-',
    ...(orders.ok && { path: orders.value }),
    hint: 'secretreg put orders --json - --force',
  },
])('refused, it names the command that takes it: $hint', ({ hint, ...options }) => {
  const keys = { mask: '******' };
  const table = 'path' in options ? keys : { orders: keys };
  const refused = (() => {
    try {
      return parseSecretTable(bytes(table), { ...options, force: false });
    } catch (error) {
      return error;
    }
  })();
  expect(refused).toBeInstanceOf(SecretregError);
  expect((refused as SecretregError).hint).toMatch(new RegExp(`^${hint} {4}\\(`));
});
