// What the address of a request says of the settings that are sent to it.
import { expect, test } from 'vitest';
import { validator } from '../../src/validator/validate.ts';

async function found(method: string, body: string): Promise<string[]> {
  const text = `curl -X ${method} http://connect/connectors/orders/config -d '${body}'\n`;
  const { diagnostics } = await validator()({ file: 'deploy.sh', text });
  return diagnostics.map(({ rule, message }) => `${rule}: ${message.split(':', 1)[0]}`);
}

const SECRET = "literal-secret: 'connection.password' holds a credential in plain text";

test.each([
  ['PUT', "missing-class: connector 'orders' has no 'connector.class'", SECRET],
  ['PATCH', SECRET],
])('%s sends settings that need no class to be a connector', async (method, ...expected) => {
  expect(await found(method, '{"connection.password": "Sommer-47"}')).toEqual(expected);
});

test.each(['-XPATCH', '--request=PATCH', '-sX PATCH'])('%s sends some of them', async (option) => {
  expect(await found(`PUT ${option}`, '{"connection.user": "a"}')).toEqual([]);
});

test('a name that differs from the one in the address is told, and no path to be mended by it', async () => {
  const told =
    "name-mismatch: the connector is called 'payments' here and 'orders' in the address that it is sent to";
  for (const path of ['orders', 'payments']) {
    const body = `{"name": "payments", "connector.class": "X", "p": "\${secret:${path}:p}"}`;
    expect(await found('PUT', body), path).toEqual([told]);
  }
});
