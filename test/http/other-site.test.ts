// A browser sends what it remembers of a log-in, or the certificate of its user, also for a page of another site.
import { expect, test } from 'vitest';
import { path, write } from '../registry/fixture.ts';
import { request, sendRaw } from './raw.ts';
import { serve } from './serving.ts';

test('a web page of another site cannot restore what was deleted', async () => {
  const { port, registry } = await serve();
  await registry.write([write('orders', 'password', 'old')]);
  await registry.delete({ path: path('orders') });
  // No body and no Content-Type: browsers ask for no leave before they send this.
  const forged = async (...headers: string[]) =>
    (await sendRaw(port, request('POST /secret/paths/orders/restore', headers))).status;
  expect(await forged('Sec-Fetch-Site: cross-site', 'Origin: https://evil.example')).toBe(400);
  expect(await forged('Sec-Fetch-Site: same-site')).toBe(400);
  expect(await forged('Origin: https://evil.example')).toBe(400);
  expect(await forged('Origin: null')).toBe(400);
  expect(await registry.paths()).toEqual([]);
  expect(await forged('Sec-Fetch-Site: same-origin', 'Origin: https://x')).toBe(200);
  expect(await registry.paths()).toEqual(['orders']);
});

test('who types the address is answered', async () => {
  const { port } = await serve();
  const typed = request('GET /secret/paths', ['Sec-Fetch-Site: none']);
  expect((await sendRaw(port, typed)).status).toBe(200);
});
