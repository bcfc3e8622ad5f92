// Files of a folder: one that was meant as a connector must not be passed over for a stray sign or line in front of it.
import { describe, expect, test } from 'vitest';
import { validator } from '../../src/validator/validate.ts';

const BODY =
  '{\n  "name": "orders",\n  "config": {"connector.class": "X", "password": "Sommer-47"}\n}\n';
const check = validator();

async function rulesIn(file: string, text: string, found = true): Promise<string[]> {
  const { diagnostics } = await check({ file, text, found });
  return diagnostics.map(({ rule }) => rule);
}

const STRAY = [
  '// connector\n',
  '/* connector */\n',
  ';',
  '`',
  'x',
  '\u200B',
  '```json\n',
  'HTTP/1.1 200 OK\nContent-Type: application/json\n\n',
  'const c =\n',
];

describe.each(STRAY)('behind %j', (stray) => {
  test('a connector is told that cannot be read', async () => {
    for (const file of ['orders.json', 'orders.YAML', 'orders.yml', 'orders.properties'])
      expect(await rulesIn(file, stray + BODY), file).toEqual(['parse-error']);
  });

  test('a script, a text for people and what is of others is passed over', async () => {
    for (const file of ['orders.sh', 'README.md', 'orders.sql'])
      expect(await rulesIn(file, stray + BODY), file).toEqual([]);
    expect(await rulesIn('launch.json', `${stray}{"version": "0.2.0"}`)).toEqual([]);
  });
});

test.each([
  `# connector\n${BODY}`,
  `\uFEFF\n# connector\n\n# of the shop\n ${BODY}`,
  `# connectors\n[${BODY}]`,
  `# connector\n{ # in braces\n  name: orders,\n  config: {connector.class: X, password: Sommer-47}\n}`,
])('behind a comment a map in braces is YAML: %j', async (text) => {
  expect(await rulesIn('orders.yaml', text, false)).toEqual(['literal-secret']);
  expect(await rulesIn('orders.yaml', text)).toEqual(['literal-secret']);
});

test.each([
  '# of a shell\n{ echo a; curl -d \'{"connector.class": "X"}\' b; }',
  '# of a shell\n[ "$a" = b ]',
])('other braces behind a comment are not: %j', async (text) => {
  expect((await check({ file: 'a.sh', text, found: true })).diagnostics).toEqual([]);
});

test.each([
  ['resource "x" {\n', 'the text begins as none of the formats do'],
  ['{x}', 'this is neither a text in double quotes nor a number'],
  ['// connector\n{}', 'JSON has no comments'],
])('what is of no format is not told as a slip in JSON: %j', async (text, message) => {
  const { diagnostics } = await check({ file: 'a.tf', text });
  expect(diagnostics.map((it) => it.message.slice(0, message.length))).toEqual([message]);
});

test('a template behind a comment is told, whatever it is called', async () => {
  const text = '# orders\n{{- if .Values.orders }}\nkind: KafkaConnector\n{{- end }}\n';
  expect(await rulesIn('orders.yaml.tpl', text)).toEqual(['template']);
});

test('a megabyte of blanks behind the brace is looked at once', async () => {
  expect(await rulesIn('a.yaml', `# a\n{${' '.repeat(2 ** 20)}`)).toEqual([]);
});
