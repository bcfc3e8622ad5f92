import { equalDigests, parseToken } from '../../crypto/tokens.ts';
import { ok, refused } from '../../domain/result.ts';
import type { Credentials } from '../credentials.ts';
import type { LoginResult } from './login.ts';

/** Logs in with a bearer token of ours. */
export function tokenLogin(credentials: Credentials, text: string): LoginResult {
  const given = parseToken(text);
  if (given === undefined)
    return refused({
      reason: "it does not have the form of a token, which is 'srt_<id>_<secret>'",
    });
  const stored = credentials.tokenOf(given.id);
  if (stored === undefined) {
    return refused({
      reason: `there is no token ${given.id}: it was revoked, or is of another registry`,
    });
  }
  const { principal, digest, expiresAt } = stored;
  if (!equalDigests(given.digest, digest))
    return refused({ principal, reason: `the secret of token ${given.id} is wrong` });
  if (expiresAt <= credentials.now().toISOString())
    return refused({ principal, reason: `token ${given.id} expired at ${expiresAt}` });
  return ok({ principal, credential: { mechanism: 'token', id: given.id } });
}
