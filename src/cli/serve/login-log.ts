import { visible } from '../../domain/visible.ts';
import { SecretregError } from '../../errors.ts';
import type { LoginEvent } from '../../http/authenticate.ts';
import type { Log } from '../../http/log.ts';
import type { Metrics } from '../../http/metrics.ts';

/** Tells of log-ins that were refused, and why: the caller was not told. */
export function loginLog(log: Log, metrics: Metrics): (event: LoginEvent) => void {
  return (event) => {
    if (event.kind === 'refused') {
      const { mechanism, clientAddress, requestId } = event;
      // Tokens and certificates of anybody are quoted in it.
      const reason = visible(event.reason);
      metrics.loginRefused(mechanism);
      log.info({ requestId, clientAddress, mechanism, reason }, 'log-in refused');
      return;
    }
    tellNotAudited(log, event.error);
  };
}

/** Tells that refused log-ins could not be audited. They stay counted, and are written later. */
export function tellNotAudited(log: Log, error: unknown): void {
  const code = error instanceof SecretregError ? error.code : 'ours';
  log.error({ code }, 'refusals could not be written into the audit trail');
}
