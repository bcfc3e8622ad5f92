// The routes beside those of secrets.
import { expect, test } from 'vitest';
import type { RoleBinding } from '../../src/domain/access.ts';
import { routes } from '../../src/http/routes/index.ts';
import { describeRegistry } from '../../src/registry/description.ts';
import { user } from '../contract/access.contract.ts';
import { caller, key, name, path, write } from '../registry/fixture.ts';
import { callerWith, sessionOf } from '../registry/local-access.ts';
import { serve } from './serving.ts';

const kidOf = (input: ReturnType<typeof key>) => (input.kind === 'bytes' ? input.key.kid : '');
const error = (error_code: number, message: unknown = expect.any(String)) => ({
  error_code,
  message,
});
const METADATA = '/secret/paths/orders/keys/password/metadata';

test('nothing is public but liveness, readiness and the OpenAPI', async () => {
  const open = routes.filter(({ action }) => action === 'public');
  expect(open.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'GET /health/live',
    'GET /health/ready',
    'GET /openapi.json',
  ]);
  const { ask } = await serve();
  for (const { method, url, action } of routes) {
    const filled = url
      .replace(':version', '1')
      .replace(':principal', 'User:x')
      .replace(/:\w+/g, 'x');
    const { status } = await ask(method, filled, { as: '' });
    expect([method, url, status]).toEqual([method, url, action === 'public' ? 200 : 401]);
  }
});

test('metadata is merged member by member, and null takes one away', async () => {
  const { ask, registry } = await serve();
  await registry.write([write('orders', 'password', 'x')]);
  expect((await ask('GET', METADATA)).json).toEqual({});
  const all = {
    description: 'The login of the sink',
    owner: 'team-orders',
    tags: ['a', 'b'],
    expiresAt: '2027-01-01T02:00:00+02:00',
    rotateEveryDays: 90,
  };
  const shown = { ...all, expiresAt: '2027-01-01T00:00:00.000Z' };
  expect((await ask('PATCH', METADATA, { body: all })).json).toEqual(shown);
  const { owner: _, ...rest } = shown;
  const patch = { owner: null, tags: ['b', 'a', 'b'] };
  expect((await ask('PATCH', METADATA, { body: patch })).json).toEqual({
    ...rest,
    tags: ['b', 'a'],
  });
  const headers = { 'content-type': 'application/vnd.secretreg.v1+json' };
  expect((await ask('PATCH', METADATA, { body: {}, headers })).status).toBe(200);
  for (const body of [
    { owner: 7 },
    { expiresAt: 'tomorrow' },
    { expiresAt: '2027-12-31T23:59:60Z' },
    { rotateEveryDays: 0 },
    { tags: [''] },
    { other: 'x' },
    { description: 'a\u202eb' },
  ])
    expect((await ask('PATCH', METADATA, { body })).json).toEqual(error(42208));
  expect((await ask('PATCH', METADATA, { body: [] })).json).toEqual(error(40001));
  expect((await ask('GET', METADATA.replace('password', 'other'))).json).toEqual(error(40402));
});

test('the registry tells its position, and a server that has not read a commit says so', async () => {
  const { ask, registry, core } = await serve();
  await registry.write([write('orders', 'password', 'x'), write('payments', 'password', 'y')]);
  await registry.write([write('orders', 'password', 'z')]);
  await registry.write([write('gone', 'password', 'z')]);
  await registry.delete({ path: path('gone') });
  const answered = await ask('GET', '/registry');
  expect(answered.json).toEqual(describeRegistry(core));
  expect(answered.json).toMatchObject({ format: 1, counts: { paths: 2, keys: 2, versions: 3 } });
  const position = core.state.lastN;
  expect(answered.headers.get('registry-position')).toBe(String(position));
  const at = (n: string) => ask('GET', '/secret/paths', { headers: { 'registry-position': n } });
  expect((await at(String(position))).status).toBe(200);
  const ahead = await at(String(position + 1));
  expect(ahead.json).toEqual(error(50301));
  expect(ahead.headers.get('retry-after')).toBe('1');
  for (const text of ['-1', 'x', '1.5']) expect((await at(text)).json).toEqual(error(40001));
});

test('who is not logged in learns nothing of the position', async () => {
  const { ask, core } = await serve();
  const position = String(core.state.lastN + 1);
  for (const [url, as, status] of [
    ['/health/live', '', 200],
    ['/openapi.json', '', 200],
    ['/secret/paths', '', 401],
    ['/secret/paths', 'nobody', 401],
    ['/secrets', 'holder', 404],
  ] as const)
    for (const headers of [{}, { 'registry-position': position }]) {
      const answer = await ask('GET', url, { as, headers });
      expect([answer.status, answer.headers.get('registry-position')]).toEqual([status, null]);
    }
});

test('health is live while it is not ready', async () => {
  let isReady = true;
  const { ask } = await serve({ isReady: () => isReady });
  expect((await ask('GET', '/health/ready', { as: '' })).json).toEqual({ status: 'ready' });
  isReady = false;
  const refused = await ask('GET', '/health/ready', { as: '' });
  expect(refused.json).toEqual(error(50301));
  expect(refused.headers.get('retry-after')).toBe('1');
  expect((await ask('GET', '/health/live', { as: '' })).json).toEqual({ status: 'live' });
});

test('the audit trail comes as lines, filtered as asked, and the asking stands in it', async () => {
  const { ask, registry } = await serve();
  await registry.write([write('orders', 'password', 'x'), write('payments', 'password', 'y')]);
  await registry.read(path('orders'), name('password'), 'latest');
  const lines = async (query: string) => {
    const { status, headers, text } = await ask('GET', `/audit${query}`);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { time: string; data: { methodName: string } });
  };
  const all = await lines('');
  expect(all.at(-1)?.data.methodName).toBe('audit.Read');
  expect(all[0]).toMatchObject({ type: 'secretreg/audit', applied: true });
  const ofPath = await lines('?path=orders');
  expect(ofPath.map(({ data }) => data.methodName)).toEqual([
    'secret.Write',
    'secret.Read',
    'audit.Read',
  ]);
  expect(await lines('?principal=User%3Aalice')).toHaveLength(all.length + 2);
  const since = encodeURIComponent(all.at(-1)?.time ?? '');
  expect(await lines(`?since=${since}`)).toHaveLength(4);
  for (const [query, code] of [
    ['?since=yesterday', 40001],
    ['?path=%3A', 42201],
    ['?principal=alice', 42204],
  ] as const)
    expect((await ask('GET', `/audit${query}`)).json).toEqual(error(code));
  const { status } = await ask('GET', '/audit', { headers: { accept: 'application/x-ndjson' } });
  expect(status).toBe(200);
});

test('what may not be seen is answered as what is not there, and a right that is missing is named', async () => {
  const { ask, core, callers, registry } = await serve();
  await registry.write([write('orders', 'password', 'x')]);
  const { access } = sessionOf(core, caller);
  const { token } = await access.createToken({
    principal: user('sam'),
    grant: { role: 'Operator' },
  });
  callers.set('sam', callerWith(core, token));
  const { token: none } = await access.createToken({ principal: user('nobody') });
  callers.set('none', callerWith(core, none));
  const url = '/secret/paths/orders/keys/password/versions/latest';
  expect((await ask('GET', url, { as: 'sam' })).json).toEqual(error(40301));
  expect((await ask('GET', url, { as: 'none' })).json).toEqual(error(40401));
  expect((await ask('GET', '/audit', { as: 'sam' })).json).toEqual(error(40301));
  expect((await ask('GET', '/master-keys', { as: 'sam' })).json).toEqual(error(40301));
  expect((await ask('GET', '/secret/paths', { as: 'none' })).json).toEqual([]);
  await access.deleteUser(user('sam'));
  const ended = await ask('GET', url, { as: 'sam' });
  expect(ended.json).toEqual(error(40101));
  expect(ended.headers.get('www-authenticate')).toContain('Bearer');
});

test('grants, users and tokens are made, listed, asked about and taken away', async () => {
  const { ask } = await serve();
  const grant = {
    principal: 'User:sam',
    role: 'DeveloperRead',
    resource: { patternType: 'PREFIXED', name: 'ord' },
  };
  const sam = { principal: 'User:sam' };
  const password = 'correct horse battery staple';
  expect((await ask('POST', '/access/users', { body: { ...sam, password } })).json).toMatchObject({
    ...sam,
    hasPassword: true,
  });
  expect((await ask('POST', '/access/users', { body: sam })).json).toEqual(error(40901));
  expect((await ask('GET', '/access/users')).json).toHaveLength(1);
  const url = '/access/users/User%3Asam';
  expect((await ask('PUT', `${url}/password`, { body: { password: `${password}!` } })).status).toBe(
    200,
  );
  expect((await ask('PUT', `${url}/password`, { body: { password: 'x' } })).json).toEqual(
    error(42207),
  );
  expect((await ask('POST', '/access/grants', { body: grant })).json).toMatchObject(grant);
  expect((await ask('GET', '/access/grants?principal=User%3Asam')).json).toMatchObject([grant]);
  const made = await ask('POST', '/access/tokens', {
    body: { ...sam, description: 'ci', expiresAt: '2026-02-01T00:00:00+01:00' },
  });
  expect(made.json).toMatchObject({
    ...sam,
    token: expect.stringMatching(/^srt_/),
    expiresAt: '2026-01-31T23:00:00.000Z',
  });
  const { id } = made.json as { id: string };
  expect((await ask('GET', '/access/tokens?principal=User%3Asam')).json).toMatchObject([{ id }]);
  expect((await ask('DELETE', `/access/tokens/${id}`)).status).toBe(204);
  expect((await ask('DELETE', `/access/tokens/${id}`)).json).toEqual(error(40407));
  const question = { ...sam, action: 'read', path: 'orders' };
  expect((await ask('POST', '/access/check', { body: question })).json).toMatchObject({
    allowed: true,
  });
  expect((await ask('GET', '/access/who-can?action=read&path=orders')).json).toMatchObject([grant]);
  expect((await ask('GET', '/access/whoami')).json).toMatchObject({ principal: 'User:alice' });
  const revoke =
    '/access/grants?principal=User%3Asam&role=DeveloperRead&patternType=PREFIXED&name=ord';
  expect((await ask('DELETE', revoke)).status).toBe(204);
  expect((await ask('DELETE', revoke)).json).toEqual(error(40405));
  expect((await ask('DELETE', url)).status).toBe(204);
  expect((await ask('DELETE', url)).json).toEqual(error(40406));
});

test('what no access can be is refused', async () => {
  const { ask } = await serve();
  const resource = (name: string, patternType = 'LITERAL') => ({ patternType, name });
  const cases: [body: object, code: number][] = [
    [{ principal: 'sam', role: 'Operator' }, 42204],
    [{ principal: 'User:sam', role: 'Boss' }, 40001],
    [{ principal: 'User:sam', role: 'DeveloperRead' }, 42205],
    [{ principal: 'User:sam', role: 'Operator', resource: resource('orders') }, 42205],
    [{ principal: 'User:sam', role: 'DeveloperRead', resource: resource('a:b') }, 42205],
    [{ principal: 'User:sam', role: 'DeveloperRead', resource: resource('*', 'PREFIXED') }, 42205],
    [{ principal: 'User:sam', role: 'DeveloperRead', resource: resource('a', 'REGEX') }, 40001],
  ];
  for (const [body, code] of cases)
    expect([body, (await ask('POST', '/access/grants', { body })).json]).toEqual([
      body,
      error(code),
    ]);
  const pattern = '/access/grants?principal=User%3Asam&role=DeveloperRead&patternType=LITERAL';
  expect((await ask('DELETE', pattern)).json).toEqual(error(42205));
  const past = { expiresAt: '2020-01-01T00:00:00Z' };
  expect((await ask('POST', '/access/tokens', { body: past })).json).toEqual(error(42206));
});

test('connector files are checked against what the caller may list', async () => {
  const { ask, registry } = await serve();
  await registry.write([write('orders', 'password', 'x')]);
  const connector = (reference: string) =>
    JSON.stringify({ name: 'orders', config: { 'connector.class': 'X', p: reference } });
  const files = [
    { name: 'good.json', text: connector('${secret:orders:password}') },
    { name: 'bad.json', text: connector('${secret:orders:pasword}') },
    { name: 'none.json', text: 'hunter2' },
  ];
  const { json, text } = await ask('POST', '/validate', { body: { files } });
  expect(json).toMatchObject({
    files: [
      { file: 'good.json', connectors: 1, references: 1, diagnostics: [] },
      {
        file: 'bad.json',
        diagnostics: [{ rule: 'missing-key', severity: 'error', line: 1, connector: 'orders' }],
      },
      { file: 'none.json', diagnostics: [{ rule: 'parse-error' }] },
    ],
  });
  expect(text).not.toContain('hunter2');
  const mine = [{ name: 'x', text: connector('${vault:orders:password}') }];
  const body = { files: mine, providers: ['vault'] };
  expect((await ask('POST', '/validate', { body })).json).toMatchObject({
    files: [{ diagnostics: [] }],
  });
  await registry.setMetadata(path('orders'), name('password'), { expiresAt: PASSED });
  expect((await ask('POST', '/validate', { body })).json).toMatchObject({
    files: [{ diagnostics: [{ rule: 'expired-secret', severity: 'warning' }] }],
  });
});

test('whether values fit is told to who may read them, and nothing of it to who may list', async () => {
  const { ask, core, callers, registry } = await serve();
  await registry.write([write('orders', 'password', 'hunter2@"')]);
  const { access } = sessionOf(core, caller);
  const tokenFor = async (principal: string, grant: RoleBinding) =>
    callerWith(core, (await access.createToken({ principal: user(principal), grant })).token);
  const resource = { patternType: 'LITERAL', name: 'orders' } as const;
  callers.set('reader', await tokenFor('reader', { role: 'DeveloperRead', resource }));
  callers.set('lister', await tokenFor('lister', { role: 'Operator' }));
  callers.set('nobody', await tokenFor('nobody', { role: 'AuditAdmin' }));
  const url = 'https://app:${secret:orders:password}@host/';
  const text = JSON.stringify({ name: 'orders', config: { 'connector.class': 'X', url } });
  const body = { files: [{ name: 'orders.json', text }], checkValues: true };
  const validate = async (as: string, asked: object = body) =>
    (await ask('POST', '/validate', { body: asked, as })).json;
  expect(await validate('reader')).toMatchObject({
    files: [{ diagnostics: [{ rule: 'breaks-its-surroundings' }] }],
    values: { checked: 1, notSeen: 0 },
  });
  const without = { files: [{ diagnostics: [] }] };
  expect(await validate('lister')).toMatchObject({
    ...without,
    values: { checked: 0, notSeen: 1 },
  });
  const unasked = await validate('reader', { files: body.files });
  expect(unasked).toMatchObject(without);
  expect(unasked).not.toHaveProperty('values');
  const checks = async (as: string, key = 'password', surroundings = 'url-user') =>
    (
      await ask('POST', '/secret/paths/orders/checks', {
        body: { questions: [{ key, surroundings }] },
        as,
      })
    ).json;
  const fact = { key: 'password', surroundings: 'url-user', obstacle: 'at' };
  expect(await checks('reader')).toEqual([fact]);
  expect(await checks('lister')).toEqual(error(40301));
  expect(await checks('nobody')).toEqual(error(40401));
  expect(await checks('reader', '1')).toEqual(error(42201));
  expect(await checks('reader', 'password', 'sieve')).toEqual(error(40001));
});

const PASSED = '2001-01-01T00:00:00.000Z';

test('the master key is changed to one that the server holds', async () => {
  const { ask, registry, rotation } = await serve();
  await registry.write([write('orders', 'password', 'x')]);
  expect((await ask('GET', '/master-keys/rotation')).json).toEqual(error(40409));
  for (const none of ['', '\u001b[31m', 'F'.repeat(32), 'f'.repeat(33), `${'f'.repeat(32)}\n`]) {
    const refused = await ask('POST', '/master-keys/rotation', { body: { kid: none } });
    expect(refused.json).toEqual(
      error(40001, "member 'kid' does not have the shape that is needed"),
    );
  }
  const other = { kid: kidOf(key(9)) };
  expect((await ask('POST', '/master-keys/rotation', { body: other })).json).toEqual(error(42210));
  const kid = kidOf(key(7));
  const begun = await ask('POST', '/master-keys/rotation', { body: { kid } });
  expect([begun.status, begun.json]).toEqual([
    202,
    expect.objectContaining({ kid, state: 'running' }),
  ]);
  await rotation.settled();
  expect((await ask('GET', '/master-keys/rotation')).json).toMatchObject({ kid, state: 'done' });
  expect((await ask('GET', '/master-keys')).json).toContainEqual(
    expect.objectContaining({ kid, state: 'active' }),
  );
});
