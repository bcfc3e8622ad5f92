import { expect, test } from 'vitest';
import {
  hashPassword,
  NOBODYS_PASSWORD,
  parsePasswordHash,
  verifyPassword,
} from '../../src/crypto/passwords.ts';
import { random, scrypt, scryptOffThread } from '../../src/crypto/primitives.ts';
import { answers } from './answers.ts';

const SALT = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const SALT_TEXT = 'AAECAwQFBgcICQoLDA0ODw';
const HASH_TEXT = 'A'.repeat(43);

test('a hash is the PHC text of scrypt with N 2^15, r 8, p 3', async () => {
  const derived = scrypt(Buffer.from('pleaseletmein'), SALT, { N: 2 ** 15, r: 8, p: 3 }, 32);
  const text = derived.toString('base64').replaceAll('=', '');
  expect(await hashPassword('pleaseletmein', SALT)).toBe(
    `$scrypt$ln=15,r=8,p=3$${SALT_TEXT}$${text}`,
  );
});

test.each(answers.passwords)('the known password has the hash $phc', async (answer) => {
  const { password, salt, phc } = answer;
  expect(await hashPassword(password, Buffer.from(salt, 'base64'))).toBe(phc);
  expect(await verifyPassword(phc, password)).toBe(true);
});

test.each([0, 15, 17])('a salt of %i bytes is a fault of the caller', async (length) => {
  await expect(hashPassword('x', Buffer.alloc(length))).rejects.toThrow('a salt is 16 bytes');
});

test('off the thread the derivation is that of RFC 7914, section 12', async () => {
  const derived = await scryptOffThread(
    Buffer.from('pleaseletmein'),
    Buffer.from('SodiumChloride'),
    { N: 16384, r: 8, p: 1 },
    64,
  );
  expect(derived.toString('hex')).toBe(
    '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
      'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
  );
});

test('the password fits its own hash and no other, in either Unicode form', async () => {
  const phc = await hashPassword('pässwort', random(16));
  expect(await verifyPassword(phc, 'pa\u0308sswort')).toBe(true);
  for (const other of ['passwort', 'Pässwort', 'pässwort ', '', '\ud800'])
    expect(await verifyPassword(phc, other)).toBe(false);
});

test.each([
  ['', 'is not of the form'],
  [`scrypt$ln=15,r=8,p=3$${SALT_TEXT}$${HASH_TEXT}`, 'is not of the form'],
  [`x$scrypt$ln=15,r=8,p=3$${SALT_TEXT}$${HASH_TEXT}`, 'is not of the form'],
  [`$scrypt$ln=15,r=8,p=3$${SALT_TEXT}`, 'is not of the form'],
  [`$scrypt$ln=15,r=8,p=3$${SALT_TEXT}$${HASH_TEXT}$`, 'is not of the form'],
  [`$argon2id$ln=15,r=8,p=3$${SALT_TEXT}$${HASH_TEXT}`, 'is not of the form'],
  [`$scrypt$ln=1,r=8,p=3$${SALT_TEXT}$${HASH_TEXT}`, 'has parameters'],
  [`$scrypt$ln=14,r=8,p=3$${SALT_TEXT}$${HASH_TEXT}`, 'has parameters'],
  [`$scrypt$ln=18,r=8,p=3$${SALT_TEXT}$${HASH_TEXT}`, 'has parameters'],
  [`$scrypt$ln=15,r=16,p=3$${SALT_TEXT}$${HASH_TEXT}`, 'has parameters'],
  [`$scrypt$ln=15,r=8,p=5$${SALT_TEXT}$${HASH_TEXT}`, 'has parameters'],
  [`$scrypt$ln=015,r=8,p=3$${SALT_TEXT}$${HASH_TEXT}`, 'has parameters'],
  [`$scrypt$r=8,ln=15,p=3$${SALT_TEXT}$${HASH_TEXT}`, 'has parameters'],
  [`$scrypt$ln=15,r=8,p=3$$${HASH_TEXT}`, 'has a salt'],
  [`$scrypt$ln=15,r=8,p=3$${SALT_TEXT}==$${HASH_TEXT}`, 'has a salt'],
  [`$scrypt$ln=15,r=8,p=3$AAECAwQFBgcICQoLDA0ODx$${HASH_TEXT}`, 'has a salt'],
  [`$scrypt$ln=15,r=8,p=3$${SALT_TEXT}$`, 'has a hash'],
  [`$scrypt$ln=15,r=8,p=3$${SALT_TEXT}$${HASH_TEXT}A`, 'has a hash'],
  [`$scrypt$ln=15,r=8,p=3$${SALT_TEXT}$${'A'.repeat(42)}`, 'has a hash'],
])('%s is refused, and no password fits it', async (phc, problem) => {
  const parsed = parsePasswordHash(phc);
  expect(parsed).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  expect(await verifyPassword(phc, '')).toBe(false);
});

test("nobody's password is a text like any other, which costs the same", async () => {
  expect(parsePasswordHash(NOBODYS_PASSWORD)).toMatchObject({
    ok: true,
    value: { cost: { N: 2 ** 15, r: 8, p: 3 } },
  });
  expect(await verifyPassword(NOBODYS_PASSWORD, '')).toBe(false);
});
