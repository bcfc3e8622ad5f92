// SRG1, the sealed value, as docs/security.md tells it for whoever writes another reader. A random salt makes a key that is
// used once, so no nonce has to be watched (NIST SP 800-38D, 8.3). A commitment to key and place stands before the
// ciphertext: a record that was moved is refused before it is decrypted, and no ciphertext opens under two keys (as in AWS
// Encryption SDK 0x0478).
//
//   0 magic 4 | 4 suite 1 | 5 flags 1 | 6 kid 16 | 22 salt 32 | 54 commitment 32 | 86 ciphertext n | 86+n tag 16
import type { KeyObject } from 'node:crypto';
import { ok, type Result, refused } from '../domain/result.ts';
import { lengthPrefixed, u64 } from './bytes.ts';
import type { MasterKey } from './master-key.ts';
import { decrypt, encrypt, equalBytes, secretKey, sha512, TAG_LENGTH } from './primitives.ts';

/** Where a sealed value belongs; it opens nowhere else. */
export interface Place {
  /** 16 bytes. */
  storeId: Uint8Array;
  path: string;
  key: string;
  /** 0 … 2^53−1. */
  version: number;
  /** Canonical JSON of what else is bound. */
  meta: string;
}

/** What the value is for; a value sealed for one use opens for no other. */
export type SealLabel = 'record' | 'canary' | 'audit-key' | 'password';

/** `record-not-authentic` is damage and every kind of tampering alike: which part did not fit is told to nobody. */
export type OpenProblem =
  | { code: 'unknown-master-key'; kid: string }
  | { code: 'record-not-authentic' };

/** Seals. `salt` is 32 random bytes, never used before. */
export function seal(
  key: MasterKey,
  place: Place,
  plaintext: Uint8Array,
  salt: Uint8Array,
  label: SealLabel = 'record',
): Uint8Array {
  if (salt.length !== SALT_LENGTH) throw new RangeError('a salt is 32 bytes');
  if (!isPlace(place)) throw new RangeError('a place that nothing can be sealed for');
  const sealed = Buffer.allocUnsafe(LEAST_LENGTH + plaintext.length);
  PREFIX.copy(sealed);
  sealed.write(key.kid, KID_AT, 'hex');
  sealed.set(salt, SALT_AT);
  const aad = bind(LABELS[label], sealed.subarray(0, COMMITMENT_AT), place);
  const keys = deriveKeys(key, LABELS[label], salt, aad);
  const { ciphertext, tag } = encrypt(keys.key, keys.nonce, plaintext, aad);
  sealed.set(keys.commitment, COMMITMENT_AT);
  sealed.set(ciphertext, CIPHERTEXT_AT);
  sealed.set(tag, CIPHERTEXT_AT + ciphertext.length);
  return sealed;
}

/** Opens what was sealed for this place and label. `keys` finds a master key by its kid. */
export function open(
  keys: (kid: string) => MasterKey | undefined,
  place: Place,
  sealed: Uint8Array,
  label: SealLabel = 'record',
): Result<Uint8Array, OpenProblem> {
  const kid = sealedKid(sealed);
  if (kid === undefined || !isPlace(place)) return refused({ code: 'record-not-authentic' });
  const masterKey = keys(kid);
  if (masterKey === undefined) return refused({ code: 'unknown-master-key', kid });
  const aad = bind(LABELS[label], sealed.subarray(0, COMMITMENT_AT), place);
  const salt = sealed.subarray(SALT_AT, COMMITMENT_AT);
  const { key, nonce, commitment } = deriveKeys(masterKey, LABELS[label], salt, aad);
  if (!equalBytes(commitment, sealed.subarray(COMMITMENT_AT, CIPHERTEXT_AT))) {
    return refused({ code: 'record-not-authentic' });
  }
  const tagAt = sealed.length - TAG_LENGTH;
  const parts = { ciphertext: sealed.subarray(CIPHERTEXT_AT, tagAt), tag: sealed.subarray(tagAt) };
  const plaintext = decrypt(key, nonce, parts, aad);
  return plaintext === undefined ? refused({ code: 'record-not-authentic' }) : ok(plaintext);
}

/** The kid that the value says it was sealed under, unproven; undefined where it is no SRG1 value. */
export function sealedKid(sealed: Uint8Array): string | undefined {
  if (sealed.length < LEAST_LENGTH) return undefined;
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, SALT_AT);
  if (!bytes.subarray(0, KID_AT).equals(PREFIX)) return undefined;
  return bytes.toString('hex', KID_AT, SALT_AT);
}

const SUITE = 0x01;
/** Magic `SRG1`, suite, flags. */
const PREFIX = Buffer.from([0x53, 0x52, 0x47, 0x01, SUITE, 0x00]);
const KID_AT = 6;
const SALT_AT = 22;
const COMMITMENT_AT = 54;
const CIPHERTEXT_AT = 86;
const LEAST_LENGTH = CIPHERTEXT_AT + TAG_LENGTH;
const SALT_LENGTH = COMMITMENT_AT - SALT_AT;
const STORE_ID_LENGTH = 16;

const LABELS: Record<SealLabel, Uint8Array> = {
  record: Buffer.from('secretreg/v1/record\0'),
  canary: Buffer.from('secretreg/v1/canary\0'),
  'audit-key': Buffer.from('secretreg/v1/audit-key\0'),
  password: Buffer.from('secretreg/v1/password\0'),
};

/** False for what names no place: nothing was ever sealed there. */
function isPlace({ storeId, path, key, version, meta }: Place): boolean {
  const isText = path.isWellFormed() && key.isWellFormed() && meta.isWellFormed();
  return (
    isText && Number.isSafeInteger(version) && version >= 0 && storeId.length === STORE_ID_LENGTH
  );
}

/** The additional data: label, header, place. */
function bind(label: Uint8Array, header: Uint8Array, place: Place): Uint8Array {
  return Buffer.concat([
    label,
    header,
    lengthPrefixed(place.storeId, place.path, place.key),
    u64(place.version),
    lengthPrefixed(place.meta),
  ]);
}

/** `info` holds the place as a hash: it stays at 88 bytes or less, where Node allows 1024, however long the names are. */
function deriveKeys(
  masterKey: MasterKey,
  label: Uint8Array,
  salt: Uint8Array,
  aad: Uint8Array,
): { key: KeyObject; nonce: Uint8Array; commitment: Uint8Array } {
  const info = Buffer.concat([label, Buffer.of(SUITE), sha512(aad)]);
  const okm = masterKey.derive(salt, info, 76);
  return {
    key: secretKey(okm.subarray(0, 32)),
    nonce: okm.subarray(32, 44),
    commitment: okm.subarray(44),
  };
}
