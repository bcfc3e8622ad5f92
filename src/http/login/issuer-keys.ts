// The public keys of the issuer, by its JWKS: fetched when they are needed, kept for ten minutes, fetched again at most
// every thirty seconds for a key that is not among them.
import { type IncomingMessage, request } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { nodeCodeOf } from '../../errors.ts';

/** The keys could not be had, which is no caller's fault. `message` is a sentence for the log. */
export class KeysAway extends Error {}

class Paused extends KeysAway {}

/** For this long after a failure nothing is fetched: callers who have proved nothing yet would make us ask the issuer. */
const PAUSE_MS = 5_000;
const TIMEOUT_MS = 5_000;

export function issuerKeys(url: URL, now: () => Date): JWTVerifyGetKey {
  let notBefore = 0;
  const find = createRemoteJWKSet(url, {
    timeoutDuration: TIMEOUT_MS,
    [customFetch]: async (_, { signal }) => {
      if (now().getTime() < notBefore) throw new Paused('they could not be fetched a moment ago');
      return fetched(url, signal);
    },
  });
  return async (header, token) => {
    try {
      return await find(header, token);
    } catch (error) {
      if (isOfToken(error)) throw error;
      if (!(error instanceof Paused)) notBefore = now().getTime() + PAUSE_MS;
      throw error instanceof KeysAway ? error : new KeysAway(reasonOf(error), { cause: error });
    }
  };
}

/** A JWKS of some keys is a few kilobytes. */
const MOST_BYTES = 1024 * 1024;

/**
 * Not with `fetch`: with NODE_TLS_REJECT_UNAUTHORIZED=0, or a proxy in the environment, somebody on the way could give us keys,
 * and with them log in as anybody. No redirect is followed.
 */
async function fetched(url: URL, signal: AbortSignal): Promise<Response> {
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { agent: false, rejectUnauthorized: true, signal } as const;
      const ask = url.protocol === 'https:' ? tlsRequest : request;
      ask(url, { ...options, headers: { accept: 'application/json' } }, resolve)
        .on('error', reject)
        .end();
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) throw new KeysAway('the answer is too long');
      chunks.push(chunk);
    }
    const { statusCode: status = 0 } = response;
    if (status !== 200) throw new KeysAway(`it answered ${status}`);
    return new Response(Buffer.concat(chunks), { status });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** The keys are there, but the token names none of them, or does not say which. */
function isOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWKSTimeout) return `no answer within ${TIMEOUT_MS / 1000} s`;
  if (error instanceof errors.JWKSInvalid) return 'the answer is no JWKS of public keys';
  if (error instanceof errors.JOSEError) return error.message;
  return nodeCodeOf(error) || (error instanceof Error ? error.message : 'unknown');
}
