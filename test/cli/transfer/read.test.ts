// What a file may hold that nobody puts by accident, and what is said then. The shapes are in test/scripts/transfer.md.
import { expect, test } from 'vitest';
import { readSecrets } from '../../../src/cli/transfer/read.ts';
import { parsePath, type SecretPath } from '../../../src/domain/names.ts';
import { SecretregError } from '../../../src/errors.ts';
import { type TransferFormat } from '../../../src/cli/transfer/formats.ts';

const path = asPath('orders');
const again = 'secretreg import file --force';

function asPath(text: string): SecretPath {
  const parsed = parsePath(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}

function read(
  text: string,
  format: TransferFormat,
  options: { force?: boolean; by?: 'flag' } = {},
) {
  const isFlat = format === 'dotenv' || format === 'properties';
  return readSecrets(Buffer.from(text), {
    file: 'file',
    chosen: { format, by: options.by ?? 'name' },
    ...(isFlat && { path }),
    force: options.force ?? false,
    again,
  });
}

function valuesOf(text: string, format: TransferFormat): Record<string, string> {
  const { writes } = read(text, format);
  return Object.fromEntries(writes.map((one) => [`${one.path}:${one.key}`, one.value.reveal()]));
}

function refusalOf(text: string, format: TransferFormat): SecretregError {
  try {
    read(text, format);
  } catch (error) {
    if (error instanceof SecretregError) return error;
    throw error;
  }
  throw new Error('it was read');
}

test('a table with an empty and a mask-like value is taken where it is forced, to the letter', () => {
  const table = { orders: { mask: '******', none: '', password: 'p' } };
  const { writes } = read(JSON.stringify(table), 'json', { force: true });
  expect(writes.map(({ key, value }) => [key, value.reveal()])).toEqual(
    Object.entries(table.orders),
  );
  expect(refusalOf(JSON.stringify(table), 'json').hint).toMatch(`${again}    (`);
});

test.each<[string, TransferFormat, string, string]>([
  ['a plain number of YAML is its text', 'yaml', 'orders: {pin: 0042}', '0042'],
  ['and so is what YAML 1.1 takes for false', 'yaml', 'orders:\n  pin: no\n', 'no'],
  ['and a number with an exponent', 'yaml', 'orders:\n  pin: 1e3 # of the lift\n', '1e3'],
  ['a block of YAML keeps its lines', 'yaml', 'orders:\n  pin: |\n    a\n    b\n', 'a\nb\n'],
  ['the data of a Secret is decoded', 'yaml', manifest('data: {pin: YWI=}'), 'ab'],
  ['its stringData is not', 'yaml', manifest('stringData: {pin: YWI=}'), 'YWI='],
  ['nor is the data of a table called data', 'yaml', 'orders: {pin: YWI=}', 'YWI='],
  ['a Secret in JSON', 'json', JSON.stringify(manifestObject({ pin: 'YWI=' })), 'ab'],
  ['a List of them', 'json', JSON.stringify(listOf(manifestObject({ pin: 'YWI=' }))), 'ab'],
  ['dotenv without quotes', 'dotenv', 'export pin = a b=c  # remark\n', 'a b=c'],
  ['dotenv in single quotes', 'dotenv', `pin='a"#$\\n b' # remark`, 'a"#$\\n b'],
  ['dotenv in double quotes', 'dotenv', 'pin="it\'s\\nme #1"\r\n', "it's\nme #1"],
  ['dotenv over several lines', 'dotenv', "# a\n\npin='one\nb=2\nthree'\n", 'one\nb=2\nthree'],
  ['properties with their escapes', 'properties', 'pin : a\\\n  b\\u0020c\\n', 'ab c\n'],
])('%s', (_title, format, text, value) => {
  expect(valuesOf(text, format)).toEqual({ 'orders:pin': value });
});

function manifest(members: string): string {
  return `apiVersion: v1\nkind: Secret\nmetadata: {name: orders}\n${members}\n`;
}

function manifestObject(data: object) {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'orders' }, data };
}

function listOf(item: object) {
  return { apiVersion: 'v1', kind: 'List', items: [item] };
}

const BOMB = ['a: &a {x: y}', ...Array.from({ length: 40 }, (_, i) => bombLine(i))].join('\n');

function bombLine(index: number): string {
  const name = index === 0 ? 'a' : `a${index - 1}`;
  return `a${index}: &a${index} [*${name}, *${name}]`;
}

/** In each text the value is `hunter2`, or has it in it. */
test.each<[TransferFormat, string, RegExp]>([
  ['json', '{"orders": {"pin": "hunter2", "pin": "x"}}', /this name stands twice .*column 31/],
  ['json', '{"_a": {"pin": "hunter2"}, "_a": {"pin": "x"}}', /this name stands twice/],
  ['json', '{"orders": {"pin": "hunter2"', /line 1, column /],
  ['json', '{"orders": {/* hunter2 */"pin": "x"}}', /line 1, column 13/],
  ['json', '["hunter2"]', /it is not an object/],
  ['json', '', /it is empty/],
  ['json', '[['.repeat(60_000), /line 1, column /],
  ['yaml', 'orders: {pin: hunter2, pin: x}', /this name stands twice .*column 24/],
  ['yaml', 'orders:\n  pin: [hunter2]\n', /is a list, not a string \(line 2, column 3\)/],
  ['yaml', 'orders:\n  pin: !!binary hunter2\n', /is a value with a tag, not a string/],
  ['yaml', 'orders:\n  pin: !vault hunter2\n', /is a value with a tag, not a string/],
  ['yaml', 'orders:\n  pin:\n', /is nothing, not a string/],
  ['yaml', 'orders:\n  pin: ~\n', /is null, not a string/],
  ['yaml', 'orders:\n  a: &a hunter2\n  pin: *a\n', /is an alias, not a string/],
  ['yaml', 'orders:\n  <<: {a: hunter2}\n', /is a map, not a string/],
  ['yaml', 'a: {b: hunter2}\n---\nb: {c: d}\n', /a second document begins/],
  ['yaml', 'orders: "hunter2', /line 1, column 9/],
  ['yaml', 'hunter2', /it is not a map/],
  ['yaml', '# hunter2\n', /it is empty/],
  ['yaml', BOMB, /repeat more than/],
  ['yaml', '['.repeat(100_000), /nested deeper than 200 levels/],
  ['yaml', manifest('data: {pin: hunter2}'), /is not base64/],
  ['yaml', manifest('data: {pin: /w==}'), /is not base64 of a text/],
  [
    'yaml',
    manifest('data: {pin: YWI=}\nstringData: {pin: hunter2}'),
    /this name stands twice, first in line 4/,
  ],
  [
    'yaml',
    `${manifest('data: {pin: YWI=}')}---\n${manifest('data: {pin: YWM=}')}`,
    /this name stands twice/,
  ],
  ['yaml', manifest('').replace('Secret', 'ConfigMap'), /another kind than Secret/],
  ['yaml', manifest('').replace('name: orders', ''), /no metadata.name/],
  ['yaml', manifest('').replace('v1', 'v1beta1'), /apiVersion is not 'v1'/],
  ['dotenv', 'a=1\npin hunter2\n', /neither a comment nor NAME=value \(line 2, column 1\)/],
  ['dotenv', 'pin=hunter2#x', /without quotes, and readers .* disagree/],
  ['dotenv', 'pin=hunter2$x', /without quotes, and readers .* disagree/],
  ['dotenv', 'pin=hunter2\\x', /without quotes, and readers .* disagree/],
  ['dotenv', "pin=hunter2'x'", /without quotes, and readers .* disagree/],
  ['dotenv', 'pin=`hunter2`', /without quotes, and readers .* disagree/],
  ['dotenv', 'pin="hunter2$x"', /stands in double quotes/],
  ['dotenv', 'pin="hunter2\\"x"', /something follows the closing quote/],
  ['dotenv', 'pin="hunter2\\x"', /stands in double quotes/],
  ['dotenv', "pin='hunter2\\'", /ends with '\\' in front of its quote/],
  ['dotenv', "a=1\npin='hunter2", /the ' that opens the value is never closed \(line 2/],
  ['dotenv', "pin='hunter2'x", /something follows the closing quote/],
  ['dotenv', 'pin=hunter2\rx=y', /a carriage return stands here/],
  ['dotenv', 'pin=hunter2\n\npin=x', /this name stands twice, first in line 1 \(line 3/],
  ['dotenv', '_pin=hunter2', /does not begin with a letter.* \(line 1, column 1\)/],
  ['dotenv', '# hunter2', /no secret stands in it/],
  ['properties', 'pin=a\nhunter2\n', /this line has no '=' or ':'.*\(line 2/],
  ['properties', 'pin=a\nhunter2 b\n', /this line has no '=' or ':'/],
  ['properties', 'pin=hunter2\\u12', /four hexadecimal digits/],
  ['properties', 'pin=hunter2\npin=x', /this name stands twice, first in line 1/],
  ['properties', '1pin=hunter2', /does not begin with a letter.* \(line 1, column 1\)/],
])('as %s, %j is refused without its value', (format, text, message) => {
  const refused = refusalOf(text, format);
  expect(refused.message).toMatch(message);
  expect(`${refused.message}${refused.hint}`).not.toContain('hunter2');
});
