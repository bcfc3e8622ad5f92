import { hkdfSync } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MasterKey,
  masterKeyText,
  newScrypt,
  parseKdf,
  parseMasterKey,
} from '../../src/crypto/master-key.ts';
import { answers, bytes } from './answers.ts';
import { checkProperty } from './property.ts';

const KEY = bytes(answers.masterKey);
const BASE64 = KEY.toString('base64');
const SALT = 'AAECAwQFBgcICQoLDA0ODw==';

function kidOf(text: string): string {
  const parsed = parseMasterKey(text);
  if (!parsed.ok || parsed.value.kind !== 'bytes') throw new Error('not taken as key bytes');
  return parsed.value.key.kid;
}

describe('MasterKey', () => {
  test('has the known kid', () => expect(MasterKey.fromBytes(KEY).kid).toBe(answers.kid));

  test('has one key for MACs of records, derived by RFC 5869 under its label', () => {
    const key = MasterKey.fromBytes(KEY);
    const derived = hkdfSync('sha512', KEY, '', 'secretreg/v1/record-mac', 32);
    expect(key.recordMacKey.export()).toEqual(Buffer.from(derived));
    expect(key.recordMacKey).toBe(key.recordMacKey);
  });

  test.each([0, 16, 31, 33, 64])('refuses %i bytes', (length) => {
    const error = new RangeError('a master key is 32 bytes');
    expect(() => MasterKey.fromBytes(Buffer.alloc(length, 1))).toThrow(error);
    expect(() => masterKeyText(Buffer.alloc(length, 1))).toThrow(error);
  });

  test('prints its kid and nothing of itself, whoever asks', () => {
    const key = MasterKey.fromBytes(KEY);
    void key.recordMacKey;
    const shown = `[master key ${answers.kid}]`;
    expect(String(key)).toBe(shown);
    expect(inspect(key)).toBe(shown);
    expect(inspect({ key }, { showHidden: true, depth: 9 })).toBe(`{ key: ${shown} }`);
    expect(JSON.stringify({ key })).toBe(`{"key":"${shown}"}`);
    expect(inspect(key, { customInspect: false, showHidden: true, depth: 9 })).not.toMatch(
      new RegExp(`${answers.masterKey}|${BASE64}|00 01 02|0, 1, 2`),
    );
    expect(structuredClone(key)).toEqual({ kid: answers.kid });
  });

  test('does not follow the bytes that it was made from', () => {
    const given = Buffer.from(KEY);
    const key = MasterKey.fromBytes(given);
    given.fill(0);
    expect(key.derive(new Uint8Array(0), Buffer.from('secretreg/v1/kid'), 16).toString('hex')).toBe(
      answers.kid,
    );
  });
});

describe('the text of a master key is taken', () => {
  test.each([
    ['as base64', `base64:${BASE64}`],
    ['as hex', `hex:${answers.masterKey}`],
    ['with a final newline', `base64:${BASE64}\n`],
    ['with a final CRLF', `hex:${answers.masterKey}\r\n`],
    ['as keygen writes it', masterKeyText(KEY)],
  ])('%s', (_, text) => expect(kidOf(text)).toBe(answers.kid));

  test('every 32 bytes go out and in again', () => {
    const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
    checkProperty('master key text', 1_000, keys, (key) => {
      fc.pre(new Set(key).size > 1);
      const { kid } = MasterKey.fromBytes(key);
      expect(kidOf(masterKeyText(key))).toBe(kid);
      expect(kidOf(`hex:${Buffer.from(key).toString('hex')}`)).toBe(kid);
    });
  });

  test.each([
    ['of 16 characters', 'sixteen letters!'],
    ['of 16 characters beyond the basic plane', '💧🔥'.repeat(8)],
    ['with white space at both ends', '  correct horse battery  '],
    ['that speaks of hex', 'a hex: is laid upon this'],
    ['that is hex without saying so', answers.masterKey],
  ])('as a passphrase %s', (_, text) => {
    expect(parseMasterKey(text)).toMatchObject({ ok: true, value: { kind: 'passphrase' } });
  });
});

describe('the text of a master key is malformed', () => {
  test.each([
    ['base64 of 31 bytes', `base64:${KEY.subarray(1).toString('base64')}`],
    ['base64 of 33 bytes', `base64:${Buffer.alloc(33, 5).toString('base64')}`],
    ['base64 without padding', `base64:${BASE64.slice(0, -1)}`],
    ['base64 with spare bits', `base64:${BASE64.slice(0, -2)}9=`],
    ['base64url', `base64:${Buffer.alloc(32, 'ûÿ').toString('base64url')}=`],
    ['base64 with a space inside', `base64:${BASE64.slice(0, 20)} ${BASE64.slice(20)}`],
    ['base64 behind a space', `base64: ${BASE64}`],
    ['base64 with two newlines', `base64:${BASE64}\n\n`],
    ['nothing behind base64:', 'base64:'],
    ['hex of 31 bytes', `hex:${answers.masterKey.slice(2)}`],
    ['hex of 33 bytes', `hex:${answers.masterKey}00`],
    ['hex with a wrong digit', `hex:${answers.masterKey.slice(1)}g`],
    ['hex in capitals', `hex:${answers.masterKey.toUpperCase()}`],
    ['hex with a newline inside', `hex:${answers.masterKey}\nx`],
    ['a prefix in capitals', `BASE64:${BASE64}`],
    ['a prefix behind a byte order mark', `\ufeffbase64:${BASE64}`],
    ['a prefix behind a newline', `\nhex:${answers.masterKey}`],
    ['a space before the colon', `hex :${answers.masterKey}`],
    ['a binary key read as text', Buffer.from(KEY.map((byte) => byte | 0x80)).toString()],
    ['half of a surrogate pair', 'a long passphrase \ud800'],
  ])('%s', (_, text) => {
    const parsed = parseMasterKey(text);
    expect(parsed).toMatchObject({ ok: false, problem: { code: 'master-key-malformed' } });
    const isText = /^\s*(?:base64|hex)\s*:/i.test(text);
    expect(!parsed.ok && parsed.problem.reason).toContain(
      isText ? "neither 'base64:'" : 'not UTF-8',
    );
    expect(JSON.stringify(parsed)).not.toContain(BASE64.slice(0, 12));
    expect(JSON.stringify(parsed)).not.toContain(answers.masterKey.slice(8, 20));
  });
});

describe('the text of a master key is refused', () => {
  test.each([
    ['it is empty', '', 'fewer than 16 characters'],
    ['it is a newline', '\n', 'fewer than 16 characters'],
    ['it has 15 characters', 'fifteen letters', 'fewer than 16 characters'],
    ['it has 15 characters of two code units', '💧🔥'.repeat(7) + '💧', 'fewer than 16 characters'],
    ['it has 16 with its newline', 'fifteen letters\n', 'fewer than 16 characters'],
    ['all characters are equal', 'x'.repeat(40), 'all its characters are equal'],
    [
      'all characters beyond the basic plane are equal',
      '💧'.repeat(20),
      'all its characters are equal',
    ],
    [
      'all bytes of base64 are equal',
      `base64:${Buffer.alloc(32).toString('base64')}`,
      'all its bytes are equal',
    ],
    ['all bytes of hex are equal', `hex:${'7f'.repeat(32)}`, 'all its bytes are equal'],
    [
      'it stands in Confluent’s documentation',
      '39ff95832750c0090d84ddf5344583832efe91ef',
      'published',
    ],
    [
      'it stands there, and ends with a newline',
      '39ff95832750c0090d84ddf5344583832efe91ef\r\n',
      'published',
    ],
    [
      'it stands there, and is in capitals',
      '39FF95832750C0090D84DDF5344583832EFE91EF ',
      'published',
    ],
    ['it is the second published key', 'password1234', 'published'],
    ['it is the third', 'my_master_key', 'published'],
    ['it is the fourth', 'connect-secret-registry-secret', 'published'],
  ])('%s', (_, text, reason) => {
    const parsed = parseMasterKey(text);
    expect(parsed).toMatchObject({ ok: false, problem: { code: 'master-key-refused' } });
    expect(!parsed.ok && parsed.problem.reason).toContain(reason);
    if (text.trim() !== '') expect(JSON.stringify(parsed)).not.toContain(text.trim());
  });
});

describe('a passphrase', () => {
  test.each(answers.passphrases)('gives key $kid with N=$kdf.N', ({ passphrase, kdf, kid }) => {
    const parsed = parseMasterKey(`${passphrase}\n`);
    if (!parsed.ok || parsed.value.kind !== 'passphrase') throw new Error('not a passphrase');
    const key = parsed.value.derive(kdf);
    expect(key.kid).toBe(kid);
    expect(parsed.value.derive({ ...kdf }), 'derived once for one salt').toBe(key);
    expect(inspect(parsed, { showHidden: true, depth: 9 })).not.toContain('horse');
  });

  test('is another key under another salt, N or p', () => {
    const parsed = parseMasterKey('correct horse battery');
    if (!parsed.ok || parsed.value.kind !== 'passphrase') throw new Error('not a passphrase');
    const passphrase = parsed.value;
    const kdf = { name: 'scrypt', N: 2 ** 15, r: 8, p: 1, salt: SALT } as const;
    const other = Buffer.alloc(16, 9).toString('base64');
    const kids = [kdf, { ...kdf, salt: other }, { ...kdf, N: 2 ** 16 }, { ...kdf, p: 2 }].map(
      (one) => passphrase.derive(one).kid,
    );
    expect(new Set(kids)).toHaveLength(4);
  });

  test('is no key without a derivation', () => {
    const parsed = parseMasterKey('correct horse battery');
    if (!parsed.ok || parsed.value.kind !== 'passphrase') throw new Error('not a passphrase');
    const passphrase = parsed.value;
    expect(() => passphrase.derive({ name: 'none' })).toThrow(
      new TypeError('a passphrase is no key without a derivation'),
    );
  });
});

describe('the derivation in a descriptor', () => {
  const good = { name: 'scrypt', N: 131072, r: 8, p: 1, salt: SALT };

  test('a new one is N=2^17, r=8, p=1 with the salt', () => {
    expect(newScrypt(Buffer.from(SALT, 'base64'))).toEqual(good);
    expect(() => newScrypt(Buffer.alloc(15))).toThrow(new RangeError('a salt is 16 bytes'));
  });

  test.each([
    ['none', { name: 'none' }],
    ['the usual one', good],
    ['the least N', { ...good, N: 2 ** 15 }],
    ['the greatest N and p', { ...good, N: 2 ** 18, p: 4 }],
  ])('is read: %s', (_, value) => expect(parseKdf(value)).toEqual({ ok: true, value }));

  const NOT_KNOWN = 'names a derivation that this version does not know';
  const N_RANGE = 'has an N that is no power of two from 2^15 to 2^18';
  const P_RANGE = 'has a p that is not 1, 2, 3 or 4';
  const SALT_FORM = 'has a salt that is not base64 of 16 bytes';
  const ALONE = "is 'none', but has parameters";

  test.each([
    ['nothing', undefined, 'is not an object'],
    ['null', null, 'is not an object'],
    ['a text', 'none', 'is not an object'],
    ['a list', [], NOT_KNOWN],
    ['no name', {}, NOT_KNOWN],
    ['another name', { ...good, name: 'argon2id' }, NOT_KNOWN],
    ['N of 2^14', { ...good, N: 2 ** 14 }, N_RANGE],
    ['N of 2^19', { ...good, N: 2 ** 19 }, N_RANGE],
    ['N that is no power of two', { ...good, N: 2 ** 17 + 1 }, N_RANGE],
    ['N as text', { ...good, N: '131072' }, N_RANGE],
    ['no N', { name: 'scrypt', r: 8, p: 1, salt: SALT }, N_RANGE],
    ['another r', { ...good, r: 9 }, 'has an r other than 8'],
    ['p of 0', { ...good, p: 0 }, P_RANGE],
    ['p of 5', { ...good, p: 5 }, P_RANGE],
    ['p of one and a half', { ...good, p: 1.5 }, P_RANGE],
    ['a salt of 15 bytes', { ...good, salt: Buffer.alloc(15).toString('base64') }, SALT_FORM],
    ['a salt of 17 bytes', { ...good, salt: Buffer.alloc(17).toString('base64') }, SALT_FORM],
    ['a salt that is not canonical', { ...good, salt: SALT.replace('==', '') }, SALT_FORM],
    ['a salt that is no text', { ...good, salt: 1 }, SALT_FORM],
    [
      'a member that is not known',
      { ...good, pepper: true },
      'has members that this version does not know',
    ],
    ['none with parameters', { ...good, name: 'none' }, ALONE],
    ['none with N', { name: 'none', N: 2 ** 17 }, ALONE],
    ['none with r', { name: 'none', r: 8 }, ALONE],
    ['none with p', { name: 'none', p: 1 }, ALONE],
    ['none with a salt', { name: 'none', salt: SALT }, ALONE],
  ])('is refused: %s', (_, value, problem) => {
    expect(parseKdf(value)).toEqual({ ok: false, problem });
  });
});
