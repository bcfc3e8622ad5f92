import { expect, test } from 'vitest';
import { readSource } from '../../src/documents/read.ts';

const sides = (one: string, other: string, [a, b, c] = ['<<<<<<< HEAD', '=======', '>>>>>>> x']) =>
  `${a}\n${one}\n${b}\n${other}\n${c}\n`;

const CONFLICTS: [string, string][] = [
  ['JSON', `{\n"name": "a",\n${sides('"x": "1",', '"x": "2",')}"y": "3"}\n`],
  ['JSON before its bracket', `${sides('{', '[{')}"name": "a"}\n`],
  ['properties', `name=a\nconnector.class=X\n${sides('x=1', 'x=2')}`],
  ['properties before the name', sides('name=a\nconnector.class=X', 'name=b\nconnector.class=X')],
  ['YAML', `kind: KafkaConnector\nspec:\n${sides('  class: A', '  class: B')}`],
  [
    'YAML before the kind',
    `${sides('apiVersion: a/v1\nkind: KafkaConnector', 'apiVersion: a/v2\nkind: KafkaConnector')}spec: {}\n`,
  ],
  ['Terraform', `resource "confluent_connector" "a" {\n${sides('  x = "1"', '  x = "2"')}}\n`],
  ['a script of a shell', `#!/bin/sh\n${sides('curl http://a', 'curl http://b')}`],
  ['a script of ksqlDB', `CREATE SINK CONNECTOR a WITH (\n${sides("  'x'='1'", "  'x'='2'")});\n`],
  [
    'three sides, as diff3 writes them',
    `name=a\nconnector.class=X\n<<<<<<< HEAD\nx=1\n||||||| base\nx=0\n=======\nx=2\n>>>>>>> x\n`,
  ],
  ['marks without names', `name=a\n${sides('x=1', 'x=2', ['<<<<<<<', '=======', '>>>>>>>'])}`],
];

test.each([
  ...CONFLICTS,
  ...CONFLICTS.map(
    ([what, text]) => [`${what}, with CRLF`, text.replaceAll('\n', '\r\n')] as const,
  ),
])('a conflict in %s is the one problem, at its first mark', async (_what, text) => {
  const { documents, connectors, isOfNoFormat } = await read(text);
  expect(connectors).toEqual([]);
  expect(isOfNoFormat).toBe(false);
  const [problem, ...others] = documents.flatMap(({ problems }) => problems);
  expect(others).toEqual([]);
  expect(problem).toMatchObject({
    kind: 'parse-error',
    text: 'a merge conflict was left here: one of its sides has to go, and its three marks',
    start: text.indexOf('<<<<<<<'),
    end: text.indexOf('<<<<<<<') + 7,
  });
});

test.each([
  ['text of a JSON string', `{"connector.class": "X", "doc": "a\\n${'<'.repeat(7)} b\\n======="}`],
  [
    'text of a block',
    `connector.class: X\ndoc: |\n  ${sides('x', 'y').replaceAll('\n', '\n  ')}\n`,
  ],
  ['a line that somebody drew', 'name=a\nconnector.class=X\n#\n=======\nx=1\n'],
  ['a mark without the others', 'name=a\nconnector.class=X\n<<<<<<< y\n#>>>>>>> z\n'],
  [
    'more of the sign',
    `name=a\nconnector.class=X\n${sides('x=1', 'y=2', ['<<<<<<<< a', '========', '>>>>>>>> x'])}`,
  ],
])('%s is none', async (_what, text) => {
  const { documents, connectors } = await read(text);
  expect(connectors).toHaveLength(1);
  expect(documents.flatMap(({ problems }) => problems.map(({ kind }) => kind))).not.toContain(
    'parse-error',
  );
});

test('marks without end are looked through once', async () => {
  const text = `name=a\n${'<<<<<<< x\n'.repeat(200_000)}`;
  expect((await read(text)).connectors).toHaveLength(0);
});

function read(text: string) {
  return readSource(text, { holdsReference: () => false });
}
