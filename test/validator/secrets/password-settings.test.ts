// The two tables of what connectors declare: their form, what they say of common connectors, and that one jar read again
// says the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { artifacts } from '../../../scripts/config-defs/artifacts.ts';
import { readConfigDefs } from '../../../scripts/config-defs/read-config-defs.ts';
import { type PasswordTable, tableOf } from '../../../scripts/config-defs/table.ts';
import { declaredType, passwordsOf } from '../../../src/validator/secrets/password-settings.ts';
import { describeKafka } from '../../kafka/describe-kafka.ts';

const FOLDER = join(import.meta.dirname, '../../../src/validator/secrets');
const read = tableIn('password-settings.json');
const documented = tableIn('documented-settings.json');
const LARGEST_TABLE = 90_000;

const DECLARED: readonly (readonly [string, string, string])[] = [
  ['io.confluent.connect.jdbc.JdbcSinkConnector', 'connection.password', 'password'],
  ['io.confluent.connect.jdbc.JdbcSinkConnector', 'connection.url', 'plain'],
  ['io.confluent.connect.jdbc.JdbcSinkConnector', 'producer.override.ssl.key.password', 'password'],
  ['io.confluent.connect.jdbc.JdbcSinkConnector', 'something.else', 'unknown'],
  ['io.confluent.connect.jdbc.JdbcSourceConnector', 'query.masked', 'plain'],
  ['JdbcSinkConnector', 'connection.password', 'password'],
  ['JdbcSink', 'connection.url', 'plain'],
  ['io.debezium.connector.postgresql.PostgresConnector', 'database.sslpassword', 'password'],
  ['io.debezium.connector.postgresql.PostgresConnector', 'database.hostname', 'plain'],
  [
    'org.apache.kafka.connect.mirror.MirrorSourceConnector',
    'source.cluster.sasl.jaas.config',
    'password',
  ],
  ['org.apache.kafka.connect.transforms.InsertHeader', 'value.literal', 'plain'],
  [
    'org.apache.camel.kafkaconnector.awss3sink.CamelAwss3sinkSinkConnector',
    'camel.kamelet.aws-s3-sink.secretKey',
    'password',
  ],
  [
    'org.apache.camel.kafkaconnector.awss3sink.CamelAwss3sinkSinkConnector',
    'camel.kamelet.aws-s3-sink.region',
    'plain',
  ],
  ['com.acme.UnknownConnector', 'connection.url', 'unknown'],
  ['com.acme.UnknownConnector', 'keyfile', 'elsewhere'],
  ['com.acme.UnknownConnector', 'sasl.jaas.config', 'password'],
  ['com.acme.UnknownConnector', 'topics', 'unknown'],
];

test.each(DECLARED)('%s declares %s as %s', (className, setting, wanted) => {
  expect(declaredType(className, setting)).toBe(wanted);
});

test('passwords of a class can be named', () => {
  expect(passwordsOf('io.confluent.connect.jdbc.JdbcSinkConnector')).toEqual([
    'connection.password',
  ]);
  expect(passwordsOf('com.acme.UnknownConnector')).toEqual([]);
});

test.each([
  ['read', read, artifacts.map(({ name }) => name), 15],
  ['documented', documented, undefined, 200],
] as const)('the %s table is what it says', (_, table, sources, fewest) => {
  const names = Object.keys(table.sources);
  if (sources !== undefined) expect(names.filter((name) => !sources.includes(name))).toEqual([]);
  else
    for (const name of names)
      expect(name).toMatch(/^(?:github\.com\/[\w.-]+\/[\w.-]+@[0-9a-f]{7,}|docs\.[\w./-]+)$/);
  const classes = Object.values(table.sources).flatMap((it) => Object.entries(it));
  expect(classes.length).toBeGreaterThanOrEqual(fewest);
  const all = new Set(table.plain.flat());
  expect(table.plain.flat()).toHaveLength(all.size);
  for (const [name, { passwords, plain }] of classes) {
    expect(name).toMatch(/^[\w$]+(?:\.[\w$]+)+$/);
    for (const setting of passwords) expect(setting).toMatch(/^[A-Za-z][\w.-]*$/);
    expect(plain.filter((number) => table.plain[number] === undefined)).toEqual([]);
    const both = plain.flatMap((number) => table.plain[number] ?? []);
    expect(both.filter((setting) => passwords.includes(setting))).toEqual([]);
  }
});

test('no class stands in both tables, and both stay small', () => {
  const known = new Set(Object.values(read.sources).flatMap((it) => Object.keys(it)));
  const others = Object.values(documented.sources).flatMap((it) => Object.keys(it));
  expect(others.filter((name) => known.has(name))).toEqual([]);
  for (const name of ['password-settings.json', 'documented-settings.json'])
    expect(readFileSync(join(FOLDER, name)).length, name).toBeLessThan(LARGEST_TABLE);
});

describeKafka('the jars', () => {
  test('say of themselves what the table says', { timeout: 240_000 }, async () => {
    const name = 'org.apache.kafka:connect-file:4.3.1';
    const clients = 'org.apache.kafka:kafka-clients:4.3.1';
    for (const artifact of artifacts.filter((it) => [name, clients].includes(it.name))) {
      const { defs, notRead } = await readConfigDefs(artifact);
      const again = tableOf([{ artifact: artifact.name, defs }]);
      expect(notRead).toEqual([]);
      expect(namesIn(again, artifact.name)).toEqual(namesIn(read, artifact.name));
    }
  });
});

function namesIn(table: PasswordTable, source: string) {
  return Object.entries(table.sources[source] ?? {}).map(([name, { passwords, plain }]) => ({
    name,
    passwords,
    plain: plain.flatMap((number) => table.plain[number] ?? []).sort(),
  }));
}

function tableIn(file: string): PasswordTable {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as PasswordTable;
}
