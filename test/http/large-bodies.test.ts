// Sixteen MiB from each of 512 connections would be more memory than a server has.
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { serve } from './serving.ts';

test('few large bodies are taken at a time, and one that is given up makes room', async () => {
  const { port, ask } = await serve();
  const body = { writes: [{ path: 'orders', key: 'password', secret: 'a value' }] };
  const write = async () => (await ask('POST', '/secret/writes', { body })).status;
  const head =
    'POST /secret/writes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer holder\r\n' +
    'Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 16000000\r\n\r\n';
  const slow = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.write(head);
      await once(socket, 'data');
      return socket;
    }),
  );
  await expect.poll(write).toBe(429);
  for (const socket of slow) socket.destroy();
  await expect.poll(write).toBe(200);
});
