// Connector files as a deployment has them: about 1.4 KB, 25 settings, three of them references; one file in a hundred
// has a mistake, so that positions and messages are made too.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the files as bodies for Connect's REST API, a hundred to a folder. */
export function makeConnectors(folder: string, files: number): void {
  make(folder, files, 'json', (name, settings) =>
    JSON.stringify({ name, config: settings }, null, 2),
  );
}

/** The same connectors as resources of Strimzi. */
export function makeResources(folder: string, files: number): void {
  make(folder, files, 'yaml', (name, { 'connector.class': className, ...settings }) =>
    [
      'apiVersion: kafka.strimzi.io/v1',
      'kind: KafkaConnector',
      'metadata:',
      `  name: ${name}`,
      '  labels:',
      '    strimzi.io/cluster: connect',
      'spec:',
      `  class: ${className}`,
      '  config:',
      ...Object.entries(settings).map(([key, value]) => `    ${key}: ${yamlText(value)}`),
    ].join('\n'),
  );
}

type Settings = Record<string, string>;

function make(
  folder: string,
  files: number,
  extension: string,
  textOf: (name: string, settings: Settings) => string,
): void {
  for (let number = 0; number < files; number += 1) {
    const team = join(folder, `team-${Math.floor(number / 100)}`);
    if (number % 100 === 0) mkdirSync(team, { recursive: true });
    const name = `orders-sink-${number}`;
    const text = textOf(name, config(name, number));
    writeFileSync(join(team, `${name}.${extension}`), `${text}\n`);
  }
}

/** Numbers and booleans in quotes, as people write what must stay text. */
function yamlText(value: string): string {
  return /^[a-z$][^:#]*$/i.test(value) && !/^(?:true|false)$/.test(value) ? value : `"${value}"`;
}

function config(name: string, number: number): Settings {
  const path = number % 100 === 99 ? 'orders-source' : name;
  return {
    'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector',
    'tasks.max': '4',
    topics: `orders-${number},refunds-${number}`,
    'connection.url': `jdbc:postgresql://db-${number % 50}.internal:5432/orders?ssl=true`,
    'connection.user': `\${secret:${name}:user}`,
    'connection.password': `\${secret:${path}:password}`,
    'insert.mode': 'upsert',
    'pk.mode': 'record_key',
    'pk.fields': 'order_id',
    'auto.create': 'false',
    'auto.evolve': 'false',
    'batch.size': '3000',
    'max.retries': '10',
    'retry.backoff.ms': '3000',
    'table.name.format': `public.orders_\${topic}`,
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'io.confluent.connect.avro.AvroConverter',
    'value.converter.schema.registry.url': 'https://schemas.internal:8081',
    'value.converter.basic.auth.credentials.source': 'USER_INFO',
    'value.converter.basic.auth.user.info': `\${secret:${name}:schema-registry}`,
    transforms: 'route',
    'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
    'transforms.route.regex': '(.*)-v[0-9]+',
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': `dead-letters-${number % 20}`,
  };
}
