// Whoever begins a connection in TLS and never ends its handshake holds one of the places that others need.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Authority } from './certificates.ts';
import { serve } from './serving.ts';

/** Of TLS 1.2: the header of a record of 512 bytes, and that of a ClientHello in it. */
const HALF_A_HELLO = Buffer.from('1603010200010001fc0303', 'hex');

let authority: Authority;
let tls: { key: Buffer; cert: Buffer };
beforeAll(() => {
  authority = new Authority();
  const { key, cert } = authority.issue({ subject: '/CN=server', hosts: 'IP:127.0.0.1' });
  tls = { key: readFileSync(key), cert: readFileSync(cert) };
});
afterAll(() => authority.remove());

test.each([
  ['nothing', Buffer.alloc(0)],
  ['half a ClientHello', HALF_A_HELLO],
  ['no TLS', Buffer.from('GET /health/live HTTP/1.1\r\n\r\n')],
])('who has sent %s is hung up on', async (_, sent) => {
  const { app, port } = await serve({ tls, limits: { headersTimeout: 100 } });
  const accepted = once(app.server, 'connection');
  const socket = connect({ host: '127.0.0.1', port });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  socket.write(sent);
  const [connection] = (await accepted) as [Socket];
  if (!connection.destroyed) await once(connection, 'close');
  expect(connection.destroyed).toBe(true);
});
