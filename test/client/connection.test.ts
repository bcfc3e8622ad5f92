// What a client says of servers that refuse, send on, break off, are somebody else's, or take too long.
import { once } from 'node:events';
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { ConnectionOptions } from '../../src/client/connection.ts';
import { type Client, openClient } from '../../src/client/open-client.ts';
import { hasCode, SecretregError } from '../../src/errors.ts';
import { makeCertificates } from '../kafka/certificates.ts';
import { collect, name, path, v, write } from '../registry/fixture.ts';
import { type Answer, FalseServer, hangUp, json, page, refusal } from './false-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'secretreg-client-'));
const made = makeCertificates(folder, 'DNS:localhost');
const pem = (file: string) => readFileSync(file, 'utf8');
const [authority, stranger, serverStore] = [made.authority, made.stranger, made.broker].map(pem);
const clientLogin = { cert: pem(made.clientCertificate), key: pem(join(folder, 'client.key')) };

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function serve(...answers: Answer[]) {
  const server = await FalseServer.start(answers);
  running.push(server);
  return { server, client: clientOf(server.url) };
}

async function serveTls(options: object, ...answers: Answer[]) {
  const server = await FalseServer.start(answers, {
    key: serverStore,
    cert: serverStore,
    ...options,
  });
  running.push(server);
  return server;
}

function clientOf(url: URL, options: Partial<ConnectionOptions> = {}): Client {
  return openClient({ url, userAgent: 'secretreg/test', ...options });
}

const orders = path('orders');
const password = name('password');
const read = ({ registry }: Client) => registry.read(orders, password, 'latest');
const put = ({ registry }: Client) => registry.write([write('orders', 'password', 'hunter2')]);

const secret = {
  path: 'orders',
  key: 'password',
  version: 3,
  secret: 'hunter2',
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'User:alice',
};

/** Code, text and hint, with the port taken out. */
async function toldBy(promise: Promise<unknown>): Promise<{ code: string; text: string }> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof SecretregError)) throw error;
    const hint = error.hint === undefined ? '' : ` | ${error.hint}`;
    const text = `${error.message}${hint}`
      .replace(/(localhost|127\.0\.0\.1):\d+/g, '$1')
      .replace(/[0-9a-f-]{36}/, '<id>');
    return { code: error.code, text };
  }
  return { code: 'no error', text: '' };
}

const AT = 'the registry at http://localhost cannot be used:';

describe('an answer that is none of a registry', () => {
  test.each<[string, Answer, string]>([
    [
      'a web page',
      page(200),
      `${AT} its answer (200) is text/html, and not that of a registry; nothing was written | is this the address of a registry?`,
    ],
    [
      'a web page that is not there',
      page(404),
      `${AT} there is no registry at this address: it answered 404 with text/html; nothing was written | does the address need a path, as a proxy in front of the registry may have one?`,
    ],
    [
      'a proxy that reaches nobody',
      page(502),
      `${AT} a proxy in front of it does not reach it (502); nothing was written`,
    ],
    [
      'a proxy that wants a log-in',
      page(407),
      `${AT} a proxy in between wants a log-in (407); nothing was written`,
    ],
    [
      'half an object',
      (response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"path": "ord'),
      `${AT} its answer (200) is not one that this secretreg understands; nothing was written`,
    ],
    [
      'JSON of something else',
      json({ hello: 'hunter2' }),
      `${AT} its answer is not one that this secretreg understands; nothing was written`,
    ],
    [
      'a wrong shape inside',
      json({ ...secret, version: '3' }),
      `${AT} its answer is not one that this secretreg understands; nothing was written`,
    ],
    [
      'a name that cannot be one',
      json({ ...secret, key: '3' }),
      `${AT} its answer is not one that this secretreg understands; nothing was written`,
    ],
    [
      'nothing at all',
      (response) => response.writeHead(200).end(),
      `${AT} its answer (200) is no content type, and not that of a registry; nothing was written | is this the address of a registry?`,
    ],
    [
      'an end before the end',
      (response) => {
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-length': '900' })
          .write('{', () => response.destroy());
      },
      `${AT} the connection was closed before the answer was complete; nothing was written`,
    ],
    [
      'an end before the beginning',
      hangUp,
      `${AT} the connection was closed before the answer was complete; nothing was written | --registry https://localhost    (if that is what it speaks)`,
    ],
    [
      'a faulty head',
      (response) => response.socket?.end('HTTP/1.1 200 OK\r\nx:\u0000y\r\n\r\n'),
      `${AT} what answers there does not speak HTTP; nothing was written | --registry https://localhost    (if that is what it speaks)`,
    ],
  ])('%s', async (_, answer, text) => {
    const { client } = await serve(answer);
    expect(await toldBy(read(client))).toEqual({ code: 'store-unavailable', text });
  });

  test('a change whose answer makes no sense may have been made', async () => {
    const text =
      'it could not be found out whether the registry at http://localhost took the change (attempt <id>) | secretreg history orders password    (before you try again)';
    for (const answer of [page(200), page(502), hangUp, json(null), refusal(50001, 'oh')]) {
      const { client, server } = await serve(answer);
      const told = await toldBy(put(client));
      expect(told).toEqual({
        code: 'outcome-unknown',
        text: told.text.includes('<id>') ? text : text.replace('<id>', ''),
      });
      expect(server.asked.length).toBe(1);
    }
  });

  test('a change that a proxy refuses was not made', async () => {
    for (const answer of [page(404), page(413), page(302)]) {
      const { client } = await serve(answer);
      expect((await toldBy(put(client))).code).toBe('store-unavailable');
    }
  });
});

describe('a redirect', () => {
  test('is not followed, and takes no credentials anywhere', async () => {
    const { server: other } = await serve(json(secret));
    const { server } = await serve((response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${other.port}/x?token=hunter2` }).end(),
    );
    const client = clientOf(server.url, { authorization: 'Bearer hunter2' });
    expect(await toldBy(read(client))).toEqual({
      code: 'store-unavailable',
      text: `${AT} it sends on to another address (307, http://127.0.0.1), and is not followed; nothing was written | --registry http://127.0.0.1    (if that is an address of the registry)`,
    });
    expect(other.asked).toEqual([]);
  });
});

describe('no connection', () => {
  test('a port where nobody listens', async () => {
    const { server } = await serve();
    const { url } = server;
    await running.pop()?.stop();
    for (const ask of [read, put])
      expect(await toldBy(ask(clientOf(url)))).toEqual({
        code: 'store-unavailable',
        text: `${AT} connection refused; nothing was written | does the server run, and is this a port of its own?`,
      });
  });

  test('a host that is none', async () => {
    const url = new URL('http://nowhere.invalid');
    const { code, text } = await toldBy(read(clientOf(url)));
    expect(code).toBe('store-unavailable');
    expect(text).toMatch(/: (there is no host|the host) 'nowhere\.invalid'/);
  });

  test('no answer in time: a question is unanswered, a change is unknown', async () => {
    const { server } = await serve(() => undefined);
    const client = clientOf(server.url, { deadlineMs: 100 });
    expect((await toldBy(read(client))).text).toBe(
      `${AT} no answer for 0.1 s; nothing was written`,
    );
    expect((await toldBy(put(client))).code).toBe('outcome-unknown');
    expect(server.asked.length).toBe(2);
  });

  test('an answer that does not come to its end in time', async () => {
    const { server } = await serve((response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
    );
    const client = clientOf(server.url, { deadlineMs: 100 });
    expect((await toldBy(read(client))).text).toBe(
      `${AT} no answer for 0.1 s; nothing was written`,
    );
  });

  test('a port that takes a connection and never speaks TLS', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    running.push({ stop: async () => void silent.close() });
    silent.on('connection', (socket) => running.push({ stop: async () => void socket.destroy() }));
    const url = new URL(`https://localhost:${(silent.address() as AddressInfo).port}`);
    const told = await toldBy(put(clientOf(url, { deadlineMs: 100 })));
    expect(told.code).toBe('store-unavailable');
  });
});

describe('TLS', () => {
  const wrongAuthority =
    'its certificate is of no authority that is trusted here; nothing was written | --ca-file FILE    (the certificate of the authority; or SECRETREG_CA_FILE)';

  const otherAuthority =
    'its certificate is not of an authority in the file of --ca-file; nothing was written | openssl s_client -showcerts -connect localhost </dev/null    (shows of which it is)';

  test.each([
    ['without an authority', {}, wrongAuthority],
    ['with another one', { ca: stranger }, otherAuthority],
  ])('%s the server is not believed, and nothing was sent', async (_, tls, told) => {
    const server = await serveTls({}, json(secret));
    const client = clientOf(server.url, {
      tls: tls as { ca: string },
      authorization: 'Bearer hunter2',
    });
    expect((await toldBy(read(client))).text).toContain(told);
    expect((await toldBy(put(client))).code).toBe('store-unavailable');
    expect(server.asked).toEqual([]);
  });

  test('NODE_TLS_REJECT_UNAUTHORIZED does not count', async () => {
    const server = await serveTls({}, json(secret));
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect((await toldBy(read(clientOf(server.url)))).text).toContain(wrongAuthority);
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });

  test('with its authority it is believed', async () => {
    const server = await serveTls({}, json(secret));
    const client = clientOf(server.url, { tls: { ca: authority as string } });
    expect((await read(client)).value.reveal()).toBe('hunter2');
  });

  test('a certificate for another name', async () => {
    const server = await serveTls({}, json(secret));
    const url = new URL(server.url.href.replace('localhost', '127.0.0.1'));
    const told = await toldBy(read(clientOf(url, { tls: { ca: authority as string } })));
    expect(told.text).toContain(
      "its certificate is not for the name '127.0.0.1', only for localhost; nothing was written",
    );
  });

  test('a client without the certificate that is wanted, and one with it', async () => {
    const server = await serveTls(
      { ca: authority, requestCert: true, rejectUnauthorized: true },
      json(secret),
    );
    const tls = { ca: authority as string };
    const told = await toldBy(put(clientOf(server.url, { tls })));
    expect(told).toEqual({
      code: 'store-unavailable',
      text: 'the registry at https://localhost cannot be used: it takes no client without a certificate of an authority that it trusts; nothing was written | --client-cert FILE --client-key FILE',
    });
    const client = clientOf(server.url, { tls: { ...tls, ...clientLogin } });
    expect((await read(client)).version).toBe(3);
  });

  test('TLS to a plain port, and plain HTTP to one of TLS', async () => {
    const { server: plain } = await serve(json(secret));
    const tls = await serveTls({}, json(secret));
    const toPlain = new URL(plain.url.href.replace('http:', 'https:'));
    expect((await toldBy(put(clientOf(toPlain)))).text).toContain(
      'what answers there does not speak TLS; nothing was written | --registry http://localhost',
    );
    const toTls = new URL(tls.url.href.replace('https:', 'http:'));
    expect((await toldBy(read(clientOf(toTls)))).text).toBe(
      `${AT} the connection was closed before the answer was complete; nothing was written | --registry https://localhost    (if that is what it speaks)`,
    );
  });
});

describe('asking again', () => {
  test('a question whose connection was lost is asked again, as one that a proxy lost', async () => {
    const { server, client } = await serve(hangUp, page(503), json(secret));
    expect((await read(client)).version).toBe(3);
    expect(new Set(server.asked.map(({ headers }) => headers['x-request-id'])).size).toBe(1);
    expect(server.asked.length).toBe(3);
  });

  test('a node that is not ready has done nothing: a change is sent again too', async () => {
    const notReady = refusal(50301, 'not ready', { 'retry-after': '0' });
    const { server, client } = await serve(notReady, json({ ...secret, secret: undefined }));
    expect((await put(client)).map(({ version }) => version)).toEqual([3]);
    expect(server.asked.length).toBe(2);
  });

  test('who is not ready for long is told of', async () => {
    const { client } = await serve(
      refusal(50301, 'this server is not ready', { 'retry-after': '0' }),
    );
    expect(await toldBy(put(client))).toEqual({
      code: 'not-ready',
      text: 'this server is not ready | try again in a second',
    });
  });

  test('who lacks the master key is asked again, as another node may have it, and told of with what helps', async () => {
    const { server, client } = await serve(refusal(50305, 'wrong master key'));
    expect(await toldBy(put(client))).toEqual({
      code: 'key-not-on-server',
      text: 'wrong master key | secretreg serve --accept-key-file NEW    (its operator; a server that runs reads the file of its key again at SIGHUP)',
    });
    expect(server.asked.length).toBe(4);
  });
});

describe('what is sent', () => {
  test('who asks, and the highest commit that was seen', async () => {
    const at = (n: number) => json(secret, 200, { 'registry-position': String(n) });
    const { server } = await serve(at(7), at(5), json(secret));
    const client = clientOf(server.url, { authorization: 'Bearer hunter2' });
    for (let i = 0; i < 3; i += 1) await read(client);
    expect(server.asked.map(({ headers }) => headers['registry-position'])).toEqual([
      undefined,
      '7',
      '7',
    ]);
    const [first] = server.asked;
    expect(first?.headers).toMatchObject({
      'user-agent': 'secretreg/test',
      authorization: 'Bearer hunter2',
    });
    expect(first?.url).toBe('/secret/paths/orders/keys/password/versions/latest');
  });

  test('names are encoded once, and a registry may lie under a path', async () => {
    const { server } = await serve(json([]));
    const client = clientOf(new URL('/registry/', server.url));
    await client.registry.readKey(path('a/b ü%2F?#'), password);
    expect(server.asked[0]?.url).toBe(
      '/registry/secret/paths/a%2Fb%20%C3%BC%252F%3F%23/keys/password',
    );
  });

  test('many keys are asked for in several requests', async () => {
    const { server, client } = await serve(json([]));
    const keys = Array.from({ length: 300 }, (_, i) => name(`k${i}-${'x'.repeat(50)}`));
    await client.registry.readPath(orders, keys);
    const asked = server.asked.flatMap(({ url }) =>
      new URL(url, server.url).searchParams.getAll('key'),
    );
    expect(asked).toEqual([...keys].sort());
    expect(Math.max(...server.asked.map(({ url }) => url.length))).toBeLessThan(4200);
    expect(await client.registry.readPath(orders, [])).toEqual([]);
  });

  test('more than a server takes at once is not sent', async () => {
    const { server, client } = await serve(json([]));
    const value = 'x'.repeat(250_000);
    const writes = Array.from({ length: 70 }, (_, i) => write('orders', `k${i}`, value));
    expect(await toldBy(client.registry.write(writes))).toEqual({
      code: 'body-too-large',
      text: 'the body is larger than 16 MiB | fewer secrets at once, such as a file for each part',
    });
    expect(server.asked).toEqual([]);
  });

  test('conditions of a write are headers', async () => {
    const { server, client } = await serve(json({ ...secret, secret: undefined }));
    for (const onlyOver of ['none', v(3)] as const)
      await client.registry.write([{ ...write('orders', 'password', ''), onlyOver }]);
    expect(
      server.asked.map(({ headers }) => [headers['if-none-match'], headers['if-match']]),
    ).toEqual([
      ['*', undefined],
      [undefined, '"3"'],
    ]);
  });
});

describe('what the server refuses is the error that it is locally', () => {
  test.each<[number, string, string, string]>([
    [40401, "path 'orders' does not exist", 'path-not-found', ' | secretreg list'],
    [40402, 'secret orders:password does not exist', 'key-not-found', ' | secretreg list orders'],
    [
      40403,
      'version 9 of secret orders:password does not exist',
      'version-not-found',
      ' | secretreg list orders password',
    ],
    [
      40404,
      'version 9 of secret orders:password is deleted',
      'version-deleted',
      ' | secretreg restore orders password --version 9',
    ],
    [
      40101,
      'no credentials that count: the token has ended',
      'not-authenticated',
      ' | SECRETREG_TOKEN_FILE=FILE, or --token-file FILE',
    ],
    [
      40301,
      'User:bob is not allowed to read orders',
      'not-allowed',
      ' | secretreg access grants    (your own; a UserAdmin gives others)',
    ],
    [42901, 'too many requests: wait', 'too-many-requests', ' | try again in 9 s'],
    [42999, 'something new', 'too-many-requests', ' | try again in 9 s'],
    [50302, 'the registry at file:/r.db is damaged', 'store-unavailable', ''],
    [50304, 'it could not be found out', 'outcome-unknown', ''],
    [50999, 'something new', 'store-unavailable', ''],
    [41301, 'the body is too large', 'body-too-large', ''],
    [41399, 'something else is too large', 'commit-rejected', ''],
    [40007, 'something new', 'wrong-use', ''],
  ])('%i %s', async (number, message, code, hint) => {
    const { client } = await serve(refusal(number, message, { 'retry-after': '9' }));
    expect(await toldBy(client.registry.read(orders, password, v(9)))).toEqual({
      code,
      text: message + hint,
    });
  });
});

describe('lines of the audit', () => {
  const event = (id: string) => ({
    id,
    type: 'secretreg/audit',
    time: 't',
    subject: 's',
    applied: true,
    data: {
      methodName: 'secret.Read',
      authenticationInfo: { principal: 'User:a' },
      authorizationInfo: {
        granted: true,
        resourceType: 'Secret',
        patternType: 'LITERAL',
        resourceName: 'p',
      },
      result: { status: 'ok' },
    },
  });
  const ndjson =
    (text: string, broken = false): Answer =>
    (response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write(text, () => (broken ? response.destroy() : response.end()));
    };

  test('come one by one, notes apart', async () => {
    const note = { type: 'secretreg/note', text: 'so it is' };
    const { client, server } = await serve(
      ndjson([event('1'), note, event('2')].map((it) => JSON.stringify(it)).join('\n')),
    );
    const notes: string[] = [];
    const events = await collect(
      client.registry.audit({ path: orders, since: '2026-01-01T00:00:00.000Z' }, (text) =>
        notes.push(text),
      ),
    );
    expect(events.map(({ id }) => id)).toEqual(['1', '2']);
    expect(notes).toEqual(['so it is']);
    expect(server.asked[0]?.url).toBe('/audit?path=orders&since=2026-01-01T00%3A00%3A00.000Z');
  });

  test('wait for whoever takes them slowly', async () => {
    const { server } = await serve(
      ndjson([event('1'), event('2')].map((it) => `${JSON.stringify(it)}\n`).join('')),
    );
    const { registry } = clientOf(server.url, { deadlineMs: 50 });
    const ids: string[] = [];
    for await (const { id } of registry.audit()) {
      ids.push(id);
      await new Promise((next) => {
        setTimeout(next, 100);
      });
    }
    expect(ids).toEqual(['1', '2']);
  });

  test.each<[string, Answer, string]>([
    [
      'that break off',
      ndjson(`${JSON.stringify(event('1'))}\n{"id`, true),
      'the connection was closed before the answer was complete',
    ],
    [
      'that are none',
      ndjson('<h1>hunter2</h1>\n'),
      'its answer is not one that this secretreg understands',
    ],
    [
      'of another shape',
      ndjson('{"type":"x"}\n'),
      'its answer is not one that this secretreg understands',
    ],
  ])('%s are not taken for all', async (_, answer, reason) => {
    const { client } = await serve(answer);
    const told = await toldBy(collect(client.registry.audit()));
    expect(told).toEqual({
      code: 'store-unavailable',
      text: `${AT} ${reason}; nothing was written`,
    });
  });

  test('come in pieces of any size', async () => {
    const note = { type: 'secretreg/note', text: 'ü€\u{1f511}' };
    const bytes = Buffer.from([note, event('1')].map((it) => JSON.stringify(it)).join('\n\n'));
    const { client } = await serve((response) => {
      for (const byte of bytes) response.write(Buffer.of(byte));
      response.end();
    });
    const notes: string[] = [];
    const events = await collect(client.registry.audit({}, (text) => notes.push(text)));
    expect([events, notes]).toEqual([[event('1')], [note.text]]);
  });

  test('of 1 MiB are taken', async () => {
    const long = { ...event('1'), more: '' };
    long.more = 'a'.repeat(1024 * 1024 - JSON.stringify(long).length);
    const { client } = await serve(ndjson(`${JSON.stringify(long)}\n`.repeat(3)));
    expect(await collect(client.registry.audit())).toEqual([long, long, long]);
  });

  /** Goes on for as long as somebody reads. */
  const endless: Answer = (response) => {
    const more = () => {
      while (!response.destroyed && response.write('a'.repeat(65_536)));
    };
    response.on('drain', more);
    more();
  };

  test.each([
    ['one byte', ndjson(`${JSON.stringify({ ...event('1'), more: 'a'.repeat(1024 * 1024) })}\n`)],
    ['one that ends', ndjson('a'.repeat(2 * 1024 * 1024))],
    ['one that does not', endless],
  ])('longer than that, by %s, are none, and the connection is closed', async (_, answer) => {
    let closed: Promise<unknown> | undefined;
    const { client } = await serve((response, asked) => {
      closed = once(response, 'close');
      answer(response, asked);
    });
    expect(await toldBy(collect(client.registry.audit()))).toEqual({
      code: 'store-unavailable',
      text: `${AT} its answer is not one that this secretreg understands; nothing was written`,
    });
    await closed;
  });

  test('that are refused', async () => {
    const { client } = await serve(refusal(40301, 'User:bob is not allowed to read the audit'));
    await expect(collect(client.registry.audit())).rejects.toSatisfy((error) =>
      hasCode(error, 'not-allowed'),
    );
  });
});
