import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MasterKey } from '../../src/crypto/master-key.ts';
import { open, type Place, seal, sealedKid } from '../../src/crypto/seal.ts';
import { answers, bytes } from './answers.ts';
import { checkProperty } from './property.ts';

const KEY = MasterKey.fromBytes(bytes(answers.masterKey));
const SALT = bytes(answers.salt);
const PLACE: Place = {
  storeId: bytes(answers.storeId),
  path: 'orders',
  key: 'password',
  version: 3,
  meta: '{"createdBy":"User:alice"}',
};
const NOT_AUTHENTIC = { ok: false, problem: { code: 'record-not-authentic' } };

function find(kid: string): MasterKey | undefined {
  return kid === KEY.kid ? KEY : undefined;
}

describe('known answers', () => {
  test.each(answers.sealed)('$title', ({ label, plaintext, sealed, ...answer }) => {
    const { path, key, version, meta } = answer;
    const where = { storeId: PLACE.storeId, path, key, version, meta };
    const made = seal(KEY, where, bytes(plaintext), SALT, label);
    expect(Buffer.from(made).toString('hex')).toBe(sealed);
    expect(open(find, where, bytes(sealed), label)).toEqual({ ok: true, value: bytes(plaintext) });
    expect(sealedKid(bytes(sealed))).toBe(answers.kid);
    expect(made).toHaveLength(102 + bytes(plaintext).length);
  });

  test('a value without a label is a record', () => {
    const unlabelled = seal(KEY, PLACE, Buffer.from('x'), SALT);
    expect(unlabelled).toEqual(seal(KEY, PLACE, Buffer.from('x'), SALT, 'record'));
    expect(open(find, PLACE, unlabelled)).toEqual(open(find, PLACE, unlabelled, 'record'));
    expect(open(find, PLACE, unlabelled).ok).toBe(true);
  });
});

describe('what was sealed opens', () => {
  test('for every place, value, key and label', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    const sample = fc.record({
      key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      salt: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      plaintext: fc.uint8Array({ maxLength: 3_000 }),
      label: fc.constantFrom('record' as const, 'canary' as const, 'audit-key' as const),
      place: fc.record({
        storeId: fc.uint8Array({ minLength: 16, maxLength: 16 }),
        path: text,
        key: text,
        version: fc.maxSafeNat(),
        meta: text,
      }),
    });
    checkProperty('round trip', 3_000, sample, ({ key, salt, plaintext, label, place }) => {
      const masterKey = MasterKey.fromBytes(key);
      const sealed = seal(masterKey, place, plaintext, salt, label);
      const opened = open(
        (kid) => (kid === masterKey.kid ? masterKey : undefined),
        place,
        sealed,
        label,
      );
      expect(opened.ok && Buffer.from(opened.value)).toEqual(Buffer.from(plaintext));
      expect(sealedKid(sealed)).toBe(masterKey.kid);
      expect(sealed).toHaveLength(plaintext.length + 102);
    });
  });

  test('with a value of 256 KiB, and with names far longer than the 1024 bytes of HKDF’s info', () => {
    const long = { ...PLACE, path: 'ü'.repeat(5_000), meta: 'x'.repeat(5_000) };
    const plaintext = Buffer.alloc(256 * 1024, 'secret');
    const opened = open(find, long, seal(KEY, long, plaintext, SALT));
    expect(opened.ok && plaintext.equals(opened.value)).toBe(true);
  });

  test('from the middle of a larger buffer', () => {
    const sealed = seal(KEY, PLACE, Buffer.from('my secret'), SALT);
    const larger = new Uint8Array(sealed.length + 20).fill(0x53);
    larger.set(sealed, 7);
    const opened = open(find, PLACE, larger.subarray(7, 7 + sealed.length));
    expect(opened.ok && Buffer.from(opened.value).toString()).toBe('my secret');
  });

  test('once: each salt makes another ciphertext of the same value', () => {
    const values = [1, 2, 3].map((fill) =>
      Buffer.from(seal(KEY, PLACE, Buffer.from('my secret'), Buffer.alloc(32, fill)))
        .subarray(54)
        .toString('hex'),
    );
    expect(new Set(values)).toHaveLength(3);
  });
});

describe('what cannot be sealed is a fault of the caller', () => {
  test.each([
    ['half of a surrogate pair in the path', { path: 'a\ud800' }],
    ['half of a surrogate pair in the key', { key: '\udc00' }],
    ['half of a surrogate pair in the metadata', { meta: '\ud800' }],
    ['a version below 0', { version: -1 }],
    ['a version beyond 2^53-1', { version: 2 ** 53 }],
    ['half a version', { version: 1.5 }],
    ['no version', { version: Number.NaN }],
    ['no store', { storeId: new Uint8Array(0) }],
    ['a store id of 15 bytes', { storeId: new Uint8Array(15) }],
  ])('%s; to open there is refused without a throw', (_, change) => {
    const place = { ...PLACE, ...change };
    expect(() => seal(KEY, place, Buffer.from('x'), SALT)).toThrow(
      new RangeError('a place that nothing can be sealed for'),
    );
    expect(open(find, place, seal(KEY, PLACE, Buffer.from('x'), SALT))).toEqual(NOT_AUTHENTIC);
  });

  test.each([0, 16, 31, 33])('a salt of %i bytes', (length) => {
    expect(() => seal(KEY, PLACE, Buffer.from('x'), Buffer.alloc(length))).toThrow(
      new RangeError('a salt is 32 bytes'),
    );
  });

  test('U+FFFD, which a lone surrogate would become, is a place of its own', () => {
    const sealed = seal(KEY, { ...PLACE, path: '\ufffd' }, Buffer.from('x'), SALT);
    expect(open(find, { ...PLACE, path: '\ud800' }, sealed)).toEqual(NOT_AUTHENTIC);
  });
});

describe('what is no sealed value is not authentic', () => {
  const sealed = seal(KEY, PLACE, Buffer.alloc(0), SALT);

  test.each([0, 1, 5, 6, 22, 54, 86, 101])('the first %i bytes of one', (length) => {
    expect(open(find, PLACE, sealed.subarray(0, length))).toEqual(NOT_AUTHENTIC);
    expect(sealedKid(sealed.subarray(0, length))).toBeUndefined();
  });

  test.each([
    ['the magic', 0, 0x73],
    ['the version in the magic', 3, 0x02],
    ['the suite', 4, 0x02],
    ['the flags', 5, 0x01],
  ])('one with another byte in %s', (_, at, byte) => {
    const changed = Uint8Array.from(sealed);
    changed[at] = byte;
    expect(open(() => KEY, PLACE, changed)).toEqual(NOT_AUTHENTIC);
    expect(sealedKid(changed)).toBeUndefined();
  });
});

describe('the commitment', () => {
  test('stands before decryption: a ciphertext with a good tag does not open under a key that it was not made for', () => {
    const sealed = Buffer.from(seal(KEY, PLACE, Buffer.from('my secret'), SALT));
    // All but the commitment is whole, so that GCM alone would open it.
    for (let at = 54; at < 86; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 0x80, at);
      expect(open(find, PLACE, changed)).toEqual(NOT_AUTHENTIC);
    }
  });
});

test('a value under a master key that is not there is told apart, with the kid', () => {
  const other = MasterKey.fromBytes(Buffer.alloc(32, 0x51));
  const sealed = seal(other, PLACE, Buffer.from('x'), SALT);
  const problem = { code: 'unknown-master-key', kid: other.kid };
  expect(open(find, PLACE, sealed)).toEqual({ ok: false, problem });
});
