import { expect, test } from 'vitest';
import { write, name, path } from '../registry/fixture.ts';
import { serve } from './serving.ts';

const at = expect.stringMatching(/^2026-01-01T00:0\d:\d\d\.000Z$/) as string;
const by = 'User:alice';
const V = '/secret/paths/orders/keys/password/versions';
const written = (version: number, key = 'password') => ({
  path: 'orders',
  key,
  version,
  createdAt: at,
  createdBy: by,
});
const secret = (version: number, text: string, key = 'password') => ({
  ...written(version, key),
  secret: text,
});
const error = (error_code: number, message: unknown = expect.any(String)) => ({
  error_code,
  message,
});

type Step = [request: string, status: number, answer: unknown, body?: unknown];

test('the eleven endpoints answer as the design says, one after another', async () => {
  const { ask } = await serve();
  const steps: Step[] = [
    ['GET /secret/paths', 200, []],
    ['GET /secret/paths/orders', 404, error(40401, "path 'orders' does not exist")],
    ['GET /secret/paths/orders/keys', 404, error(40401)],
    [`POST ${V}`, 200, written(1), { secret: 'one' }],
    [`POST ${V}`, 200, written(2), { secret: 'two' }],
    [`POST ${V}/`, 200, written(3), { secret: 'three' }],
    [
      'POST /secret/paths/orders/keys/username/versions',
      200,
      written(1, 'username'),
      { secret: 'u' },
    ],
    [`GET ${V}/latest`, 200, secret(3, 'three')],
    [`GET ${V}/2`, 200, secret(2, 'two')],
    [`GET ${V}/2/`, 200, secret(2, 'two')],
    [
      'GET /secret/paths/orders/keys/password',
      200,
      [secret(1, 'one'), secret(2, 'two'), secret(3, 'three')],
    ],
    ['GET /secret/paths/orders', 200, [secret(3, 'three'), secret(1, 'u', 'username')]],
    [`GET ${V}`, 200, [1, 2, 3]],
    ['GET /secret/paths/orders/keys', 200, ['password', 'username']],
    ['GET /secret/paths', 200, ['orders']],
    ['GET /secret/paths/', 200, ['orders']],
    [`DELETE ${V}/3`, 200, 3],
    [`DELETE ${V}/3`, 404, error(40404)],
    [`GET ${V}/3`, 404, error(40404)],
    [`GET ${V}/7`, 404, error(40403, 'version 7 of secret orders:password does not exist')],
    [`GET ${V}/latest`, 200, secret(2, 'two')],
    ['GET /secret/paths/orders/keys/other', 404, error(40402)],
    ['DELETE /secret/paths/orders/keys/password', 200, [1, 2]],
    ['GET /secret/paths/orders/keys/password', 404, error(40402)],
    ['DELETE /secret/paths/orders', 200, ['username']],
    ['DELETE /secret/paths/other', 404, error(40401)],
    ['GET /secret/paths', 200, []],
    [`POST ${V}`, 200, written(4), { secret: 'four' }],
    [`GET ${V}`, 200, [4]],
  ];
  for (const [request, status, answer, body] of steps) {
    const [method = '', url = ''] = request.split(' ');
    const answered = await ask(method, url, body === undefined ? {} : { body });
    expect([request, answered.status, answered.json]).toEqual([request, status, answer]);
  }
});

test('a written version has a place and an ETag, and no answer to a write holds the value', async () => {
  const { ask } = await serve();
  const made = await ask('POST', '/secret/paths/a%2Fb/keys/k/versions', {
    body: { secret: 'hush' },
  });
  expect(made.headers.get('location')).toBe('/secret/paths/a%2Fb/keys/k/versions/1');
  expect(made.headers.get('etag')).toBe('"1"');
  expect(made.text).not.toContain('hush');
  const read = await ask('GET', made.headers.get('location') ?? '');
  expect(read.json).toMatchObject({ path: 'a/b', secret: 'hush' });
  expect(read.headers.get('etag')).toBe('"1"');
});

test('a name is percent-decoded exactly once', async () => {
  const { ask, registry } = await serve();
  const names = [
    'a/b',
    'a%2Fb',
    'a%252Fb',
    'ä ö',
    'a+b',
    'a;b',
    'a?b#c',
    'a%',
    '%zz',
    '…',
    'a//b',
    '/',
    'keys',
  ];
  for (const text of names) {
    await registry.write([write(text, 'k', text)]);
    const url = `/secret/paths/${encodeURIComponent(text)}`;
    expect((await ask('GET', url)).json).toMatchObject([{ path: text, secret: text }]);
    expect((await ask('GET', `${url}/keys/k/versions/latest/`)).json).toMatchObject({ path: text });
  }
  expect((await ask('GET', '/secret/paths')).json).toEqual([...names].sort());
});

test('a write under a condition is refused with the latest number once that has moved on', async () => {
  const { ask } = await serve();
  const post = (headers: Record<string, string>) =>
    ask('POST', V, { body: { secret: 'value' }, headers });
  expect((await post({ 'if-match': '"1"' })).json).toEqual(
    error(41201, expect.stringContaining('has no enabled version where version 1')),
  );
  expect((await post({ 'if-none-match': '*' })).status).toBe(200);
  expect((await post({ 'if-none-match': '*' })).json).toEqual(
    error(41201, expect.stringContaining('has version 1 where no enabled version')),
  );
  expect((await post({ 'if-match': '"1"' })).json).toEqual(written(2));
  expect((await post({ 'if-match': '"1"' })).json).toEqual(
    error(41201, expect.stringContaining('has version 2 where version 1')),
  );
  for (const headers of [
    { 'if-match': '1' },
    { 'if-match': 'W/"2"' },
    { 'if-match': '"1", "2"' },
    { 'if-match': '*' },
    { 'if-match': '"x"' },
    { 'if-none-match': '"2"' },
  ])
    expect((await post(headers)).json).toEqual(error(40001));
  const both = { 'if-match': '"2"', 'if-none-match': '*' };
  expect((await post(both)).json).toEqual(error(41201));
  expect((await ask('GET', V)).json).toEqual([1, 2]);
});

test('several keys are written in one commit, or none', async () => {
  const { ask, core } = await serve();
  const before = core.state.lastN;
  const both = await ask('POST', '/secret/paths/orders', {
    body: { secrets: { username: 'u', password: 'p' } },
  });
  expect(both.json).toEqual([written(1, 'username'), written(1)]);
  expect(core.state.lastN).toBe(before + 1);
  const refused = await ask('POST', '/secret/paths/orders', {
    body: { secrets: { username: 'v', '1': 'p' } },
  });
  expect(refused.json).toEqual(error(42201, expect.stringContaining("'1' cannot be a key")));
  const writes = [
    { path: 'orders', key: 'password', secret: 'q', onlyOver: 1 },
    { path: 'payments', key: 'password', secret: 'r', onlyOver: 'none' },
  ];
  expect((await ask('POST', '/secret/writes', { body: { writes } })).json).toEqual([
    written(2),
    { ...written(1), path: 'payments' },
  ]);
  expect((await ask('POST', '/secret/writes', { body: { writes } })).json).toEqual(error(41201));
  expect((await ask('GET', '/secret/paths/orders?key=password&key=absent')).json).toEqual([
    secret(2, 'q'),
  ]);
  expect((await ask('GET', '/secret/paths/orders?key=password')).json).toEqual([secret(2, 'q')]);
});

test('lists tell of deleted versions and of all that is known where that is asked for', async () => {
  const { ask, registry } = await serve();
  await registry.write([write('orders', 'password', 'a'), write('orders', 'username', 'b')]);
  await registry.delete({ path: path('orders'), key: name('username') });
  const info = { path: 'orders', key: 'username', metadata: {} };
  const hidden = {
    ...info,
    versions: [expect.objectContaining({ state: 'deleted', deletedBy: by })],
  };
  expect((await ask('GET', '/secret/paths/orders/keys?deleted=true')).json).toEqual([
    'password',
    'username',
  ]);
  expect((await ask('GET', '/secret/paths/orders/keys?deleted=false')).json).toEqual(['password']);
  for (const url of ['/secret/paths', '/secret/paths/orders/keys'])
    expect((await ask('GET', `${url}?expand=versions&deleted=true`)).json).toEqual([
      expect.objectContaining({ key: 'password' }),
      hidden,
    ]);
  const versions = '/secret/paths/orders/keys/username/versions';
  expect((await ask('GET', `${versions}?expand=versions&deleted=true`)).json).toEqual(hidden);
  expect((await ask('GET', `${versions}?deleted=true`)).json).toEqual([1]);
  expect((await ask('GET', versions)).json).toEqual(error(40402));
});

test('a delete is undone, version by version or as a whole, until it is made permanent', async () => {
  const { ask, registry } = await serve();
  await registry.write([write('orders', 'password', 'a')]);
  await registry.write([write('orders', 'password', 'b')]);
  const K = '/secret/paths/orders/keys/password';
  expect((await ask('DELETE', `${V}/1?expand=versions`)).json).toMatchObject([
    { version: 1, state: 'deleted' },
  ]);
  expect((await ask('POST', `${V}/1/restore`)).json).toMatchObject([
    { version: 1, state: 'enabled' },
  ]);
  expect((await ask('POST', `${V}/1/restore`)).json).toEqual(error(40903));
  await ask('DELETE', K);
  expect((await ask('POST', `${K}/restore`)).json).toMatchObject([{ version: 1 }, { version: 2 }]);
  await ask('DELETE', '/secret/paths/orders');
  expect((await ask('POST', '/secret/paths/orders/restore')).json).toHaveLength(2);
  expect((await ask('DELETE', `${V}/1?permanent=true`)).json).toBe(1);
  expect((await ask('DELETE', `${V}/latest?permanent=true`)).status).toBe(405);
  expect((await ask('GET', `${V}?deleted=true`)).json).toEqual([2]);
});

test('a value that looks like none is refused unless it is forced', async () => {
  const { ask } = await serve();
  const cases: [secret: string, code: number][] = [
    ['', 42203],
    ['******', 42203],
    ['${secret:orders:password}', 42203],
    ['x'.repeat(256 * 1024 + 1), 42209],
  ];
  for (const [text, code] of cases) {
    const refused = await ask('POST', V, { body: { secret: text } });
    expect(refused.json).toEqual(error(code));
    if (text !== '') expect(refused.text).not.toContain(text);
  }
  expect((await ask('POST', `${V}?force=false`, { body: { secret: '' } })).json).toEqual(
    error(42203),
  );
  expect((await ask('POST', `${V}?force=true`, { body: { secret: '******' } })).json).toEqual(
    written(1),
  );
});

test('names that cannot be are refused with the rule that they break', async () => {
  const { ask } = await serve();
  const cases: [url: string, code: number, rule: string][] = [
    ['/secret/paths/a%3Ab', 42201, "holds ':'"],
    ['/secret/paths/%20a', 42201, 'begins or ends with white space'],
    ['/secret/paths/A%CC%8A', 42201, 'NFC'],
    ['/secret/paths/*', 42201, 'reserved'],
    [`/secret/paths/${'x'.repeat(256)}`, 42201, '255 at most'],
    [`/secret/paths/${encodeURIComponent('😀'.repeat(256))}`, 42201, '255 at most'],
    ['/secret/paths/a/keys/1a', 42201, 'a letter a-z or A-Z'],
    ['/secret/paths/a/keys/k/versions/0', 42202, 'a whole number from 1 on'],
    ['/secret/paths/a/keys/k/versions/01', 42202, 'a whole number'],
    ['/secret/paths/a/keys/k/versions/9007199254740992', 42202, '2^53-1'],
    ['/secret/paths/a/keys/k/versions/LATEST', 42202, 'a whole number'],
    ['/secret/paths/a?key=:', 42201, 'a reference cannot carry'],
  ];
  for (const [url, code, rule] of cases) {
    const { json } = await ask('GET', url);
    expect([url, json]).toEqual([url, error(code, expect.stringContaining(rule))]);
  }
});
