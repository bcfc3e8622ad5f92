import { expect, test } from 'vitest';
import { search } from './forms.ts';

const SECRET = 'canary-é"\\/+~ 1';

test.each<[string, (text: string) => string | Buffer]>([
  ['as it is', (text) => `before ${text} behind`],
  ['as base64', (text) => Buffer.from(`user:${text}`).toString('base64')],
  ['as base64 that begins one later', (text) => Buffer.from(`xuser:${text}`).toString('base64')],
  ['as base64 that begins two later', (text) => Buffer.from(`xxuser:${text}`).toString('base64')],
  ['as base64 of URLs', (text) => Buffer.from(`>>>${text}???`).toString('base64url')],
  ['as hex', (text) => Buffer.from(text).toString('hex')],
  ['in a URL', (text) => `/secret?value=${encodeURIComponent(text)}`],
  ['in JSON', (text) => JSON.stringify({ value: text })],
  ['in JSON of ASCII alone', (text) => JSON.stringify(text).replaceAll('é', '\\u00e9')],
  ['in bytes', (text) => Buffer.concat([Buffer.from([0, 255]), Buffer.from(text)])],
])('a secret is found %s', (_, write) => {
  const secrets = new Map([['it', SECRET]]);
  expect(search(new Map([['there', write(SECRET)]]), secrets).hits).toHaveLength(1);
  expect(search(new Map([['there', write('canary')]]), secrets).hits).toEqual([]);
});
