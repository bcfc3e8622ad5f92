import { CountedAudit } from '../counted-audit.ts';
import type { Credentials, RefusedLogins } from '../credentials.ts';

type RefusedLogin = Omit<RefusedLogins, 'count'>;

const ELSEWHERE = 'several addresses';

/** Refused log-ins on their way to the audit trail. */
export function refusedLoginsAudit(
  credentials: Pick<Credentials, 'failed'>,
  tell: (error: unknown) => void,
  windowMs?: number,
): CountedAudit<RefusedLogin> {
  return new CountedAudit<RefusedLogin>({
    kindOf: ({ mechanism, status, principal = '', clientAddress }) =>
      [mechanism, status, clientAddress, principal].join(' '),
    widened: ({ mechanism, status, userAgent, requestId }) => ({
      mechanism,
      status,
      clientAddress: ELSEWHERE,
      userAgent,
      requestId,
    }),
    write: (login, count) => credentials.failed({ ...login, count }),
    tell,
    windowMs,
  });
}
