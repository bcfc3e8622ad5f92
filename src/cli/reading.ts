// The errors of commands that only read. Messages about a registry that cannot be used end with a comfort for those who write;
// whoever only reads would wonder what could have been written.
import { hasCode, SecretregError } from '../errors.ts';

const COMFORT = /; nothing was written$/;

/** Fails with what the work fails with, in words for readers. */
export async function reading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!hasCode(error, 'store-unavailable', 'store-locked', 'registry-damaged')) throw error;
    const { code, params, message, hint } = error;
    const text = message.replace(COMFORT, '');
    throw new SecretregError(code, params, { cause: error, hint, text });
  }
}
