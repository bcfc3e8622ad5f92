import { describe, expect, test } from 'vitest';
import {
  decrypt,
  encrypt,
  equalBytes,
  equalTexts,
  hkdf,
  hmacSha256,
  scrypt,
  secretKey,
} from '../../src/crypto/primitives.ts';
import { bytes, fixture } from './answers.ts';

interface Vector {
  tcId: number;
  comment: string;
  result: 'valid' | 'invalid';
}

describe('AES-256-GCM, with Wycheproof', () => {
  type Gcm = Vector & {
    key: string;
    iv: string;
    aad: string;
    msg: string;
    ct: string;
    tag: string;
  };
  const vectors = fixture('wycheproof-aes-256-gcm.json') as Gcm[];

  test('all 66 vectors are there', () => expect(vectors).toHaveLength(66));

  test.each(vectors)('$tcId $comment ($result)', (vector) => {
    const key = secretKey(bytes(vector.key));
    const [nonce, aad] = [bytes(vector.iv), bytes(vector.aad)];
    const sealed = { ciphertext: bytes(vector.ct), tag: bytes(vector.tag) };
    const opened = decrypt(key, nonce, sealed, aad);
    if (vector.result === 'invalid') return expect(opened).toBeUndefined();
    expect(opened && Buffer.from(opened).toString('hex')).toBe(vector.msg);
    expect(encrypt(key, nonce, bytes(vector.msg), aad)).toEqual(sealed);
  });

  test.each(Array.from({ length: 16 }, (_, length) => length))(
    'a right tag cut to %i bytes is refused',
    (length) => {
      const { key, iv, aad, ct, tag } = vectors.find((one) => one.result === 'valid')!;
      const sealed = { ciphertext: bytes(ct), tag: bytes(tag).subarray(0, length) };
      expect(decrypt(secretKey(bytes(key)), bytes(iv), sealed, bytes(aad))).toBeUndefined();
    },
  );
});

describe.each([
  ['sha256', 86],
  ['sha512', 83],
] as const)('HKDF-%s, with Wycheproof', (digest, count) => {
  type Hkdf = Vector & { ikm: string; salt: string; info: string; size: number; okm: string };
  const vectors = fixture(`wycheproof-hkdf-${digest}.json`) as Hkdf[];

  test(`all ${count} vectors are there`, () => expect(vectors).toHaveLength(count));

  test.each(vectors)('$tcId $comment $size bytes ($result)', (vector) => {
    const run = () =>
      hkdf(
        digest,
        secretKey(bytes(vector.ikm)),
        bytes(vector.salt),
        bytes(vector.info),
        vector.size,
      );
    if (vector.result === 'invalid') expect(run).toThrow();
    else expect(run().toString('hex')).toBe(vector.okm);
  });
});

describe('HKDF-SHA-256, with RFC 5869, appendix A', () => {
  test.each([
    {
      title: 'A.1',
      ikm: Buffer.alloc(22, 0x0b),
      salt: range(0, 13),
      info: range(0xf0, 10),
      okm: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    },
    {
      title: 'A.2, longer inputs and outputs',
      ikm: range(0, 80),
      salt: range(0x60, 80),
      info: range(0xb0, 80),
      okm:
        'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09' +
        'da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
    },
    {
      title: 'A.3, no salt and no info',
      ikm: Buffer.alloc(22, 0x0b),
      salt: Buffer.alloc(0),
      info: Buffer.alloc(0),
      okm: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    },
  ])('$title', ({ ikm, salt, info, okm }) => {
    expect(hkdf('sha256', secretKey(ikm), salt, info, okm.length / 2).toString('hex')).toBe(okm);
  });

  test.each([0, 1, 15])('a key of %i bytes is refused, which node:crypto would take', (length) => {
    const key = secretKey(Buffer.alloc(length, 7));
    expect(() => hkdf('sha512', key, Buffer.alloc(0), Buffer.alloc(0), 32)).toThrow(RangeError);
  });
});

describe('HMAC-SHA-256, with Wycheproof', () => {
  type Hmac = Vector & { key: string; msg: string; tag: string };
  const vectors = fixture('wycheproof-hmac-sha256.json') as Hmac[];

  test('all 87 vectors are there', () => expect(vectors).toHaveLength(87));

  test.each(vectors)('$tcId $comment ($result)', (vector) => {
    const mac = hmacSha256(secretKey(bytes(vector.key)), bytes(vector.msg));
    expect(equalTexts(mac, bytes(vector.tag).toString('base64'))).toBe(vector.result === 'valid');
  });
});

describe('scrypt, with RFC 7914, section 12', () => {
  // The fourth of the RFC's answers wants 1 GiB of memory, four times what parseKdf lets through.
  test.each([
    {
      password: '',
      salt: '',
      cost: { N: 16, r: 1, p: 1 },
      key:
        '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442' +
        'fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906',
    },
    {
      password: 'password',
      salt: 'NaCl',
      cost: { N: 1024, r: 8, p: 16 },
      key:
        'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162' +
        '2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
    },
    {
      password: 'pleaseletmein',
      salt: 'SodiumChloride',
      cost: { N: 16384, r: 8, p: 1 },
      key:
        '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
        'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
    },
  ])("'$password' with '$salt'", ({ password, salt, cost, key }) => {
    const derived = scrypt(Buffer.from(password), Buffer.from(salt), cost, 64);
    expect(derived.toString('hex')).toBe(key);
  });

  test('the dearest derivation that parseKdf lets through finds its memory', () => {
    const cost = { N: 2 ** 18, r: 8, p: 4 };
    expect(scrypt(Buffer.from('x'), Buffer.alloc(16), cost, 32)).toHaveLength(32);
  });
});

describe('comparing', () => {
  test.each([
    { title: 'equal bytes', a: '0102', b: '0102', equal: true },
    { title: 'nothing and nothing', a: '', b: '', equal: true },
    { title: 'one other bit', a: '0102', b: '0103', equal: false },
    { title: 'a shorter one, where timingSafeEqual throws', a: '0102', b: '01', equal: false },
    { title: 'nothing', a: '0102', b: '', equal: false },
  ])('$title: $equal', ({ a, b, equal }) => {
    expect(equalBytes(bytes(a), bytes(b))).toBe(equal);
  });
});

function range(from: number, length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => from + i));
}
