// RFC 9110, 13.1.1 and 13.1.2: a method is not carried out where its condition does not hold.
import { expect, test } from 'vitest';
import { routes } from '../../src/http/routes/index.ts';
import { write } from '../registry/fixture.ts';
import { BODIES, urlOf } from './requests.ts';
import { serve } from './serving.ts';

const changing = routes.filter(({ method }) => method !== 'GET');

test.each(
  changing.flatMap((route) => [
    [route.operationId, 'If-Match', '"99"', route] as const,
    [route.operationId, 'If-None-Match', '*', route] as const,
  ]),
)('%s with %s: %s changes nothing', async (operationId, name, value, route) => {
  const { ask, core, registry } = await serve();
  await registry.write([write('orders', 'password', 'one')]);
  const before = core.state.lastN;
  const { status, json } = await ask(route.method, urlOf(route, 'orders'), {
    headers: { [name]: value },
    body: BODIES[operationId],
  });
  if (operationId === 'writeVersion') expect(status).toBe(412);
  else
    expect([status, json]).toEqual([
      400,
      {
        error_code: 40001,
        message: `the header ${name} sets a condition, and this request knows none`,
      },
    ]);
  expect(core.state.lastN).toBe(before);
});

test('what only reads is answered whatever its caller has seen', async () => {
  const { ask, registry } = await serve();
  await registry.write([write('orders', 'password', 'one')]);
  const url = '/secret/paths/orders/keys/password/versions/latest';
  expect((await ask('GET', url, { headers: { 'if-none-match': '"1"' } })).status).toBe(200);
});
