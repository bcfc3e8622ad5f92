// One line a request, with the pattern of its route: the names of secrets are for `debug`, their values for no level.
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { SecretregError } from '../errors.ts';

export interface End {
  status: number;
  /** False where the client went before it had the whole answer. */
  isSent: boolean;
  ms: number;
}

export function logEnd(request: FastifyRequest, { status, isSent, ms }: End): void {
  const { method, routeOptions, raw } = request;
  const line = {
    method,
    route: routeOptions.url ?? '(none)',
    status,
    ms: Math.round(ms * 10) / 10,
  };
  request.log.info(line, isSent ? 'answered' : 'not answered');
  if (!(request.log as Logger).isLevelEnabled('debug')) return;
  // A query may hold what was meant for a header, and a target in absolute form a password.
  const target = raw.url ?? '';
  if (target.startsWith('/')) request.log.debug({ path: target.split('?')[0] }, 'asked');
}

/**
 * Logs what the caller is not told: a fault of the server whole, of other errors the code and the cause. Their texts hold names;
 * only those that somebody without a log-in got, who has reached none, are in the log and not in the answer.
 */
export function logFault(request: FastifyRequest, error: unknown, status: number): void {
  if (status < 500) return;
  if (error instanceof SecretregError && error.http !== undefined)
    request.log.warn(
      {
        code: error.code,
        ...(request.caller === null && { reason: error.message }),
        err: error.cause,
      },
      'not answered',
    );
  else request.log.error({ err: error }, 'a fault of the server');
}
