// What is true of every answer: its id, its line in the log, what a fault says, and how the end of a server leaves it.
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { SecretregError } from '../../src/errors.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { caller, write } from '../registry/fixture.ts';
import { request, sendRaw } from './raw.ts';
import { serve } from './serving.ts';

const LATEST = '/secret/paths/orders-sink/keys/password/versions/latest';

test('an id that can stand in a log is taken from the client, another one is made', async () => {
  const { ask } = await serve();
  const idOf = async (id: string) =>
    (await ask('GET', '/health/live', { headers: { 'x-request-id': id } })).headers.get(
      'x-request-id',
    );
  expect(await idOf('3f2c-A_9')).toBe('3f2c-A_9');
  for (const id of ['a b', 'a"b', 'ä', 'x'.repeat(65), ''])
    expect(await idOf(id)).toMatch(/^[0-9a-f]{32}$/);
  expect(await idOf('')).not.toBe(await idOf(''));
});

test('the audit tells the id of the request', async () => {
  const { ask, registry } = await serve();
  await registry.write([write('orders-sink', 'password', 'x')]);
  await ask('GET', LATEST, { headers: { 'x-request-id': 'from-client' } });
  const { text } = await ask('GET', '/audit?path=orders-sink');
  expect(text).toContain('"requestId":"from-client"');
});

test('a request is one line at info, with the pattern of its route and no name', async () => {
  const { ask, registry, port, log } = await serve();
  await registry.write([write('orders-sink', 'password', 'the value')]);
  await ask('GET', LATEST, { headers: { 'x-request-id': 'abc' } });
  await ask('GET', '/secret/paths/%3A?key=orders-sink');
  await ask('PUT', LATEST);
  await ask('GET', '/orders-sink/nowhere');
  await sendRaw(port, request('GET http://user:orders-sink@x/secret/paths'));
  await sendRaw(port, request('GET /%zz/orders-sink'));
  const answered = () => log.filter(({ msg }) => msg === 'answered');
  await expect.poll(() => answered().length).toBe(6);
  const lines = log.filter(({ level, msg }) => level === 30 && !String(msg).startsWith('Server '));
  expect(lines[0]).toMatchObject({
    requestId: 'abc',
    method: 'GET',
    route: '/secret/paths/:path/keys/:key/versions/:version'.replace(':version', 'latest'),
    status: 200,
    ms: expect.any(Number),
    msg: 'answered',
  });
  expect(lines.map(({ status }) => status)).toEqual([200, 422, 405, 404, 400, 400]);
  expect(JSON.stringify(lines)).not.toContain('orders-sink');
  expect(JSON.stringify(log)).not.toMatch(/the value|user:|Bearer|holder/);
  expect(log).toContainEqual(expect.objectContaining({ level: 20, path: LATEST }));
});

test('a fault of the server says its id only, and the log tells the rest', async () => {
  const { ask, log } = await serve({
    registryFor: () => {
      throw new TypeError('the inner secret is undefined');
    },
  });
  const { status, json, headers } = await ask('GET', LATEST);
  const id = headers.get('x-request-id') ?? '';
  expect([status, json]).toEqual([
    500,
    {
      error_code: 50001,
      message: `a fault of the server itself; its log tells more of request ${id}`,
    },
  ]);
  expect(log).toContainEqual(
    expect.objectContaining({
      level: 50,
      requestId: id,
      err: expect.objectContaining({
        type: 'TypeError',
        stack: expect.stringContaining('answers.test'),
      }),
    }),
  );
});

test('a row that callers are not told is a fault, and one of the store is not', async () => {
  let error = new SecretregError('settings-invalid', {
    place: '/etc/hidden',
    reason: 'x',
  }) as Error;
  const cause = new Error('ENOSPC');
  const { ask, log } = await serve({
    registryFor: () => {
      throw error;
    },
  });
  expect((await ask('GET', LATEST)).text).not.toContain('hidden');
  error = new SecretregError(
    'store-unavailable',
    { place: 'file:x', reason: 'it is full' },
    { cause },
  );
  expect((await ask('GET', LATEST)).json).toMatchObject({ error_code: 50302 });
  expect(log).toContainEqual(
    expect.objectContaining({
      level: 40,
      code: 'store-unavailable',
      err: expect.objectContaining({ message: 'ENOSPC' }),
    }),
  );
});

test('the end of a server waits for what it has accepted, and takes nothing more', async () => {
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const { app, port, ask } = await serve({
    authenticate: async ({ requestId }) => {
      reached.resolve();
      await gate.promise;
      return { ...caller, requestId };
    },
  });
  const idle = connect({ host: '127.0.0.1', port });
  const ended = new Promise((resolve) => idle.once('close', resolve));
  idle.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => idle.once('data', resolve));
  const answer = ask('GET', '/secret/paths');
  await reached.promise;
  const closed = app.close();
  await ended;
  await expect(ask('GET', '/health/live')).rejects.toThrow('fetch failed');
  gate.resolve();
  const { status, headers } = await answer;
  expect([status, headers.get('connection')]).toEqual([200, 'close']);
  await closed;
});

test('the audit is not read faster than its reader takes it, and is let go with it', async () => {
  let given = 0;
  let isEnded = false;
  const { port } = await serve({
    registryFor: () => {
      const registry = registryFor(null as never, caller);
      registry.audit = async function* () {
        try {
          for (; given < 1_000_000; given += 1) yield { id: 'x'.repeat(1000) } as never;
        } finally {
          isEnded = true;
        }
      };
      return registry;
    },
  });
  const socket = connect({ host: '127.0.0.1', port });
  socket.write(request('GET /audit'));
  await new Promise((resolve) => socket.once('readable', resolve));
  let before = -1;
  await expect
    .poll(
      () => {
        const isStill = given === before;
        before = given;
        return isStill;
      },
      { interval: 100 },
    )
    .toBe(true);
  expect(given).toBeLessThan(50_000);
  socket.destroy();
  await expect.poll(() => isEnded).toBe(true);
});
