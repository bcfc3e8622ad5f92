import { expect, test } from 'vitest';
import { keyArgument, pathArgument } from '../../src/cli/arguments.ts';
import { plain } from '../../src/cli/io.ts';
import { refuseUsed } from '../../src/cli/used-by.ts';
import { allUsesOf } from '../../src/cli/uses.ts';
import { ioWith, put, root, useFolder } from './settings-folder.ts';

useFolder();

/** What is told, and the error behind it. */
async function refusalOf(value: string, target: { path: string; key?: string }) {
  const file = put('a.json', JSON.stringify({ 'connector.class': 'x.Y', p: value }));
  const told: string[] = [];
  const io = { ...ioWith({}), errorStyle: plain, stderr: { write: (it: string) => told.push(it) } };
  const uses = await allUsesOf(io as never, [file], ['secret']);
  const path = pathArgument(target.path);
  const named = target.key === undefined ? { path } : { path, key: keyArgument(target.key) };
  let refused: unknown;
  try {
    refuseUsed(io as never, named, uses, { usedBy: ['a b'] });
  } catch (error) {
    refused = error;
  }
  return { refused, told: told.join('').replaceAll(root, '.') };
}

test('one place is enough, and is told', async () => {
  const { refused, told } = await refusalOf('${secret:orders:password}', { path: 'orders' });
  expect(refused).toMatchObject({
    code: 'still-used',
    hint: "secretreg where-used 'a b' --path orders",
  });
  expect(told).toBe("secretreg: ./a.json:1:31: 'p' of a connector refers to orders:password\n");
});

test('nothing is refused for nothing', async () => {
  expect((await refusalOf('${file:/x:password}', { path: 'orders' })).refused).toBe(undefined);
});

test('what a forgotten } swallowed is not told', async () => {
  const value = '${secret:orders:user password=hunter2}';
  const { refused, told } = await refusalOf(value, { path: 'orders' });
  expect(refused).toMatchObject({ code: 'still-used' });
  expect(told).toBe("secretreg: ./a.json:1:31: 'p' of a connector refers to a key of orders\n");
});
