import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** HKDF-SHA-512 (RFC 5869) with a 32-byte key. node:crypto would take an empty key without a word. */
export function hkdfSha512(key: KeyObject, salt: Uint8Array, info: Uint8Array, length: number): Buffer {
  if (key.symmetricKeySize !== 32) throw new RangeError('a key of 32 bytes is needed');
  return Buffer.from(hkdfSync('sha512', key, salt, info, length));
}

/** A key object of 32 bytes: with one, node:crypto is several times faster than with raw bytes. */
export function keyObject(bytes: Uint8Array): KeyObject {
  if (bytes.length !== 32) throw new RangeError('a key of 32 bytes is needed');
  return createSecretKey(bytes);
}
