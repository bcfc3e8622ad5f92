// A known caller whose request is refused for its body, its names or its conditions leaves a line too: what was asked and why
// it was refused, and nothing of what was sent in the place of a name or a value.
import { expect, test } from 'vitest';
import { METHODS } from '../../src/http/audit-methods.ts';
import { refusedRequests } from '../../src/http/refused-requests.ts';
import { routes } from '../../src/http/routes/index.ts';
import { caller, collect, name, path, write } from '../registry/fixture.ts';
import { BODIES, urlOf } from './requests.ts';
import { serve, type Served } from './serving.ts';

const KEY = '/secret/paths/orders/keys/password';

/** Each line as `method resource status`. */
async function linesOf({ registry }: Served, requestId: string): Promise<string[]> {
  const events = await collect(registry.audit());
  return events
    .filter(({ data }) => data.request.requestId === requestId)
    .map(({ data: { methodName, resourceName, result } }) =>
      [methodName, resourceName.replace(/^crn:\/\/\/secretreg=[0-9a-f]+/, ''), result.status].join(
        ' ',
      ),
    );
}

const refused: [what: string, method: string, url: string, ask: object, line: string][] = [
  ['a body that is no JSON', 'POST', `${KEY}/versions`, { body: '{"secret":"hush' }, 'wrong-use'],
  ['a member too many', 'POST', `${KEY}/versions`, { body: { secret: 'a', hush: 1 } }, 'wrong-use'],
  ['no body', 'POST', `${KEY}/versions`, {}, 'wrong-use'],
  ['an empty value', 'POST', `${KEY}/versions`, { body: { secret: '' } }, 'value-empty'],
  ['a masked value', 'POST', `${KEY}/versions`, { body: { secret: '****' } }, 'value-looks-masked'],
  [
    'a body that is too large',
    'POST',
    `${KEY}/versions`,
    { body: { secret: 'hush'.repeat(300_000) } },
    'body-too-large',
  ],
  [
    'a condition that is none',
    'POST',
    `${KEY}/versions`,
    { body: { secret: 'hush' }, headers: { 'if-match': 'hush' } },
    'wrong-use',
  ],
  [
    'a body of another type',
    'POST',
    `${KEY}/versions`,
    { body: 'hush', headers: { 'content-type': 'text/plain' } },
    'not-json',
  ],
  [
    'a connector that is no name',
    'POST',
    `${KEY}/versions`,
    { body: { secret: 'hush' }, headers: { 'registry-connector': '%zz' } },
    'wrong-use',
  ],
];

test.each(refused)('%s', async (_, method, url, ask, status) => {
  const served = await serve();
  const answer = await served.ask(method, url, {
    ...ask,
    headers: { 'x-request-id': 'refused-1', ...('headers' in ask ? (ask.headers as object) : {}) },
  });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(await linesOf(served, 'refused-1')).toEqual([
    `secret.Write /secret=orders/key=password ${status}`,
  ]);
});

test.each([
  ['/secret/paths/hush:1/keys/password/versions/latest', '', 'bad-path'],
  ['/secret/paths/orders/keys/1hush/versions/latest', '/secret=orders', 'bad-key'],
  [
    '/secret/paths/orders/keys/password/versions/hush',
    '/secret=orders/key=password',
    'bad-version',
  ],
  [
    '/secret/paths/orders/keys/password/versions/7?hush=1',
    '/secret=orders/key=password/version=7',
    'wrong-use',
  ],
])('GET %s is told as far as it was read', async (url, resource, status) => {
  const served = await serve();
  await served.ask('GET', url, { headers: { 'x-request-id': 'refused-2' } });
  expect(await linesOf(served, 'refused-2')).toEqual([`secret.Read ${resource} ${status}`]);
  expect(JSON.stringify(await collect(served.registry.audit()))).not.toContain('hush');
});

test('nothing was granted, and it stands there before the answer', async () => {
  const served = await serve();
  await served.ask('POST', `${KEY}/versions`, { body: '{', headers: { 'x-request-id': 'before' } });
  const events = await collect(served.registry.audit());
  const { data } = events.find((one) => one.data.request.requestId === 'before') ?? {};
  expect(data?.authorizationInfo).toMatchObject({ granted: false, operation: 'Write', role: '' });
  expect(data?.result).toEqual({ count: 1, status: 'wrong-use' });
});

test('what a use case refuses, and so tells itself, is told once', async () => {
  const served = await serve();
  const headers = { 'x-request-id': 'once' };
  await served.ask('GET', `${KEY}/versions/latest`, { headers });
  await served.registry.write([write('orders', 'password', 'one')]);
  await served.ask('POST', `${KEY}/versions`, {
    body: { secret: 'two' },
    headers: { ...headers, 'if-none-match': '*' },
  });
  expect(await linesOf(served, 'once')).toEqual([
    'secret.Read /secret=orders/key=password path-not-found',
    'secret.Write /secret=orders/key=password version-moved-on',
  ]);
});

test('who nobody knows leaves no line of a request', async () => {
  const served = await serve();
  const before = (await collect(served.registry.audit())).length;
  await served.ask('POST', `${KEY}/versions`, { body: '{', as: 'nobody' });
  expect(await collect(served.registry.audit())).toHaveLength(before + 1);
});

test('the same again and again is one line and a count', async () => {
  const served = await serve();
  for (let i = 0; i < 50; i += 1) await served.ask('POST', `${KEY}/versions`, { body: '{' });
  await served.refused.close();
  const counts = (await collect(served.registry.audit()))
    .filter(({ data }) => data.result.status === 'wrong-use')
    .map(({ data }) => data.result.count);
  expect(counts).toEqual([1, 49]);
});

test('3,000 names that somebody makes up are 1,001 lines and a count', async () => {
  const { core, registry } = await serve();
  const told: unknown[] = [];
  const audit = refusedRequests(core, (error) => told.push(error));
  for (let i = 0; i < 3000; i += 1)
    await audit.add({
      caller: { ...caller, clientAddress: '192.0.2.1' },
      operationId: 'readVersion',
      params: { path: `made-up-${i}`, key: '', version: '' },
      status: 'bad-key',
    });
  await audit.close();
  const events = await collect(registry.audit());
  const lines = events.filter(({ data }) => data.result.status === 'bad-key');
  expect(lines).toHaveLength(1002);
  const total = lines.reduce((sum, { data }) => sum + (data.result.count ?? 0), 0);
  expect([total, lines.at(-1)?.data.result.count, told]).toEqual([3000, 1999, []]);
});

test.each(
  routes
    .filter(({ operationId }) => operationId in METHODS)
    .map((it) => [it.operationId, it] as const),
)('a refused %s has the name that an answered one has', async (operationId, route) => {
  const served = await serve();
  await served.registry.write([write('orders', 'password', 'one')]);
  if (operationId.startsWith('restore'))
    await served.registry.delete({ path: path('orders'), key: name('password') });
  const body = BODIES[operationId];
  const headers = { 'x-request-id': 'answered' };
  await served.ask(route.method, urlOf(route, 'orders'), {
    headers,
    ...(body !== undefined && { body }),
  });
  const [line = ''] = await linesOf(served, 'answered');
  expect(line.split(' ')[0]).toBe(METHODS[operationId]);
});

test('every route whose answers leave lines has a name for those it refuses', () => {
  const without = routes.filter(({ operationId }) => !(operationId in METHODS));
  expect(without.map(({ operationId }) => operationId).sort()).toEqual([
    'describeRegistry',
    'live',
    'metrics',
    'openApi',
    'ready',
  ]);
});
