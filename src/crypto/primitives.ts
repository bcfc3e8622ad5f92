// The only calls of ciphers, hashes and key derivation, with the parameters fixed here once: the published
// vectors in fixtures/crypto/ are run against these very functions. Every key is a KeyObject: it does not print
// itself, and OpenSSL takes it three to six times as fast as raw bytes.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomFillSync,
  type ScryptOptions,
  scrypt as scryptCallback,
  scryptSync,
  timingSafeEqual,
} from 'node:crypto';
import { utf8 } from './bytes.ts';

const CIPHER = 'aes-256-gcm';
/** In bytes. Named at each call, for without it Node's GCM accepts tags of 4 to 15 bytes too. */
export const TAG_LENGTH = 16;
/** node:crypto derives from an empty key without a word; Wycheproof's shortest key is this long. */
const MIN_KEY_LENGTH = 16;

/** AES-256-GCM (NIST SP 800-38D): the ciphertext, as long as the plaintext, and its tag. */
export function encrypt(
  key: KeyObject,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array,
): { ciphertext: Uint8Array; tag: Uint8Array } {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(aad);
  const ciphertext = cipher.update(plaintext);
  // GCM is a stream: final() only closes the tag and gives no bytes.
  cipher.final();
  return { ciphertext, tag: cipher.getAuthTag() };
}

/** The plaintext, or undefined where the tag does not fit. `update` gives plaintext unchecked; it is handed out after `final` only. */
export function decrypt(
  key: KeyObject,
  nonce: Uint8Array,
  sealed: { ciphertext: Uint8Array; tag: Uint8Array },
  aad: Uint8Array,
): Uint8Array | undefined {
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_LENGTH });
  decipher.setAAD(aad);
  try {
    decipher.setAuthTag(sealed.tag);
    const plaintext = decipher.update(sealed.ciphertext);
    decipher.final();
    return plaintext;
  } catch {
    return undefined;
  }
}

/** HKDF (RFC 5869). `info` is 1024 bytes at most: a limit of Node's. */
export function hkdf(
  digest: 'sha256' | 'sha512',
  key: KeyObject,
  salt: Uint8Array,
  info: Uint8Array,
  length: number,
): Buffer {
  if ((key.symmetricKeySize ?? 0) < MIN_KEY_LENGTH)
    throw new RangeError('a key too short for HKDF');
  return Buffer.from(hkdfSync(digest, key, salt, info, length));
}

/** HMAC-SHA-256 (RFC 2104): base64 of its 32 bytes, as it is stored. A buffer for each would cost as much again as the hashing. */
export function hmacSha256(key: KeyObject, message: Uint8Array): string {
  return createHmac('sha256', key).update(message).digest('base64');
}

/** scrypt (RFC 7914). */
export function scrypt(
  password: Uint8Array,
  salt: Uint8Array,
  cost: ScryptCost,
  length: number,
): Buffer {
  return scryptSync(password, salt, length, withMemory(cost));
}

/** The same on a thread of the pool, for what a server is asked while it answers others. */
export function scryptOffThread(
  password: Uint8Array,
  salt: Uint8Array,
  cost: ScryptCost,
  length: number,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scryptCallback(password, salt, length, withMemory(cost), (error, derived) =>
      error === null ? resolve(derived) : reject(error),
    );
  });
}

type ScryptCost = { N: number; r: number; p: number };

/** What OpenSSL counts: p blocks, N + 2 lines of the table. Node's own limit, 32 MiB, ends at N = 2^14. */
function withMemory({ N, r, p }: ScryptCost): ScryptOptions {
  return { N, r, p, maxmem: 128 * r * (N + p + 2) };
}

/** Random bytes of the system's generator, fetched in blocks: a call for each id would cost more than the rest of it. */
export function random(length: number): Buffer {
  if (length > RANDOM_BLOCK.length / 16) return randomFillSync(Buffer.alloc(length));
  if (randomAt + length > RANDOM_BLOCK.length) {
    randomFillSync(RANDOM_BLOCK);
    randomAt = 0;
  }
  const source = RANDOM_BLOCK.subarray(randomAt, randomAt + length);
  randomAt += length;
  const bytes = Buffer.from(source);
  // What is handed out may become a key: no second copy stays.
  source.fill(0);
  return bytes;
}

const RANDOM_BLOCK = Buffer.alloc(4096);
let randomAt = RANDOM_BLOCK.length;

export function sha256(message: Uint8Array): Buffer {
  return hash('sha256', message, 'buffer');
}

export function sha512(message: Uint8Array): Buffer {
  return hash('sha512', message, 'buffer');
}

export function secretKey(bytes: Uint8Array): KeyObject {
  return createSecretKey(bytes);
}

/** Compares in constant time. Unequal lengths, which are no secret, make `timingSafeEqual` throw. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The same of MACs and digests as texts, one of which may come from anywhere. */
export function equalTexts(a: string, b: string): boolean {
  return a.isWellFormed() && b.isWellFormed() && equalBytes(utf8(a), utf8(b));
}
