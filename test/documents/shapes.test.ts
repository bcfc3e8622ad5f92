import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/documents/json.ts';
import { connectorsIn, isMeantAsConnector, mentionsConnector } from '../../src/documents/shapes.ts';

const shape = { holdsReference: (text: string) => text.includes('${secret:') };
const config = { 'connector.class': 'X', password: '${secret:a:p}' };

/** Every connector as `name: settings`. */
function connectors(value: unknown): string[] {
  return connectorsIn(parseJson(JSON.stringify(value)), shape).map(
    ({ name, entries }) =>
      `${name}: ${entries.map(({ key, value: it, pointer }) => `${key}=${it}@${pointer}`).join(' ')}`,
  );
}

describe('the connectors of a document', () => {
  test.each<[string, unknown, string[]]>([
    [
      'REST body',
      { name: 'a', config },
      ['a: connector.class=X@/config/connector.class password=${secret:a:p}@/config/password'],
    ],
    ['REST body with nothing in it', { name: 'a', config: {} }, ['a: ']],
    [
      'body without a name',
      { config: { 'tasks.max': 1 } },
      ['undefined: tasks.max=1@/config/tasks.max'],
    ],
    ['body with config.name alone', { config: { name: 'a' } }, ['a: name=a@/config/name']],
    ['name with blanks', { name: ' a ', config: {} }, ['a: ']],
    ['answer of GET /connectors/a', { name: 'a', config: {}, tasks: [], type: 'sink' }, ['a: ']],
    [
      'flat map',
      { name: 'a', ...config, n: 1, t: true, z: null },
      [
        'a: name=a@/name connector.class=X@/connector.class password=${secret:a:p}@/password n=1@/n t=true@/t z=null@/z',
      ],
    ],
    [
      'flat map that is one by its reference',
      { p: '${secret:a:p}' },
      ['undefined: p=${secret:a:p}@/p'],
    ],
    [
      'array of both',
      [{ name: 'a', config: {} }, { name: 'b', 'tasks.max': '1' }, { x: 1 }, 2],
      ['a: ', 'b: name=b@/1/name tasks.max=1@/1/tasks.max'],
    ],
    [
      'GET /connectors?expand=info',
      {
        'a/b': { info: { name: 'a/b', config: { x: 'y' } } },
        c: { status: {}, info: { name: 'c', config: {} } },
      },
      ['a/b: x=y@/a~1b/info/config/x', 'c: '],
    ],
    ['GET /connectors?expand=status', { a: { status: {} } }, []],
    [
      'settings with lists in them',
      { 'tasks.max': '1', 'a/b': ['x', { c: 'y' }] },
      ['undefined: tasks.max=1@/tasks.max a/b=x@/a~1b/0 a/b=y@/a~1b/1/c'],
    ],
    [
      'names that objects have',
      JSON.parse('{"tasks.max":1,"__proto__":"x","constructor":"y"}'),
      ['undefined: tasks.max=1@/tasks.max __proto__=x@/__proto__ constructor=y@/constructor'],
    ],
    [
      'the body of a task that creates it, and of one that changes it',
      [
        {
          hosts: 'x',
          tasks: [{ uri: { body: { name: 'a', config } } }, { uri: { body: config } }],
        },
      ],
      [
        'a: connector.class=X@/0/tasks/0/uri/body/config/connector.class password=${secret:a:p}@/0/tasks/0/uri/body/config/password',
        'undefined: connector.class=X@/0/tasks/1/uri/body/connector.class password=${secret:a:p}@/0/tasks/1/uri/body/password',
      ],
    ],
    [
      'values of a chart',
      { connectors: { a: { name: 'b', config: { 'connector.class': 'X' } } } },
      ['b: connector.class=X@/connectors/a/config/connector.class'],
    ],
    [
      'a resource in a task',
      {
        k8s: {
          definition: {
            apiVersion: 'kafka.strimzi.io/v1',
            kind: 'KafkaConnector',
            metadata: { name: 'a' },
          },
        },
      },
      ['a: '],
    ],
    ['connection of Debezium Platform', { type: 'JDBC', name: 'a', config: { url: 'x' } }, []],
    ['a schema of settings', { properties: { 'connector.class': { type: 'string' } } }, []],
    [
      'package.json',
      { name: 'x', version: '1.0.0', scripts: { test: 'vitest' }, config: { port: '8080' } },
      [],
    ],
    ['tsconfig.json', { compilerOptions: { strict: true }, include: ['src'] }, []],
    ['messages of a translation', { hello: 'Hi ${name}' }, []],
    ['nothing', {}, []],
    ['a number', 1, []],
    ['null', null, []],
  ])('%s', (_name, value, expected) => {
    expect(connectors(value)).toEqual(expected);
  });

  test('are named in the order in which the names count', () => {
    const value = { a: { info: { name: 'b', config: { name: 'c' } } } };
    expect(
      connectorsIn(parseJson(JSON.stringify(value)), shape)[0]?.names.map(({ text, pointer }) => [
        text,
        pointer,
      ]),
    ).toEqual([
      ['a', '/a'],
      ['b', '/a/info/name'],
      ['c', '/a/info/config/name'],
    ]);
  });
});

test.each([
  ['{"name": "a", "config": {', true],
  ['{"connector.class": ', true],
  ['{"a": "${secret:b:c}"', true],
  ['kind: "KafkaConnector"\nspec: {', true],
  ['apiVersion: platform.confluent.io/v1beta1\nkind: Connector\nspec: {', true],
  ['{"kind": "Connector", "apiVersion": "platform.confluent.io/v1beta1", "spec": {', true],
  ['apiVersion: platform.confluent.io/v1beta1\nkind: KafkaTopic\nspec\n  replicas: 3', false],
  ['apiVersion: v1\nkind: Connector\nspec: {', false],
  ['spec:\n  connectorClass: {', true],
  ['kafka_connect_connectors: {', true],
  ['resource "aiven_kafka_connector" "a" {', true],
  ["CREATE SINK CONNECTOR a WITH ('topics'", true],
  ['{ // tsconfig\n "strict": true }', false],
  ['kind: KafkaConnect\nspec: {', false],
  ['DROP CONNECTOR a', false],
])('%j was meant as a connector: %s', (text, expected) => {
  expect(mentionsConnector(text)).toBe(expected);
});

test.each([
  ['{"name": "a", "config": {', true],
  ['{"connector.class": ', true],
  ['{"a": "${secret:b:c}" "d"', true],
  ['kind: "KafkaConnector"\nspec: {', true],
  ['apiVersion: platform.confluent.io/v1beta1\nkind: Connector\nspec: {', true],
  ['{"kind": "Connector", "apiVersion": "platform.confluent.io/v1beta1", "spec": {', true],
  ['apiVersion: platform.confluent.io/v1beta1\nkind: KafkaTopic\nspec\n  replicas: 3', false],
  ['apiVersion: v1\nkind: Connector\nspec: {', false],
  ["CREATE SINK CONNECTOR a WITH ('topics'", true],
  ['{ // launch.json\n "processId": "${command:PickProcess}" }', false],
  ['{ // tsconfig.json\n "config": {"strict": true} }', false],
  ['{ /* log4j2.json */ "fileName": "${sys:logs}/a.log" }', false],
  ['version: @project.version@\nhost: ${DB_HOST:localhost}', false],
])('%j, which cannot be parsed, was meant as a connector: %s', (text, expected) => {
  expect(isMeantAsConnector(text, shape)).toBe(expected);
});
