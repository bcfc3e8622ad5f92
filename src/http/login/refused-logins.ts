import { CountedAudit, SEVERAL_ADDRESSES } from '../counted-audit.ts';
import type { Credentials, RefusedLogins } from '../credentials.ts';

type RefusedLogin = Omit<RefusedLogins, 'count'>;

/** Refused log-ins on their way to the audit trail. */
export function refusedLoginsAudit(
  credentials: Pick<Credentials, 'failed'>,
  tell: (error: unknown) => void,
  windowMs?: number,
): CountedAudit<RefusedLogin> {
  return new CountedAudit<RefusedLogin>({
    kindOf: ({ mechanism, status, id = '', principal = '', clientAddress }) =>
      [mechanism, status, clientAddress, id, principal].join(' '),
    widened: ({ mechanism, status, userAgent, requestId }) => ({
      mechanism,
      status,
      clientAddress: SEVERAL_ADDRESSES,
      userAgent,
      requestId,
    }),
    write: (login, count) => credentials.failed({ ...login, count }),
    tell,
    windowMs,
  });
}
