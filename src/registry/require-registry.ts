// What a store has to hold before anybody works with it: the record of a registry, of a format that we know, that was not
// moved elsewhere.
import { SecretregError } from '../errors.ts';
import type { State } from './state.ts';

/** Fails where there is no registry of a format that we know. */
export function requireRegistry(state: State, place: string): void {
  if (state.registry === undefined) {
    if (state.isEmpty) throw new SecretregError('no-registry', { place });
    if (state.alarms.some(({ recordKey }) => recordKey === '["registry"]'))
      throw new SecretregError('record-not-authentic', { what: 'the registry record' });
    throw new SecretregError('not-a-registry', {
      place,
      reason: 'it has records, but none that says what registry it is',
    });
  }
  const { format } = state.registry;
  if (format !== 1) throw new SecretregError('format-too-new', { format: String(format) });
}

export function requireNotMoved(
  { registry }: State,
  place: string,
  options: { hint?: string } = {},
): void {
  if (registry?.movedTo !== undefined)
    throw new SecretregError('registry-moved', { place, to: registry.movedTo }, options);
}
