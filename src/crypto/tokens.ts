// Bearer tokens: `srt_<id>_<secret>`. The prefix lets scanners find one that leaked; the id is no secret and finds the
// record; of the secret, 256 random bits, only the SHA-256 is stored: what is that random needs no slow hash.
import { tokenIdIn } from '../domain/token-text.ts';
import { utf8 } from './bytes.ts';
import { sha256 } from './primitives.ts';

/** What every token begins with; what begins so is never taken for another kind of credential. */
export const TOKEN_PREFIX = 'srt_';

/** A token that was just made: the only time that its text is there. */
export interface FreshToken {
  /** 16 digits 0-9 a-f. */
  id: string;
  token: string;
  /** Hex SHA-256 of the whole text. */
  digest: string;
}

export function newToken(random: (length: number) => Uint8Array): FreshToken {
  const id = Buffer.from(random(ID_LENGTH)).toString('hex');
  const token = `${TOKEN_PREFIX}${id}_${Buffer.from(random(SECRET_LENGTH)).toString('base64url')}`;
  return { id, token, digest: digestOf(token) };
}

/** The id and the digest of what has the form of a token; undefined for everything else. */
export function parseToken(text: string): { id: string; digest: string } | undefined {
  const id = tokenIdIn(text);
  return id === undefined ? undefined : { id, digest: digestOf(text) };
}

export function isTokenId(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text);
}

const ID_LENGTH = 8;
const SECRET_LENGTH = 32;

function digestOf(token: string): string {
  return sha256(utf8(token)).toString('hex');
}
