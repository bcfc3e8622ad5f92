// Requests that no honest client sends: no crash, no 5xx, none that holds the server, and nothing of the request in the
// answer.
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { SecretregError } from '../../src/errors.ts';
import { cpuTime } from '../cpu-time.ts';
import { write } from '../registry/fixture.ts';
import { post, request, sendRaw } from './raw.ts';
import { type Served, serve } from './serving.ts';

const LATEST = '/secret/paths/orders/keys/password/versions/latest';
const WRITE = '/secret/paths/orders/keys/password/versions';
const MiB = 1024 * 1024;
/** Of a processor, for one request; this process is client and server. */
const MOST_MS = 2000;

type Case = [what: string, sent: string, code: number];

const targets: Case[] = [
  ['a dot segment', request('GET /secret/paths/../paths/orders'), 40001],
  ['a dot segment at the end', request('GET /secret/paths/orders/..'), 40001],
  ['a single dot', request('GET /secret/./paths'), 40001],
  ['an encoded dot segment', request('GET /secret/paths/%2e%2e/orders'), 40001],
  ['a half encoded one', request('GET /secret/paths/.%2E/orders'), 40001],
  ['a doubly encoded one is a name', request('GET /secret/paths/%252e%252e'), 40401],
  ['an encoded slash in a dot segment is a name', request('GET /secret/paths/..%2forders'), 40401],
  ['an overlong encoding', request('GET /secret/paths/%c0%ae%c0%ae/orders'), 40001],
  ['bad percent-encoding', request('GET /secret/paths/%zz'), 40001],
  ['cut percent-encoding', request('GET /secret/paths/orders%'), 40001],
  ['bad percent-encoding in the query', request('GET /secret/paths?deleted=%ff'), 40001],
  ['half of a surrogate pair', request('GET /secret/paths/%ED%A0%80'), 40001],
  ['an absolute form', request(`GET http://x${LATEST}`), 40001],
  ['an absolute form of another scheme', request('GET ftp://other/secret/paths'), 40001],
  ['an authority', request('GET x:80'), 40001],
  ['an asterisk', request('OPTIONS *'), 40001],
  ['a fragment', request(`GET ${LATEST}#x`), 40001],
  ['two slashes', request('GET //secret/paths'), 40400],
  ['two slashes in the middle', request('GET /secret//paths'), 40400],
  ['an empty name', request('GET /secret/paths//keys'), 42201],
  ['an unknown resource', request('GET /secrets'), 40400],
  ['another case', request('GET /Secret/paths'), 40400],
  ['a parameter with a semicolon', request('GET /secret/paths;x=1'), 40400],
  ['a null byte', request('GET /secret/paths/a%00b'), 42201],
  ['an encoded line break', request('GET /secret/paths/a%0d%0aX-Evil:%201'), 42201],
  ['a very long name', request(`GET /secret/paths/${'a'.repeat(12_000)}`), 42201],
  ['many percent signs', request(`GET /secret/paths/${'%25'.repeat(4000)}`), 42201],
  ['an unknown parameter', request(`GET ${LATEST}?x=1`), 40001],
  ['a parameter named __proto__', request('GET /secret/paths?__proto__=1'), 40001],
  ['a parameter twice', request('GET /secret/paths?deleted=true&deleted=true'), 40001],
  ['a flag that is none', request('GET /secret/paths?deleted=1'), 40001],
  ['a very deep query', request(`GET /secret/paths?a${'[b]'.repeat(1000)}=1`), 40001],
];

const heads: Case[] = [
  ['two Authorization headers', request(`GET ${LATEST}`, ['Authorization: Bearer other']), 40001],
  ['the same twice', request(`GET ${LATEST}`, ['Authorization: Bearer holder']), 40001],
  ['two Hosts', request(`GET ${LATEST}`, ['Host: y']), 40001],
  ['no Host', request(`GET ${LATEST}`, [], '', { host: [] }), 40001],
  ['two Content-Types', post(WRITE, '{"secret":"x"}', ['Content-Type: text/plain']), 40001],
  [
    'a header that is folded',
    request(`GET ${LATEST}`, ['X-A: 1\r\n Authorization: Bearer z']),
    40001,
  ],
  ['a header without a colon', request(`GET ${LATEST}`, ['Authorization']), 40001],
  ['a blank before the colon', request(`GET ${LATEST}`, ['X-A : 1']), 40001],
  ['a bare line feed', request(`GET ${LATEST}`, ['X-A: 1\nX-B: 2']), 40001],
  ['a null byte in a header', request(`GET ${LATEST}`, ['X-A: \0']), 40001],
  ['a header of 20 KiB', request(`GET ${LATEST}`, [`X-A: ${'a'.repeat(20_000)}`]), 43101],
  [
    '10,000 headers',
    request(
      `GET ${LATEST}`,
      Array.from({ length: 10_000 }, () => 'a: b'),
    ),
    43101,
  ],
  ['an unknown expectation', request(`GET ${LATEST}`, ['Expect: money']), 40001],
  ['an unknown method', request(`BREW ${LATEST}`), 40001],
  ['a method that this URL does not take', request(`PUT ${LATEST}`), 40501],
  ['TRACE', request(`TRACE ${LATEST}`), 40501],
  ['HEAD of a value is no way around', request(`OPTIONS ${LATEST}`), 40501],
  ['an Accept that excludes JSON', request(`GET ${LATEST}`, ['Accept: text/html']), 40601],
  ['an Accept that refuses it', request(`GET ${LATEST}`, ['Accept: application/json;q=0']), 40601],
  ['no HTTP at all', 'hello\r\n\r\n', 40001],
  ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 40001],
  ['a version that is none', `GET ${LATEST} HTTP/9.9\r\nHost: x\r\n\r\n`, 40001],
];

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

const bodies: Case[] = [
  ['no JSON', post(WRITE, 'secret=hush'), 40001],
  ['nothing', post(WRITE, ''), 40001],
  ['a string', post(WRITE, '"hush"'), 40001],
  ['null', post(WRITE, 'null'), 40001],
  ['an array', post(WRITE, '[]'), 40001],
  ['an unknown member', post(WRITE, '{"secret":"hush","version":7}'), 40001],
  ['a member of another type', post(WRITE, '{"secret":1234567}'), 40001],
  ['a missing member', post(WRITE, '{}'), 40001],
  ['a member twice', post(WRITE, '{"secret":"a","secret":"hush"}'), 40001],
  ['a member twice in disguise', post(WRITE, '{"secret":"a","\\u0073ecret":"hush"}'), 40001],
  ['__proto__', post(WRITE, '{"secret":"hush","__proto__":{"force":true}}'), 40001],
  ['only __proto__', post(WRITE, '{"__proto__":{"secret":"hush"}}'), 40001],
  ['constructor', post(WRITE, '{"secret":"hush","constructor":{"prototype":{}}}'), 40001],
  ['a key __proto__', post('/secret/paths/orders', '{"secrets":{"__proto__":"hush"}}'), 42201],
  ['a key that is no text', post('/secret/paths/orders', '{"secrets":{"a":{"b":"hush"}}}'), 40001],
  ['five levels', post(WRITE, `{"secret":${deep(4)}}`), 40001],
  ['500,000 levels', post(WRITE, deep(500_000)), 40001],
  ['levels that are not closed', post(WRITE, '['.repeat(MiB - 1)), 40001],
  ['a comment', post(WRITE, '{"secret":"hush"/* */}'), 40001],
  ['a trailing comma', post(WRITE, '{"secret":"hush",}'), 40001],
  ['two documents', post(WRITE, '{"secret":"hush"}{"secret":"hush"}'), 40001],
  ['half of a surrogate pair', post(WRITE, '{"secret":"hush\\ud800"}'), 40001],
  [
    'no UTF-8',
    post(WRITE, '').replace('Length: 0\r\n\r\n', 'Length: 15\r\n\r\n{"secret":"h\xff"}'),
    40001,
  ],
  ['more than a mebibyte', post(WRITE, `{"secret":"${'x'.repeat(MiB)}"}`), 41301],
  ['a mebibyte of digits', post(WRITE, `{"secret":${'9'.repeat(MiB - 20)}}`), 40001],
  [
    '100,000 unknown members',
    post(WRITE, `{${Array.from({ length: 90_000 }, (_, i) => `"${i}":1`).join()}}`),
    40001,
  ],
  [
    'a form',
    request(
      `POST ${WRITE}`,
      ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 8'],
      'secret=x',
    ),
    41501,
  ],
  [
    'text',
    request(`POST ${WRITE}`, ['Content-Type: text/plain', 'Content-Length: 14'], '{"secret":"x"}'),
    41501,
  ],
  ['no content type', request(`POST ${WRITE}`, ['Content-Length: 14'], '{"secret":"x"}'), 41501],
  [
    'no type but a name',
    request(`POST ${WRITE}`, ['Content-Type: json', 'Content-Length: 14'], '{"secret":"x"}'),
    41501,
  ],
  [
    'a charset',
    request(
      `POST ${WRITE}`,
      ['Content-Type: application/json; charset=utf-16', 'Content-Length: 14'],
      '{"secret":"x"}',
    ),
    41501,
  ],
  [
    'a compressed body',
    request(
      `POST ${WRITE}`,
      ['Content-Type: application/json', 'Content-Encoding: gzip', 'Content-Length: 14'],
      '{"secret":"x"}',
    ),
    41501,
  ],
  ['a body where none is taken', post('/secret/paths/orders/restore', '{"path":"x"}'), 40001],
  [
    'a length and chunks',
    request(
      `POST ${WRITE}`,
      ['Content-Type: application/json', 'Content-Length: 4', 'Transfer-Encoding: chunked'],
      '0\r\n\r\n',
    ),
    40001,
  ],
  [
    'chunks and then a length',
    request(
      `POST ${WRITE}`,
      ['Transfer-Encoding: chunked', 'Content-Type: application/json', 'Content-Length: 4'],
      '0\r\n\r\n',
    ),
    40001,
  ],
  ['two lengths', post(WRITE, '{"secret":"x"}', ['Content-Length: 3']), 40001],
  [
    'a negative length',
    request(`POST ${WRITE}`, ['Content-Type: application/json', 'Content-Length: -1']),
    40001,
  ],
  [
    'a bad chunk',
    request(
      `POST ${WRITE}`,
      ['Content-Type: application/json', 'Transfer-Encoding: chunked'],
      'zz\r\n{}\r\n0\r\n\r\n',
    ),
    40001,
  ],
  [
    'a chunk size beyond numbers',
    request(
      `POST ${WRITE}`,
      ['Content-Type: application/json', 'Transfer-Encoding: chunked'],
      `${'f'.repeat(40)}\r\n`,
    ),
    40001,
  ],
  [
    'another coding',
    request(
      `POST ${WRITE}`,
      ['Content-Type: application/json', 'Transfer-Encoding: xchunked'],
      '0\r\n\r\n',
    ),
    40001,
  ],
];

async function attacked(cases: readonly Case[], served: Served): Promise<void> {
  const { port, registry, core } = served;
  await registry.write([write('orders', 'password', 'the value')]);
  const before = core.state.lastN;
  const answers: [what: string, code: number][] = [];
  for (const [what, sent] of cases) {
    const bytes = Buffer.from(sent, 'latin1');
    const begun = cpuTime();
    const { head, body } = await sendRaw(port, bytes);
    expect([what, cpuTime() - begun < MOST_MS]).toEqual([what, true]);
    expect([what, /the value|hush|1234567/.test(body)]).toEqual([what, false]);
    expect([what, head]).toEqual([what, expect.stringMatching(/\r\nx-request-id: [\w-]+/i)]);
    expect([what, head]).toEqual([what, expect.stringMatching(/\r\ncache-control: no-store/i)]);
    const json = JSON.parse(body) as { error_code: number; message: string };
    expect([what, Object.keys(json)]).toEqual([what, ['error_code', 'message']]);
    expect([what, json.message]).toEqual([
      what,
      expect.not.stringMatching(/FST_|HPE_|Error|node:/),
    ]);
    answers.push([what, json.error_code]);
  }
  expect(answers).toEqual(cases.map(([what, , code]) => [what, code]));
  expect(core.state.lastN).toBe(before);
}

test('targets that can be read in two ways are refused', async () =>
  attacked(targets, await serve()));

test('heads that are no HTTP or mean two things are refused', async () =>
  attacked(heads, await serve()));

test('bodies that are not what they should be are refused', async () =>
  attacked(bodies, await serve()));

test('what an unknown name is called is escaped and cut in the answer', async () => {
  const { ask } = await serve();
  const name = `\u001b[31m\u202e${'x'.repeat(1000)}`;
  const { json } = await ask('POST', WRITE, { body: { secret: 'x', [name]: 1 } });
  const { message } = json as { message: string };
  expect(message).toContain('\\u{1b}[31m\\u{202e}xxx');
  expect(message.length).toBeLessThan(250);
});

test('a second request behind the first is one of its own', async () => {
  const { port } = await serve();
  const first = request('GET /secret/paths').replace('Connection: close\r\n', '');
  const hidden = 'GET /secret/paths/../x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  expect((await sendRaw(port, first + hidden)).statuses).toEqual([200, 400]);
});

test('whoever is too slow is told so and hung up on', async () => {
  const { message } = new SecretregError('request-too-slow', {});
  const limits = { headersTimeout: 200, requestTimeout: 300, checkInterval: 50 };
  const { port } = await serve({ limits });
  const head = request(`POST ${WRITE}`, ['Content-Type: application/json', 'Content-Length: 14']);
  for (const part of ['', 'GET /secret', head.slice(0, -2), head, `${head}{"secret"`]) {
    const { status, body } = await sendRaw(port, part);
    if (status === 0) continue;
    expect([part, JSON.parse(body)]).toEqual([part, { error_code: 40801, message }]);
  }
  expect((await sendRaw(port, `${head}{"secret"`)).status).toBe(408);
});

test('more connections than are allowed are not taken', async () => {
  const { port, ask } = await serve({ limits: { connections: 2 } });
  const held = [1, 2].map(() => connect({ host: '127.0.0.1', port }));
  await Promise.all(
    held.map((socket) => new Promise((resolve) => socket.once('connect', resolve))),
  );
  await expect(ask('GET', '/health/live')).rejects.toThrow('fetch failed');
  for (const socket of held) socket.destroy();
  await expect
    .poll(() =>
      ask('GET', '/health/live').then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
});

test('who gives no credentials, or wrong ones, is told how to log in', async () => {
  const { ask } = await serve();
  for (const as of ['', 'nobody']) {
    const refused = await ask('GET', LATEST, { as });
    expect(refused.json).toEqual({ error_code: 40101, message: expect.any(String) });
    expect(refused.headers.get('www-authenticate')).toBe(
      'Bearer realm="secretreg", Basic realm="secretreg"',
    );
  }
});
