// Of each request that is answered there is a line in the audit trail, under the id that its caller was told, and it was
// there before the answer.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../src/http/routes/index.ts';
import type { Route } from '../../src/http/route.ts';
import { collect, name, path, v, write } from '../registry/fixture.ts';
import { BODIES, urlOf } from './requests.ts';
import { type Served, startServing } from './serving.ts';

/** They tell neither a name nor a value. */
const WITHOUT_LINE = new Set(['live', 'ready', 'openApi', 'metrics', 'describeRegistry']);

let served: Served;
beforeAll(async () => {
  served = await startServing();
});
afterAll(() => served.app.close());

async function linesOf(requestId: string): Promise<string[]> {
  const events = await collect(served.registry.audit());
  return events
    .filter(({ data }) => data.request.requestId === requestId)
    .map(({ data }) => `${data.methodName} ${data.result.status}`);
}

function asking(route: Route, id: string, as = 'holder') {
  const body = BODIES[route.operationId];
  return served.ask(route.method, urlOf(route, 'orders'), {
    as,
    headers: { 'x-request-id': id },
    ...(body !== undefined && { body }),
  });
}

test.each(routes.map((route) => [`${route.method} ${route.url}`, route] as const))(
  '%s',
  async (_, route) => {
    await served.registry.write([
      write('orders', 'password', 'one'),
      write('orders', 'password', 'two'),
    ]);
    await served.registry
      .delete({ path: path('orders'), key: name('password'), version: v(1) })
      .catch(() => undefined);
    const id = `audited-${route.operationId}`;
    const answer = await asking(route, id);
    expect(answer.headers.get('x-request-id')).toBe(id);
    const lines = await linesOf(id);
    if (WITHOUT_LINE.has(route.operationId)) return expect(lines).toEqual([]);
    expect(lines.length).toBeGreaterThan(0);
    // That there was no change of the master key is an answer as well.
    const isGood = answer.status < 400 || route.operationId === 'readRotation';
    expect(lines.every((line) => line.endsWith(' ok') === isGood)).toBe(true);
  },
);

async function eventsOf(requestId: string) {
  const events = await collect(served.registry.audit());
  return events.filter(({ data }) => data.request.requestId === requestId);
}

const sendingConnector = (connector: string, id: string, as = 'holder') =>
  served.ask('GET', '/secret/paths/orders?key=password&key=absent&key=password', {
    as,
    headers: { 'x-request-id': id, 'registry-connector': connector },
  });

test.each([
  ['orders', 'orders'],
  ['orders%2Fsink%20%C3%A4%F0%9F%94%91', 'orders/sink ä🔑'],
  ['a%0Ab%E2%80%AE', 'a\\u{a}b\\u{202e}'],
  ['%C3%A9'.repeat(1000), 'é'.repeat(1000)],
])('Registry-Connector %s stands in the event of each key', async (header, shown) => {
  await served.registry.write([write('orders', 'password', 'one')]);
  const id = `connector-${header.length}`;
  expect((await sendingConnector(header, id)).status).toBe(200);
  const events = await eventsOf(id);
  expect(events.map(({ data }) => data.request.connector)).toEqual([shown, shown]);
  expect(events.map(({ data }) => data.resourceName.replace(/^.*\/key=/, ''))).toEqual([
    expect.stringMatching(/^password\/version=\d+$/),
    'absent',
  ]);
});

test('of a request that is not allowed each key is audited too, with the connector', async () => {
  served.callers.set('nobody', {
    principal: 'User:nobody',
    credential: { mechanism: 'mtls', expiresAt: '2100-01-01T00:00:00.000Z' },
    userAgent: '',
  });
  const answer = await sendingConnector('orders', 'connector-denied', 'nobody');
  expect(answer.status).toBe(404);
  const told = (await eventsOf('connector-denied')).map(
    ({ data: { resourceName, request, authorizationInfo } }) =>
      `${resourceName.replace(/^.*\/key=/, '')} ${request.connector} ${authorizationInfo.granted}`,
  );
  expect(told).toEqual(['password orders false', 'absent orders false']);
});

test.each(['%zz', '%', '%C3', 'ä', '', '%ED%A0%80', 'a b', 'x'.repeat(1001)])(
  'Registry-Connector %j is refused',
  async (header) => {
    const answer = await sendingConnector(header, 'connector-refused');
    expect([answer.status, answer.json]).toEqual([
      400,
      {
        error_code: 40001,
        message:
          'the header Registry-Connector has to be the name of a connector, percent-encoded UTF-8 and at most 1000 characters',
      },
    ]);
    expect(await eventsOf('connector-refused')).toEqual([]);
  },
);
