// Of each request that is answered there is a line in the audit trail, under the id that its caller was told, and it was
// there before the answer.
import { randomUUID } from 'node:crypto';
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
  ['as it is', 'orders', 'orders'],
  ['decoded', 'orders%2Fsink%20%C3%A4%F0%9F%94%91', 'orders/sink ä🔑'],
  ['with escapes', 'a%0Ab%E2%80%AE', 'a\\u{a}b\\u{202e}'],
  ['with its beginning', '%C3%A9'.repeat(1000), 'é'.repeat(300)],
  ['with the beginning of its escapes', '%01'.repeat(1000), '\\u{1}'.repeat(60)],
  ['up to the last whole escape', `${'x'.repeat(298)}%0A`, 'x'.repeat(298)],
])('a connector stands in the event of each key %s', async (_, header, shown) => {
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

/** Asks as somebody who may nothing; resolves with the lines that this leaves. */
async function refusedLines(method: string, url: string, body?: object) {
  served.callers.set('nobody', {
    principal: 'User:nobody',
    credential: { mechanism: 'mtls', expiresAt: '2100-01-01T00:00:00.000Z' },
    userAgent: '\u009b'.repeat(1000),
  });
  const id = `refused-${randomUUID()}`;
  const headers = { 'x-request-id': id, 'registry-connector': '%01'.repeat(1000) };
  const { status } = await served.ask(method, url, { as: 'nobody', headers, body });
  expect(status).toBe(404);
  return eventsOf(id);
}

const KEYS = Array.from({ length: 1000 }, (_, i) => `k${i}`);
const QUESTIONS = KEYS.map((key) => ({ key, surroundings: 'line' }));

test.each([
  ['a read', 'GET', `/secret/paths/hidden?key=${KEYS.join('&key=')}`, undefined],
  ['a check', 'POST', '/secret/paths/hidden/checks', { questions: QUESTIONS }],
])('%s of 1,000 keys that is refused is one short line', async (_, method, url, body) => {
  const lines = await refusedLines(method, url, body);
  expect(
    lines.map(({ subject, data: { authorizationInfo, result } }) => [
      subject.replace(/^.*?\/secret=/, ''),
      authorizationInfo.granted,
      result,
    ]),
  ).toEqual([['hidden', false, { count: 1000, status: 'path-not-found' }]]);
  expect(JSON.stringify(lines).length).toBeLessThan(2000);
});

test('of a request for one key that is refused the line names the key', async () => {
  const lines = await refusedLines('GET', '/secret/paths/hidden?key=password&key=password');
  expect(lines.map(({ subject }) => subject.replace(/^.*?\/secret=/, ''))).toEqual([
    'hidden/key=password',
  ]);
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
    // Those that are alike are counted behind the first one.
    const told = (await eventsOf('connector-refused')).map(({ data: { result, request } }) =>
      [result.status, request.connector].join(' '),
    );
    expect(told).toEqual(['wrong-use ']);
  },
);
