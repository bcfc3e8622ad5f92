// What nobody reads stands in memory. Forty-eight answers of fifteen megabytes took one gigabyte of it.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { SecretValue } from '../../src/domain/secret-value.ts';
import { caller, name, path } from '../registry/fixture.ts';
import { leaveEarly, serveSlowLogin } from './left-early.ts';
import { serve, type Served } from './serving.ts';

const KEYS = 80;
const LENGTH = 250_000;
const URL_OF_ALL = '/secret/paths/orders';

async function storeLarge({ registry }: Served): Promise<void> {
  const value = SecretValue.of('x'.repeat(LENGTH));
  for (let i = 0; i < KEYS; i += 1)
    await registry.write([{ path: path('orders'), key: name(`key-${i}`), value }]);
}

async function serving() {
  const served = await serve();
  for (const one of ['bea', 'carl'])
    served.callers.set(one, { ...caller, principal: `User:${one}` });
  await storeLarge(served);

  /** Asks for twenty megabytes, more than sockets hold, and reads no more than the status. */
  async function leaveUnread(as: string): Promise<{ socket: Socket; status: string }> {
    const socket = connect({ host: '127.0.0.1', port: served.port });
    onTestFinished(() => void socket.destroy());
    socket.write(`GET ${URL_OF_ALL} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${as}\r\n\r\n`);
    await once(socket, 'readable');
    return { socket, status: String(socket.read(12)) };
  }
  const statusFor = async (as: string) => (await served.ask('GET', URL_OF_ALL, { as })).status;
  return { served, leaveUnread, statusFor };
}

const GIVEN = 'HTTP/1.1 200';

test('who reads none of their large answers gets no more of them, and others do', async () => {
  const { served, leaveUnread, statusFor } = await serving();
  const unread = [await leaveUnread('bea'), await leaveUnread('bea'), await leaveUnread('bea')];
  expect(unread.map(({ status }) => status)).toEqual([GIVEN, GIVEN, GIVEN]);
  const { status, json, headers } = await served.ask('GET', URL_OF_ALL, { as: 'bea' });
  expect([status, json, headers.get('retry-after')]).toEqual([
    429,
    { error_code: 42901, message: expect.stringContaining('large answers to you wait to be read') },
    '1',
  ]);
  expect(await statusFor('carl')).toBe(200);
  // What is small waits for nothing.
  expect((await served.ask('GET', '/secret/paths', { as: 'bea' })).status).toBe(200);
  unread[0]?.socket.destroy();
  await expect.poll(() => statusFor('bea')).toBe(200);
  for (const { socket } of unread) socket.resume();
  await expect.poll(async () => (await leaveUnread('bea')).status).toBe(GIVEN);
});

test('with all the room taken, whoever has read their own still gets an answer, and one only', async () => {
  const { leaveUnread, statusFor } = await serving();
  const given: string[] = [];
  for (const as of ['bea', 'bea', 'bea', 'carl', 'carl', 'carl', 'holder'])
    given.push((await leaveUnread(as)).status);
  expect(given).toEqual(given.map(() => GIVEN));
  expect(await statusFor('holder')).toBe(429);
});

test('an answer to a client that has left while it was made takes no room', async () => {
  const { served, release } = await serveSlowLogin(caller);
  await storeLarge(served);
  await leaveEarly(served, `GET ${URL_OF_ALL} HTTP/1.1`, 4);
  release();
  for (let i = 0; i < 2; i += 1) expect((await served.ask('GET', URL_OF_ALL)).status).toBe(200);
});

test('what a change has done is told, however much waits', async () => {
  const { served, leaveUnread, statusFor } = await serving();
  for (const as of ['bea', 'bea', 'bea', 'carl', 'carl', 'carl', 'holder']) await leaveUnread(as);
  expect(await statusFor('bea')).toBe(429);
  const secrets = Object.fromEntries(
    Array.from({ length: 1000 }, (_, i) => [`key-${i}`, 'a value']),
  );
  const { status, text } = await served.ask('POST', '/secret/paths/new', {
    as: 'bea',
    body: { secrets },
  });
  expect([status, text.length > 64 * 1024]).toEqual([200, true]);
});
