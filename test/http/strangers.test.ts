// Whoever has not logged in is told which kind of error it is, and no file, broker or key of the server (CWE-209).
import { expect, test } from 'vitest';
import { type ErrorCode, errors, SecretregError } from '../../src/errors.ts';
import { serve } from './serving.ts';

const HIDDEN = '/var/hidden/registry.db';
/** Every parameter that a text may have. */
const hidden = new Proxy({}, { get: () => HIDDEN }) as never;

const ofServer = (Object.keys(errors) as ErrorCode[]).filter((code) => {
  const { http = 50001 } = errors[code] as { http?: number };
  return http >= 50000;
});

test.each(ofServer)('%s', async (code) => {
  const error = new SecretregError(code, hidden);
  const fail = () => {
    throw error;
  };
  const { ask, log } = await serve({ authenticate: async () => fail() });
  const { status, json, text, headers } = await ask('GET', '/secret/paths');
  const number = error.http ?? 50001;
  expect(status).toBe(Math.floor(number / 100));
  expect(json).toEqual({
    error_code: number,
    message: expect.stringMatching(/^[a-z ,]+; its log tells more of request [0-9a-f]{32}$/),
  });
  expect(text).toContain(headers.get('x-request-id'));
  // A fault of the server is logged whole.
  const reason =
    error.http === undefined
      ? { err: expect.objectContaining({ message: error.message }) }
      : { code, reason: error.message };
  expect(log).toContainEqual(
    expect.objectContaining({ requestId: headers.get('x-request-id'), ...reason }),
  );
});

test('whoever has logged in is told what is wrong, and the log has no text that may hold names', async () => {
  const { ask, log } = await serve({
    registryFor: () => {
      throw new SecretregError('record-not-authentic', { what: 'version 1 of secret orders:key' });
    },
  });
  const { json } = await ask('GET', '/secret/paths');
  expect(json).toMatchObject({ message: expect.stringContaining('secret orders:key is damaged') });
  expect(JSON.stringify(log)).not.toContain('orders:key');
});

const AWAY = { place: 'file:/r.db', reason: 'an I/O error' };

test('the log says why somebody who has logged in is not answered', async () => {
  const { ask, log } = await serve({
    registryFor: () => {
      throw new SecretregError('store-unavailable', AWAY);
    },
  });
  await ask('GET', '/secret/paths');
  const reason = 'the registry at file:/r.db cannot be used: an I/O error; nothing was written';
  expect(log).toContainEqual(
    expect.objectContaining({ code: 'store-unavailable', msg: 'not answered', reason }),
  );
});

test('the log says why a server is not ready, its answer does not', async () => {
  const { ask, log } = await serve({
    isReady: () => {
      throw new SecretregError('store-unavailable', AWAY, { cause: new Error('disk I/O error') });
    },
  });
  const { json, text } = await ask('GET', '/health/ready', { as: '' });
  expect(json).toMatchObject({ error_code: 50301 });
  expect(text).not.toContain('I/O');
  const message = expect.stringMatching(
    /file:\/r\.db cannot be used: an I\/O error.*disk I\/O error/,
  );
  expect(log).toContainEqual(
    expect.objectContaining({ code: 'not-ready', err: expect.objectContaining({ message }) }),
  );
});

test('of a cause that may hold names the log has the code', async () => {
  const { ask, log } = await serve({
    isReady: () => {
      throw new SecretregError('record-not-authentic', { what: 'the record secret/orders/key' });
    },
  });
  await ask('GET', '/health/ready', { as: '' });
  expect(log).toContainEqual(expect.objectContaining({ cause: 'record-not-authentic' }));
  expect(JSON.stringify(log)).not.toContain('orders');
});
