// One line a request, with the pattern of its route: the names of secrets are for `debug`, their values for no level.
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { type ErrorCode, hasCode, SecretregError } from '../errors.ts';

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

/** Errors whose texts say which record it is. */
const NAMES_RECORDS = [
  'record-not-authentic',
  'record-under-unknown-key',
] as const satisfies ErrorCode[];

/**
 * Logs why the server did not answer: a fault of the server whole, of other errors the code, the text and the cause. Of those
 * whose texts hold names there is the code alone, but of those that somebody without a log-in got, who has reached none.
 */
export function logFault(request: FastifyRequest, error: unknown, status: number): void {
  if (status < 500) return;
  if (error instanceof SecretregError && error.http !== undefined)
    request.log.warn(
      {
        code: error.code,
        ...((request.caller === null || !namesRecords(error)) && { reason: error.message }),
        ...causeOf(error),
      },
      'not answered',
    );
  else request.log.error({ err: error }, 'a fault of the server');
}

function causeOf({ cause }: SecretregError): object {
  return namesRecords(cause) ? { cause: cause.code } : { err: cause };
}

const namesRecords = (error: unknown) => hasCode(error, ...NAMES_RECORDS);
