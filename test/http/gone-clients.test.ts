// Whoever resets the connection right behind a request has sent it: it leaves its address and its line, or is not carried out.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { Metrics } from '../../src/http/metrics.ts';
import { caller, write } from '../registry/fixture.ts';
import { type Served, serve } from './serving.ts';

const DELETE = request('DELETE', '/secret/paths/orders', 'gone');

function request(method: string, target: string, id: string): string {
  const all = ['Host: x', `X-Request-Id: ${id}`, 'Authorization: Bearer holder'];
  return `${method} ${target} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n`;
}

async function withSecret(changed: Parameters<typeof serve>[0] = {}) {
  const from: string[] = [];
  const served = await serve({
    authenticate: async ({ remoteAddress, requestId }) => {
      from.push(remoteAddress);
      return { ...caller, clientAddress: remoteAddress, requestId };
    },
    ...changed,
  });
  await served.registry.write([write('orders', 'password', 'one')]);
  const arrived = { count: 0 };
  served.app.server.on('request', () => (arrived.count += 1));
  return { served, from, arrived };
}

const linesOf = ({ log }: Served, id: string) =>
  log.filter(({ requestId, level }) => requestId === id && level === 30);

test('a request whose sender has gone since has its address', async () => {
  const { served, from } = await withSecret();
  const socket = connect({ host: '127.0.0.1', port: served.port });
  await Promise.all([once(served.app.server, 'connection'), once(socket, 'connect')]);
  // Both are there before the server looks.
  socket.write(DELETE);
  socket.resetAndDestroy();
  await expect.poll(() => linesOf(served, 'gone')).toHaveLength(1);
  expect(from).toEqual(['127.0.0.1']);
  expect(linesOf(served, 'gone')).toMatchObject([
    { method: 'DELETE', route: '/secret/paths/:path', msg: 'not answered' },
  ]);
});

test('one whose sender was gone before it was accepted is not carried out', async () => {
  const { served, from } = await withSecret();
  // While it runs this process accepts nothing.
  execFileSync(process.execPath, [
    '-e',
    `const socket = require('node:net').connect(${served.port}, '127.0.0.1', () => {
      socket.write(${JSON.stringify(DELETE)});
      socket.resetAndDestroy();
    });`,
  ]);
  await expect.poll(() => linesOf(served, 'gone')).toHaveLength(1);
  expect(linesOf(served, 'gone')).toMatchObject([{ status: 499, msg: 'not answered' }]);
  expect(from).toEqual([]);
  expect((await served.ask('GET', '/secret/paths/orders/keys')).json).toEqual(['password']);
});

test('each request is told and counted once, answered or not', async () => {
  const ready = Promise.withResolvers<boolean>();
  const { core } = await serve();
  const metrics = new Metrics(core);
  const { served, arrived } = await withSecret({ isReady: () => ready.promise, metrics });
  const socket = connect({ host: '127.0.0.1', port: served.port });
  socket.write(request('GET', '/health/live', 'first'));
  await once(socket, 'data');
  // The second is waited for by the third, and the fourth is refused before any of our hooks.
  socket.write(request('GET', '/health/ready', 'second'));
  socket.write(request('GET', '/health/live', 'third'));
  socket.write(request('GET', '/%zz', 'fourth'));
  await expect.poll(() => arrived.count).toBe(4);
  socket.destroy();
  const ids = ['first', 'second', 'third', 'fourth'];
  const told = () =>
    ids.map((id) => linesOf(served, id).map(({ status, msg }) => [status, msg].join(' ')));
  // Of those that nobody was told, the status that was meant.
  const expected = [
    ['200 answered'],
    ['499 not answered'],
    ['200 not answered'],
    ['400 not answered'],
  ];
  await expect.poll(told).toEqual(expected);
  ready.resolve(true);
  await served.ask('GET', '/health/live');
  expect(told()).toEqual(expected);
  const counts = (await metrics.text()).match(/^secretreg_http_requests_total.*$/gm);
  expect(counts?.sort()).toEqual([
    'secretreg_http_requests_total{method="GET",route="(none)",status="400"} 1',
    'secretreg_http_requests_total{method="GET",route="/health/live",status="200"} 3',
    'secretreg_http_requests_total{method="GET",route="/health/ready",status="499"} 1',
  ]);
});
