// Connector files as a deployment has them: about 1.4 KB, 25 settings, three of them references; one file in a hundred
// has a mistake, so that positions and messages are made too.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the files, a hundred to a folder. */
export function makeConnectors(folder: string, files: number): void {
  for (let number = 0; number < files; number += 1) {
    const team = join(folder, `team-${Math.floor(number / 100)}`);
    if (number % 100 === 0) mkdirSync(team, { recursive: true });
    const name = `orders-sink-${number}`;
    const text = JSON.stringify({ name, config: config(name, number) }, null, 2);
    writeFileSync(join(team, `${name}.json`), `${text}\n`);
  }
}

function config(name: string, number: number): Record<string, string> {
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
