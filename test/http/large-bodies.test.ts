// Sixteen MiB from each of 512 connections would be more memory than a server has.
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { caller } from '../registry/fixture.ts';
import { leaveEarly, serveSlowLogin } from './left-early.ts';
import { serve } from './serving.ts';

const BODY = JSON.stringify({ writes: [{ path: 'orders', key: 'password', secret: 'a value' }] });

async function serving() {
  const served = await serve();
  for (const name of ['bea', 'carl'])
    served.callers.set(name, { ...caller, principal: `User:${name}` });

  /** Sends this much of a request, as text; resolves once its head has arrived. */
  async function begin(as: string, length: string, sent = ''): Promise<Begun> {
    const socket = connect({ host: '127.0.0.1', port: served.port });
    onTestFinished(() => void socket.destroy());
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.write(
      'POST /secret/writes HTTP/1.1\r\nHost: x\r\nConnection: close\r\n' +
        `Authorization: Bearer ${as}\r\nContent-Type: application/json\r\n` +
        `Expect: 100-continue\r\n${length}\r\n\r\n${sent}`,
    );
    const statuses = () => [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, one]) => Number(one));
    await expect.poll(statuses).toContain(100);
    return { socket, statuses };
  }

  const hold = (as: string) => begin(as, 'Content-Length: 16000000', '{');
  /** It does not say how long it is. */
  const unsized = async (as: string) => {
    const chunk = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
    const { statuses } = await begin(as, 'Transfer-Encoding: chunked', chunk);
    await expect.poll(statuses).toHaveLength(2);
    return statuses()[1];
  };
  const small = async (as: string) =>
    (await served.ask('POST', '/secret/writes', { as, body: BODY })).status;
  return { begin, hold, unsized, small };
}

interface Begun {
  socket: Socket;
  statuses: () => number[];
}

test('few large bodies are taken at a time, and one that is given up makes room', async () => {
  const { hold, unsized } = await serving();
  const [held] = [await hold('holder'), await hold('holder'), await hold('bea'), await hold('bea')];
  expect(await unsized('carl')).toBe(429);
  held.socket.destroy();
  await expect.poll(() => unsized('carl')).toBe(200);
});

test('one principal alone keeps nobody else from sending theirs', async () => {
  const { hold, unsized } = await serving();
  await hold('bea');
  await hold('bea');
  const { statuses } = await hold('bea');
  await expect.poll(statuses).toEqual([100, 429]);
  expect(await unsized('carl')).toBe(200);
});

test('a small body has room beside any number of small ones that do not end', async () => {
  const { begin, small } = await serving();
  for (let i = 0; i < 5; i += 1) await begin('bea', 'Content-Length: 1000', '{');
  expect([await small('bea'), await small('carl')]).toEqual([200, 200]);
});

test('a sender that has left during the log-in takes no room', async () => {
  const { served, release } = await serveSlowLogin(caller);
  const head =
    'POST /secret/writes HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 16000000';
  await leaveEarly(served, head, 4);
  release();
  const secret = 'a value '.repeat(20_000);
  const writes = Array.from({ length: 20 }, (_, i) => ({
    path: 'orders',
    key: `key-${i}`,
    secret,
  }));
  expect((await served.ask('POST', '/secret/writes', { body: { writes } })).status).toBe(200);
});
