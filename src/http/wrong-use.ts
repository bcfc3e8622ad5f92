import { SecretregError } from '../errors.ts';

/** Refuses a request for what is in it. The reason never quotes its body, which may hold secrets. */
export function wrongUse(reason: string): SecretregError {
  return new SecretregError('wrong-use', { reason });
}
