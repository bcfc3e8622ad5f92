// An error as callers get it: {error_code, message}. An error that is not in the table, or that callers are not told, becomes
// 50001, which says nothing but the id of the request.
import { type ErrorCode, hasCode, SecretregError } from '../errors.ts';
import { wrongUse } from './wrong-use.ts';

export interface ErrorAnswer {
  status: number;
  /** The code of the error in `errors.ts`. */
  code: ErrorCode;
  body: { error_code: number; message: string };
  headers: Record<string, string>;
}

const CHALLENGE = 'Bearer realm="secretreg", Basic realm="secretreg"';

/** `bodyLimit`: the bytes that the request's body may have; not given where it is not known which route was asked for. */
export function errorAnswer(error: unknown, requestId: string, bodyLimit?: number): ErrorAnswer {
  const known = error instanceof SecretregError ? error : ofFramework(error, bodyLimit);
  const number = known?.http ?? 50001;
  const message =
    number === 50001 || known === undefined
      ? inItsLog('a fault of the server itself', requestId)
      : known.message;
  const status = Math.floor(number / 100);
  return {
    status,
    code: known?.code ?? 'ours',
    body: { error_code: number, message },
    headers: headersOf(known, status),
  };
}

/** What is wrong with the store or its keys, for those of whom nobody knows who they are. */
const TO_STRANGERS: Readonly<Record<number, string>> = {
  50301: 'the server is not ready',
  50302: 'the server cannot use its registry',
  50303: 'the server could not audit the request, and so does not answer it',
  50304: 'the server could not find out whether the change was made',
  50305: 'the server does not hold the master key of its registry',
};

/** The answer without the files, addresses and keys that its message may name (CWE-209). */
export function toStranger(answer: ErrorAnswer, requestId: string): ErrorAnswer {
  const { error_code } = answer.body;
  const sentence = TO_STRANGERS[error_code];
  if (sentence === undefined) return answer;
  return { ...answer, body: { error_code, message: inItsLog(sentence, requestId) } };
}

function inItsLog(sentence: string, requestId: string): string {
  return `${sentence}; its log tells more of request ${requestId}`;
}

/** Errors of Fastify and Node about the request itself; their own texts quote it. */
const FRAMEWORK: Record<string, (limit: string) => SecretregError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: (limit) => new SecretregError('body-too-large', { limit }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => new SecretregError('not-json', {}),
  FST_ERR_CTP_EMPTY_TYPE: () => new SecretregError('not-json', {}),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => wrongUse('the body is not as long as its header says'),
  FST_ERR_BAD_URL: () => wrongUse('the request target cannot be read'),
  FST_ERR_MAX_PARAM_LENGTH: () => wrongUse('a part of the path is too long'),
  HPE_HEADER_OVERFLOW: () => new SecretregError('headers-too-large', {}),
  ERR_HTTP_REQUEST_TIMEOUT: () => new SecretregError('request-too-slow', {}),
};

function ofFramework(error: unknown, bodyLimit = 0): SecretregError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, statusCode } = error as Error & { code?: string; statusCode?: number };
  const known = FRAMEWORK[code ?? ''];
  if (known !== undefined) return known(`${bodyLimit / 1024 / 1024} MiB`);
  if (code?.startsWith('HPE_')) return wrongUse('it is not HTTP/1.1');
  if (statusCode === 400) return wrongUse('the body did not arrive');
  return undefined;
}

function headersOf(error: SecretregError | undefined, status: number): Record<string, string> {
  if (status === 401) return { 'www-authenticate': CHALLENGE };
  if (hasCode(error, 'not-ready')) return { 'retry-after': '1' };
  if (hasCode(error, 'too-many-requests'))
    return { 'retry-after': String(error.params.retryAfter) };
  if (hasCode(error, 'method-not-allowed')) return { allow: error.params.allowed };
  return {};
}
