import type { Caller, Credential } from '../domain/audit-event.ts';
import type { Core } from '../registry/core.ts';
import { passwordOf, recordFailedLogins, tokenOf } from '../registry/credentials.ts';
import type { Credentials, RefusedLogins } from './credentials.ts';

/** The credentials of a registry. */
export function credentialsOf(core: Core): Credentials {
  return {
    tokenOf: (id) => tokenOf(core, id),
    passwordOf: (principal) => passwordOf(core, principal),
    now: core.clock,
    failed: (logins) => recordFailedLogins(core, claimed(logins), logins),
  };
}

/** Kafka's name for whoever has proved nothing. */
const NOBODY = 'User:ANONYMOUS';

function claimed(logins: RefusedLogins): Caller {
  const { principal = NOBODY, clientAddress, userAgent, requestId } = logins;
  return { principal, credential: shown(logins), clientAddress, userAgent, requestId };
}

function shown({ mechanism, id = 'unknown' }: RefusedLogins): Credential {
  switch (mechanism) {
    case 'token':
    case 'basic':
      return { mechanism, id };
    case 'mtls':
    case 'jwt':
      return { mechanism, expiresAt: '' };
    case 'none':
      return { mechanism };
  }
}
