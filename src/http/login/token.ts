import { equalTexts } from '../../crypto/primitives.ts';
import { parseToken } from '../../crypto/tokens.ts';
import { ok, refused } from '../../domain/result.ts';
import type { Credentials } from '../credentials.ts';
import type { LoginResult } from './login.ts';

/** Logs in with a bearer token of ours. */
export async function tokenLogin(credentials: Credentials, text: string): Promise<LoginResult> {
  const given = parseToken(text);
  if (given === undefined)
    return refused({
      reason: "it does not have the form of a token, which is 'srt_<id>_<secret>'",
    });
  const stored = await credentials.tokenOf(given.id);
  if (stored === undefined) {
    return refused({
      reason: `there is no token ${given.id}: it was revoked, or is of another registry`,
    });
  }
  const { id } = given;
  const { principal, digest, expiresAt } = stored;
  if (!equalTexts(given.digest, digest))
    return refused({ principal, id, reason: `the secret of token ${id} is wrong` });
  if (expiresAt <= credentials.now().toISOString())
    return refused({ principal, id, reason: `token ${id} expired at ${expiresAt}` });
  return ok({ principal, credential: { mechanism: 'token', id } });
}
