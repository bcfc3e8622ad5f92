// What a value says of its own end, by certificates that openssl made, and what hostile values come to: nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { endOf } from '../../src/crypto/expiry.ts';
import { MAX_VALUE_BYTES } from '../../src/domain/secret-value.ts';
import { generator } from '../random.ts';
import { DatedCertificates } from './dated-certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'secretreg-expiry-'));
afterAll(() => rmSync(folder, { recursive: true }));

const certificates = new DatedCertificates(folder);
const early = certificates.pem('20300131120000Z');
const late = certificates.pem('20360601000000Z');
const endless = certificates.pem('99991231235959Z');
const key = certificates.key();
const derOf = (pem: string) => pem.replaceAll(/-----[^-]+-----|\s/g, '');

const EARLY = '2030-01-31T12:00:00.000Z';

describe('a certificate', () => {
  test.each([
    ['alone', early, EARLY],
    ['with ends of lines as Windows has them', early.replaceAll('\n', '\r\n'), EARLY],
    ['in one line, as a properties file has it', early.trim().replaceAll('\n', '\\n'), EARLY],
    ['in one line with spaces, as Kafka takes it', early.trim().replaceAll('\n', ' '), EARLY],
    ['behind its key', key + early, EARLY],
    ['before its key', early + key, EARLY],
    ['under a text that people put above', `subject=CN = x\n- - -\n${early}`, EARLY],
    ['first of a chain that ends later', early + late, EARLY],
    ['in a chain whose second one ends earlier', late + early, EARLY],
    ['without an end, in a chain', endless + late, '2036-06-01T00:00:00.000Z'],
    ['beside one that cannot be read', early + late.replace('MII', 'AAA'), EARLY],
    ['16 in a chain', early + late.repeat(15), EARLY],
  ])('%s', (_, value, end) => {
    expect(endOf(value)).toBe(end);
  });

  test.each([
    ['without an end (RFC 5280)', endless],
    ['17 of them: a bundle of authorities', early + late.repeat(16)],
    ['in base64 of DER', derOf(early)],
    ['in a PKCS #12 store in base64', certificates.pkcs12(early).toString('base64')],
    ['cut off', early.slice(0, 300)],
    ['without its last line', early.replace(/-----END[^]*$/, '')],
    ['with a body of nothing', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----'],
    ['a request', early.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST')],
    ['a key alone', key],
  ])('%s says no end', (_, value) => {
    expect(endOf(value)).toBeUndefined();
  });
});

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: unknown, head: unknown = { alg: 'RS256', typ: 'JWT' }, signature = 'c2ln') =>
  `${part(head)}.${part(claims)}.${signature}`;
const rawJwt = (claims: string) =>
  `${part({ alg: 'none' })}.${Buffer.from(claims).toString('base64url')}.`;

describe('a JWT', () => {
  test.each([
    ['with exp', jwt({ exp: 1_893_499_200 }), '2030-01-01T12:00:00.000Z'],
    ['with a fraction', jwt({ exp: 1_893_499_200.25 }), '2030-01-01T12:00:00.250Z'],
    [
      'without a signature',
      jwt({ exp: 1_893_499_200 }, { alg: 'none' }, ''),
      '2030-01-01T12:00:00.000Z',
    ],
    ['with a new line behind', `${jwt({ exp: 1_893_499_200 })}\n`, '2030-01-01T12:00:00.000Z'],
    ['that ended long ago', jwt({ exp: 0 }), '1970-01-01T00:00:00.000Z'],
  ])('%s', (_, value, end) => {
    expect(endOf(value)).toBe(end);
  });

  test.each([
    ['without exp', jwt({ sub: 'x' })],
    ['with exp as text', jwt({ exp: '1893499200' })],
    ['with exp of another object', rawJwt('{"__proto__":{"exp":1893499200}}')],
    ['with an exp beyond the years', jwt({ exp: 1e15 })],
    ['with an exp beyond numbers', rawJwt('{"exp":1e999}')],
    ['with claims that are a list', jwt([1])],
    ['with claims that are nothing', jwt(null)],
    ['with claims that are no JSON', rawJwt('{"exp":1893499200')],
    ['whose head names no algorithm', jwt({ exp: 1_893_499_200 }, { typ: 'JWT' })],
    ['whose head is no JSON: any three words with dots', 'db.example.com'],
    ['of five parts: an encrypted one', `${jwt({ exp: 1_893_499_200 })}.a.b`],
    ['behind a word', `Bearer ${jwt({ exp: 1_893_499_200 })}`],
  ])('%s says no end', (_, value) => {
    expect(endOf(value)).toBeUndefined();
  });
});

describe('the longest value that there can be', () => {
  const fill = (text: string) => text.repeat(Math.floor(MAX_VALUE_BYTES / text.length));
  const BEGIN = '-----BEGIN CERTIFICATE-----';
  const half = MAX_VALUE_BYTES / 2;
  // One that took more than one pass would run into the time that a test has.
  test.each([
    ['beginnings without an end', fill(BEGIN)],
    ['ends without a beginning', BEGIN + fill('-----END CERTIFICATE-----')],
    ['empty certificates', fill(`${BEGIN}-----END CERTIFICATE-----`)],
    ['hyphens', BEGIN + fill('-')],
    ['one certificate of nothing but A', `${BEGIN}${fill('A').slice(60)}-----END CERTIFICATE-----`],
    ['one certificate of escapes', `${BEGIN}${fill('\\n').slice(60)}-----END CERTIFICATE-----`],
    [
      'DER nested as deep as it goes',
      `${BEGIN}${Buffer.from('3080'.repeat(90_000), 'hex').toString('base64')}-----END CERTIFICATE-----`,
    ],
    ['dots', fill('.')],
    ['parts of a token', fill('a.')],
    ['one part', fill('a')],
    ['white space', fill(' \n')],
    ['claims nested as deep as it goes', rawJwt('['.repeat(half))],
    ['claims of objects, as deep as it goes', rawJwt('{"a":'.repeat(half / 5))],
    [
      'claims with as many members as there is room for',
      rawJwt(`{${fill('"exp":1,').slice(0, half)}"exp":1e99}`),
    ],
  ])('of %s says no end', (_, value) => {
    expect(endOf(value)).toBeUndefined();
  });
});

test('10,000 certificates and tokens with random changes neither throw nor make up another kind of time', () => {
  const next = generator(5);
  const token = jwt({ exp: 1_893_499_200 });
  for (let i = 0; i < 10_000; i += 1) {
    const text = i % 2 === 0 ? early : token;
    const at = Math.floor(next() * text.length);
    const changed =
      text.slice(0, at) + String.fromCodePoint(Math.floor(next() * 256)) + text.slice(at + 1);
    expect(endOf(changed) ?? '0000-00-00T00:00:00.000Z').toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    );
  }
});
