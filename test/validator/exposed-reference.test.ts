// Names of users may be shown, also where one stands in an address beside the password.
import { expect, test } from 'vitest';
import { validator } from '../../src/validator/validate.ts';

const URLS: ReadonlyArray<readonly [url: string, ...told: string[]]> = [
  ['jdbc:mysql://${secret:orders:user}:${secret:orders:password}@db/o', 'password'],
  ['jdbc:mysql://app-${secret:orders:user}:${secret:orders:password}@db/o', 'password'],
  ['jdbc:mysql://db/o?user=${secret:orders:user}&password=${secret:orders:password}', 'password'],
  ['jdbc:mysql://db/o?userName=${secret:orders:user}'],
  ['jdbc:mysql://${secret:orders:host}:3306/o', 'host'],
  ['jdbc:mysql://${secret:orders:host}:3306/o?x=a@b', 'host'],
  ['redis://${secret:orders:password}@redis', 'password'],
];

test.each(URLS)('%s', async (url, ...told) => {
  const config = {
    'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector',
    'connection.url': url,
  };
  const text = JSON.stringify({ name: 'orders', config });
  const { diagnostics } = await validator()({ file: 'orders.json', text });
  const exposed = diagnostics.filter(({ rule }) => rule === 'exposed-reference');
  expect(exposed.map(({ start, end }) => text.slice(start, end))).toEqual(
    told.map((key) => `\${secret:orders:${key}}`),
  );
});
