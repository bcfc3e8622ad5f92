// What fails for those who only read. The sentences of a registry that cannot be used end with the comfort of those who
// write; whoever has asked for a look only would wonder what else is written by it.
import { hasCode, SecretregError } from '../errors.ts';

const COMFORT = /; nothing was written$/;

/** Fails with what the work fails with, in the words for who reads. */
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
