// Passwords, stored as scrypt in PHC form: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`, base64 without padding. The strength is
// OWASP's for 32 MiB of memory. Derived off the main thread: a log-in takes about 0.15 s, and nobody else waits for it.
import { ok, type Result, refused } from '../domain/result.ts';
import { base64, parseBase64, utf8 } from './bytes.ts';
import { equalBytes, scryptOffThread } from './primitives.ts';

export interface PasswordHash {
  cost: { N: number; r: number; p: number };
  salt: Uint8Array;
  hash: Uint8Array;
}

/** The PHC text to store. `salt` is 16 random bytes, never used before. */
export async function hashPassword(password: string, salt: Uint8Array): Promise<string> {
  if (salt.length !== SALT_LENGTH) throw new RangeError('a salt is 16 bytes');
  const hash = await derive(password, salt, COST);
  return `$scrypt$ln=${Math.log2(COST.N)},r=${COST.r},p=${COST.p}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** Whether this is the password; a PHC text that is refused fits none. Compares in constant time. */
export async function verifyPassword(phc: string, password: string): Promise<boolean> {
  const parsed = parsePasswordHash(phc);
  if (!parsed.ok || !password.isWellFormed()) return false;
  const { cost, salt, hash } = parsed.value;
  return equalBytes(await derive(password, salt, cost), hash);
}

/**
 * Reads a PHC text of scrypt in its one canonical form; the problem is a clause. The limits keep whoever can write the
 * log from making a log-in so dear (128 MiB, half a second) that the server does nothing else.
 */
export function parsePasswordHash(phc: string): Result<PasswordHash, string> {
  const [empty, name, parameters, saltText, hashText, ...others] = phc.split('$');
  if (empty !== '' || name !== 'scrypt' || hashText === undefined || others.length > 0)
    return refused('is not of the form $scrypt$ln=15,r=8,p=3$SALT$HASH');
  const cost = COSTS.get(parameters ?? '');
  if (cost === undefined) return refused('has parameters other than ln=15 to 17, r=8, p=1 to 4');
  const salt = parseUnpadded(saltText ?? '', SALT_LENGTH);
  if (salt === undefined) return refused('has a salt that is not base64 of 16 bytes');
  const hash = parseUnpadded(hashText, HASH_LENGTH);
  if (hash === undefined) return refused('has a hash that is not base64 of 32 bytes');
  return ok({ cost, salt, hash });
}

/** A text that costs a verification what a real one costs, and that no password fits: for users that there are not. */
export const NOBODYS_PASSWORD = `$scrypt$ln=15,r=8,p=3$${'A'.repeat(22)}$${'A'.repeat(43)}`;

const COST = { N: 2 ** 15, r: 8, p: 3 };
const SALT_LENGTH = 16;
const HASH_LENGTH = 32;

const COSTS: ReadonlyMap<string, PasswordHash['cost']> = new Map(
  [15, 16, 17].flatMap((ln) =>
    [1, 2, 3, 4].map((p) => [`ln=${ln},r=8,p=${p}`, { N: 2 ** ln, r: 8, p }] as const),
  ),
);

/** Two keyboards write one letter in two ways (RFC 7617, section 2.1, asks for NFC): both are the same password. */
function derive(
  password: string,
  salt: Uint8Array,
  cost: PasswordHash['cost'],
): Promise<Uint8Array> {
  return scryptOffThread(utf8(password.normalize('NFC')), salt, cost, HASH_LENGTH);
}

function unpadded(bytes: Uint8Array): string {
  return base64(bytes).replaceAll('=', '');
}

function parseUnpadded(text: string, length: number): Buffer | undefined {
  return parseBase64(text + '='.repeat((3 - (length % 3)) % 3), length);
}
