// How the MACs of records are checked with the keys that a process has.
import { SecretregError } from '../errors.ts';
import { type Keyring, storeIdOf } from './keyring.ts';
import { isAuthentic, isDescriptor } from './records.ts';
import type { State, Verifier } from './state.ts';

/** Chooses keys with all records in view, and keeps those that are authentic under them. */
export function useKeys(state: State, chooseKeys: (state: State) => Keyring): Keyring {
  let keyring: Keyring | undefined;
  state.useVerifier(() => {
    keyring = chooseKeys(state);
    return verifierFor(storeIdOf(state), keyring);
  });
  if (keyring === undefined) throw new SecretregError('ours', { reason: 'no keys were chosen' });
  return keyring;
}

export function verifierFor(storeId: Uint8Array, keyring: Keyring): Verifier {
  return (keyText, value, bytes) => {
    const key = keyring.find(value.kid);
    if (key !== undefined)
      return isAuthentic(keyText, value, key, storeId, bytes) ? 'authentic' : 'not-authentic';
    // A descriptor may be under a key that this process does not have: it is only a signpost, and the check
    // value decides about keys. Everything else under such a key cannot be used.
    return isDescriptor(keyText) ? 'signpost' : 'unknown-key';
  };
}
