// The public keys of the issuer, by its JWKS: fetched when they are needed, kept for ten minutes, fetched again at most
// every thirty seconds for a key that is not among them.
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';

/** The keys could not be had: the fault of no caller. `message` is a sentence for the log. */
export class KeysAway extends Error {}

/** How long after a failure no other fetch is tried: whoever asks has proved nothing yet, and makes us ask the issuer. */
const PAUSE_MS = 5_000;
const TIMEOUT_MS = 5_000;

export function issuerKeys(url: URL, now: () => Date): JWTVerifyGetKey {
  let notBefore = 0;
  const find = createRemoteJWKSet(url, {
    timeoutDuration: TIMEOUT_MS,
    [customFetch]: async (...args) => {
      if (now().getTime() < notBefore) throw new KeysAway('they could not be fetched a moment ago');
      return fetch(...args);
    },
  });
  return async (header, token) => {
    try {
      return await find(header, token);
    } catch (error) {
      if (isOfToken(error)) throw error;
      if (!(error instanceof KeysAway)) notBefore = now().getTime() + PAUSE_MS;
      throw error instanceof KeysAway ? error : new KeysAway(reasonOf(error), { cause: error });
    }
  };
}

/** The keys are there, and none is the one that the token names. */
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
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return code ?? (error instanceof Error ? error.message : 'unknown');
}
