// How long a client waits before it asks again, whatever the server says.
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { pauseFor } from '../../src/client/asking-again.ts';

test.each([
  ['1', 1000],
  ['0', 100],
  ['soon', 100],
  ['', 100],
  ['-5', 0],
  ['-Infinity', 0],
  ['1e300', 2000],
])('Retry-After: %s', (given, pause) => {
  const response = { statusCode: 503, headers: { 'retry-after': given } } as IncomingMessage;
  const body = { isJson: true, value: { error_code: 50301, message: 'not ready' } };
  expect(pauseFor({ method: 'GET', path: '/' }, response, body, 100)).toBe(pause);
});
