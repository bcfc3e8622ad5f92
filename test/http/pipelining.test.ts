// Node hands over every request of what it has read before it stops reading, and keeps the answers that nobody takes.
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { createMetricsServer } from '../../src/http/metrics-server.ts';
import { Metrics } from '../../src/http/metrics.ts';
import { serve } from './serving.ts';

/** As many as Node reads at once. */
const REQUESTS = 1600;
const MOST_AT_ONCE = 16;

const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`;

/** Sends them in one write, reads nothing, and resolves when the server has ended the connection. */
async function flood({ server }: FastifyInstance, request: string): Promise<void> {
  const accepted = once(server, 'connection');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(request.repeat(REQUESTS));
  const [connection] = (await accepted) as [Socket];
  if (!connection.destroyed) await once(connection, 'close');
}

test('of many requests in one write few are looked at, and the connection is ended', async () => {
  let looked = 0;
  const { app, ask } = await serve({
    isReady: () => {
      looked += 1;
      return true;
    },
  });
  await flood(app, get('/health/ready'));
  expect(looked).toBeGreaterThan(0);
  expect(looked).toBeLessThanOrEqual(MOST_AT_ONCE);
  expect((await ask('GET', '/health/live')).status).toBe(200);
});

test('nor those that no route takes', async () => {
  const { app, log, ask } = await serve();
  await flood(app, get('/%zz'));
  expect((await ask('GET', '/health/live')).status).toBe(200);
  const answered = log.filter(({ msg, status }) => msg === 'answered' && status === 400);
  expect(answered.length).toBeLessThanOrEqual(MOST_AT_ONCE);
});

test('nor on the port of metrics', async () => {
  const { core } = await serve();
  let looked = 0;
  class Counting extends Metrics {
    override text(): Promise<string> {
      looked += 1;
      return super.text();
    }
  }
  const app = createMetricsServer(new Counting(core));
  onTestFinished(() => app.close());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  await flood(app, get('/metrics'));
  expect(looked).toBeGreaterThan(0);
  expect(looked).toBeLessThanOrEqual(MOST_AT_ONCE);
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
});

test('a few at once are answered in their order', async () => {
  const { port } = await serve();
  const socket = connect({ host: '127.0.0.1', port });
  let text = '';
  socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  socket.write(get('/health/live').repeat(MOST_AT_ONCE - 1));
  socket.write(get('/health/ready').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  await once(socket, 'close');
  expect(text.match(/HTTP\/1\.1 200 /g)).toHaveLength(MOST_AT_ONCE);
  expect(text).toMatch(/"ready"}$/);
});
