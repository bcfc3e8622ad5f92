import { parsePrincipal } from '../../domain/access.ts';
import { ok, refused } from '../../domain/result.ts';
import type { PeerCertificate } from '../caller.ts';
import type { LoginResult } from './login.ts';
import type { PrincipalRules } from './principal-rules.ts';
import { subjectOf } from './subject.ts';

/** Logs in with a certificate that the peer of the connection has shown and holds the key of. */
export function certificateLogin(
  { certificate, problem }: PeerCertificate,
  rules: PrincipalRules,
  now: Date,
): LoginResult {
  if (problem !== undefined)
    return refused({ reason: `the client certificate does not count: ${problem}` });
  // TLS checked the certificate when the connection, or the session that it resumes, began: that may be long ago.
  const [from, until] = [certificate.validFromDate, certificate.validToDate];
  if (now < from)
    return refused({ reason: `the client certificate counts from ${from.toISOString()} only` });
  if (now >= until)
    return refused({ reason: `the client certificate expired at ${until.toISOString()}` });
  const subject = subjectOf(certificate);
  if (subject === undefined) return refused({ reason: 'the client certificate has no subject' });
  const name = rules(subject);
  if (name === undefined)
    return refused({ reason: `no rule fits the subject '${subject}' of the client certificate` });
  const principal = parsePrincipal(`User:${name}`);
  if (!principal.ok) {
    return refused({
      reason: `the subject '${subject}' of the client certificate makes no principal: it ${principal.problem}`,
    });
  }
  return ok({
    principal: principal.value,
    credential: { mechanism: 'mtls', expiresAt: until.toISOString() },
  });
}
