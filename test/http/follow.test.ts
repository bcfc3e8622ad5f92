// The audit trail followed over HTTP: by a reader that may be let go, lose its right, or be there when the server ends.
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { Caller } from '../../src/domain/audit-event.ts';
import type { Registry } from '../../src/domain/registry.ts';
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { user } from '../contract/access.contract.ts';
import { caller, collect, write } from '../registry/fixture.ts';
import { callerWith } from '../registry/local-access.ts';
import { serve, type Served } from './serving.ts';

/** Pieces of the answer, as they come. */
async function follow({ port }: Served, query: string, as = 'holder') {
  const ended = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}/audit?follow=true${query}`, {
    headers: { authorization: `Bearer ${as}` },
    signal: ended.signal,
  });
  const decoder = new TextDecoder();
  const pieces = (response.body ?? new ReadableStream())[Symbol.asyncIterator]();
  let text = '';
  const until = async (wanted: RegExp) => {
    while (!wanted.test(text)) {
      const { value, done } = await pieces.next();
      if (done) break;
      text += decoder.decode(value as Uint8Array, { stream: true });
    }
    return text;
  };
  return { response, until, end: () => ended.abort() };
}

const auditReads = async ({ registry }: Served) =>
  (await collect(registry.audit({ method: 'audit.Read', principal: 'User:bea' }))).map(
    ({ data }) => data.result.status,
  );

async function withAuditor() {
  const served = await serve();
  const access = accessAdminFor(served.core, caller);
  const made = await access.createToken({
    principal: user('bea'),
    grant: { role: 'AuditAdmin' },
  });
  served.callers.set('bea', callerWith(served.core, made.token));
  return { served, access };
}

test('it is answered at once, where nothing fits as yet, and leaves one line however long it goes on', async () => {
  const { served } = await withAuditor();
  const { response, until, end } = await follow(served, '&path=orders&method=secret.Write', 'bea');
  expect(response.status).toBe(200);
  expect(await until(/\n/)).toBe('\n');
  for (const value of ['one', 'two'])
    await served.registry.write([write('orders', 'password', value)]);
  const text = await until(/version=2/);
  expect(text.trim().split('\n')).toHaveLength(2);
  expect(await auditReads(served)).toEqual(['ok']);
  end();
});

test('who may not read the trail is refused before anything is told', async () => {
  const { served } = await withAuditor();
  served.callers.set('eve', {
    principal: 'User:eve',
    credential: { mechanism: 'mtls', expiresAt: '2100-01-01T00:00:00.000Z' },
    userAgent: '',
  });
  const { response, until } = await follow(served, '', 'eve');
  expect(response.status).toBe(403);
  expect(await until(/}/)).toContain('"error_code":40301');
});

test('who loses the right is told no more, and that stands in the trail', async () => {
  const { served, access } = await withAuditor();
  const { until } = await follow(served, '&method=secret.Write', 'bea');
  await until(/\n/);
  await access.revoke({ principal: user('bea'), role: 'AuditAdmin' });
  await served.registry.write([write('orders', 'password', 'one')]);
  const text = await until(/never/);
  expect(
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([expect.objectContaining({ type: 'secretreg/error', error_code: 40301 })]);
  expect(await auditReads(served)).toEqual(['ok', 'not-allowed']);
});

test('a server that ends is not held by it', async () => {
  const served = await serve({ limits: { stopTimeout: 3_600_000, keepAliveTimeout: 3_600_000 } });
  const { until } = await follow(served, '');
  await until(/audit\.Read/);
  const answered = until(/never/);
  await served.app.close();
  expect((await answered).trim().split('\n')).toHaveLength(2);
});

test('a connection whose authority was taken away is not held by it', async () => {
  const served = await serve();
  const { until } = await follow(served, '');
  await until(/audit\.Read/);
  served.app.connections.renew();
  expect((await until(/never/)).trim().split('\n')).toHaveLength(2);
  const again = await follow(served, '');
  expect(await again.until(/audit\.Read.*audit\.Read/s)).toContain('audit.Read');
  again.end();
});

test('nor is the trail followed for a reader that is gone', async () => {
  let until: AbortSignal | undefined;
  const served = await serve({
    registryFor: (one) => noting(served, one, (signal) => (until = signal)),
  });
  const reader = await follow(served, '');
  await reader.until(/audit\.Read/);
  expect(until?.aborted).toBe(false);
  reader.end();
  await expect.poll(() => until?.aborted).toBe(true);
});

test('nor for one that has gone before it was begun', async () => {
  let until: AbortSignal | undefined;
  const [asked, known] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const served = await serve({
    registryFor: (one) => noting(served, one, (signal) => (until = signal)),
    authenticate: async () => {
      asked.resolve();
      await known.promise;
      return caller;
    },
  });
  const gone = new Promise<void>((resolve) =>
    served.app.server.once('connection', (socket) => socket.once('close', () => resolve())),
  );
  const socket = connect({ host: '127.0.0.1', port: served.port });
  socket.write('GET /audit?follow=true HTTP/1.1\r\nHost: x\r\n\r\n');
  await asked.promise;
  socket.destroy();
  await gone;
  known.resolve();
  await expect.poll(() => until?.aborted).toBe(true);
});

/** The registry, which tells with what a trail is followed. */
function noting({ core }: Served, one: Caller, note: (until: AbortSignal | undefined) => void) {
  const registry = registryFor(core, one);
  return Object.assign(Object.create(registry) as Registry, {
    audit: (...[filter, tell, following]: Parameters<Registry['audit']>) => {
      note(following?.until);
      return registry.audit(filter, tell, following);
    },
  });
}
