// The master key: 32 bytes from which all other keys are derived. Its text is `base64:…`, `hex:…`, or a passphrase.
import type { KeyObject } from 'node:crypto';
import { ok, type Result, refused } from '../domain/result.ts';
import { base64, parseBase64, utf8 } from './bytes.ts';
import { hkdf, scrypt, secretKey } from './primitives.ts';

/** How the 32 bytes come out of what is given. It stands in the key's descriptor, in the log. */
export type Kdf =
  | { name: 'none' }
  | { name: 'scrypt'; N: number; r: number; p: number /** base64, 16 bytes */; salt: string };

export type MasterKeyInput =
  | { kind: 'bytes'; key: MasterKey }
  /** Takes about 0.3 s, once for each salt. */
  | { kind: 'passphrase'; derive(kdf: Kdf): MasterKey };

/** `reason` is a clause that never shows the key. */
export type MasterKeyProblem = {
  code: 'master-key-malformed' | 'master-key-refused';
  reason: string;
};

const KEY_LENGTH = 32;
const SALT_LENGTH = 16;

export class MasterKey {
  /** Names the key and tells nothing of it: 32 hex digits. */
  readonly kid: string;
  readonly #key: KeyObject;
  #recordMacKey: KeyObject | undefined;

  private constructor(key: KeyObject) {
    this.#key = key;
    this.kid = this.derive(NO_SALT, Buffer.from('secretreg/v1/kid'), 16).toString('hex');
  }

  static fromBytes(bytes: Uint8Array): MasterKey {
    if (bytes.length !== KEY_LENGTH) throw new RangeError('a master key is 32 bytes');
    return new MasterKey(secretKey(bytes));
  }

  /** HKDF-SHA-512 of this key. */
  derive(salt: Uint8Array, info: Uint8Array, length: number): Buffer {
    return hkdf('sha512', this.#key, salt, info, length);
  }

  get recordMacKey(): KeyObject {
    this.#recordMacKey ??= secretKey(
      this.derive(NO_SALT, Buffer.from('secretreg/v1/record-mac'), 32),
    );
    return this.#recordMacKey;
  }

  toString(): string {
    return `[master key ${this.kid}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const NO_SALT = new Uint8Array(0);

/**
 * Reads the text of a key file, variable or setting; one final newline is no part of it. What begins like
 * `base64:` or `hex:` is never taken for a passphrase: a key with a slip in it would silently become another key.
 */
export function parseMasterKey(text: string): Result<MasterKeyInput, MasterKeyProblem> {
  const key = text.replace(/\r?\n$/, '');
  if (/^\s*(?:base64|hex)\s*:/i.test(key)) return parseKeyBytes(key);
  return parsePassphrase(key);
}

/** The way to derive a new passphrase: N = 2^17, RFC 7914's r, OWASP's least p. The salt is 16 random bytes. */
export function newScrypt(salt: Uint8Array): Kdf {
  if (salt.length !== SALT_LENGTH) throw new RangeError('a salt is 16 bytes');
  return { name: 'scrypt', N: 2 ** 17, r: 8, p: 1, salt: base64(salt) };
}

/**
 * Reads the derivation of a descriptor; the problem is a clause. The limits keep whoever can write the log from
 * making the derivation weak, or so dear (256 MiB at most) that no process starts.
 */
export function parseKdf(value: unknown): Result<Kdf, string> {
  if (typeof value !== 'object' || value === null) return refused('is not an object');
  const { name, N, r, p, salt, ...others } = value as Record<string, unknown>;
  if (Object.keys(others).length > 0) return refused('has members that this version does not know');
  if (name === 'none') {
    const alone = N === undefined && r === undefined && p === undefined && salt === undefined;
    return alone ? ok({ name }) : refused("is 'none', but has parameters");
  }
  if (name !== 'scrypt') return refused('names a derivation that this version does not know');
  if (!COSTS.has(N)) return refused('has an N that is no power of two from 2^15 to 2^18');
  if (r !== 8) return refused('has an r other than 8');
  if (!PARALLELISMS.has(p)) return refused('has a p that is not 1, 2, 3 or 4');
  if (typeof salt !== 'string' || parseBase64(salt, SALT_LENGTH) === undefined) {
    return refused('has a salt that is not base64 of 16 bytes');
  }
  return ok({ name, N: N as number, r, p: p as number, salt });
}

/** The text of a key made of these 32 bytes, as `keygen` writes it. */
export function masterKeyText(bytes: Uint8Array): string {
  if (bytes.length !== KEY_LENGTH) throw new RangeError('a master key is 32 bytes');
  return `base64:${base64(bytes)}`;
}

const COSTS: ReadonlySet<unknown> = new Set([2 ** 15, 2 ** 16, 2 ** 17, 2 ** 18]);
const PARALLELISMS: ReadonlySet<unknown> = new Set([1, 2, 3, 4]);

function parseKeyBytes(text: string): Result<MasterKeyInput, MasterKeyProblem> {
  const bytes = decodeKeyBytes(text);
  if (bytes === undefined) {
    return problem(
      'master-key-malformed',
      "it is neither 'base64:' and the 44 characters of 32 bytes, nor 'hex:' and 64 digits 0-9 a-f",
    );
  }
  if (allEqual(bytes)) return problem('master-key-refused', 'all its bytes are equal');
  return ok({ kind: 'bytes', key: MasterKey.fromBytes(bytes) });
}

function decodeKeyBytes(text: string): Uint8Array | undefined {
  if (text.startsWith('base64:')) return parseBase64(text.slice('base64:'.length), KEY_LENGTH);
  if (/^hex:[0-9a-f]{64}$/.test(text)) return Buffer.from(text.slice('hex:'.length), 'hex');
  return undefined;
}

/** Keys that stand in documentation and examples: everybody has them. */
const PUBLISHED: ReadonlySet<string> = new Set([
  '39ff95832750c0090d84ddf5344583832efe91ef',
  'password1234',
  'my_master_key',
  'connect-secret-registry-secret',
]);
const MIN_PASSPHRASE = 16;

function parsePassphrase(text: string): Result<MasterKeyInput, MasterKeyProblem> {
  const characters = Array.from(text);
  // U+FFFD is what reading bytes that are not UTF-8 leaves: most of a binary key would be lost in it.
  if (!text.isWellFormed() || text.includes('\ufffd')) {
    return problem(
      'master-key-malformed',
      "it is not UTF-8 text; 32 raw bytes are written as 'base64:…'",
    );
  }
  if (PUBLISHED.has(text.trim().toLowerCase())) {
    return problem('master-key-refused', 'it is a published example, which everybody knows');
  }
  if (characters.length < MIN_PASSPHRASE) {
    return problem('master-key-refused', `it has fewer than ${MIN_PASSPHRASE} characters`);
  }
  if (allEqual(characters)) return problem('master-key-refused', 'all its characters are equal');
  return ok({ kind: 'passphrase', derive: derivation(utf8(text)) });
}

/** Derives, and remembers what it derived: start-up asks for the same salt more than once. */
function derivation(passphrase: Uint8Array): (kdf: Kdf) => MasterKey {
  const derived = new Map<string, MasterKey>();
  return (kdf) => {
    if (kdf.name === 'none') throw new TypeError('a passphrase is no key without a derivation');
    const id = [kdf.N, kdf.r, kdf.p, kdf.salt].join(' ');
    const known = derived.get(id);
    if (known !== undefined) return known;
    const salt = Buffer.from(kdf.salt, 'base64');
    const key = MasterKey.fromBytes(scrypt(passphrase, salt, kdf, KEY_LENGTH));
    derived.set(id, key);
    return key;
  };
}

function allEqual<T>(items: Iterable<T>): boolean {
  return new Set(items).size === 1;
}

function problem(
  code: MasterKeyProblem['code'],
  reason: string,
): { ok: false; problem: MasterKeyProblem } {
  return refused({ code, reason });
}
