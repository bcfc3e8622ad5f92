// Every record that holds something sealed, opened where it stands: for a change of the master key and for a move.
import { open, type Place, type SealLabel } from '../crypto/seal.ts';
import { SecretregError } from '../errors.ts';
import type { Core } from './core.ts';
import {
  AUDIT_KEY_ID,
  auditKeyPlace,
  passwordPlace,
  type RecordKey,
  recordKeyText,
  secretMeta,
  type SecretRecord,
  type UserRecord,
} from './records.ts';

/** Opens all of them; answers how many there are. Fails with record-not-authentic. */
export function openEvery(core: Core): number {
  let count = 0;
  for (const [key, value] of core.state.records()) {
    if (typeof value.sealed !== 'string') continue;
    openRecord(core, key, value as unknown as { sealed: string });
    count += 1;
  }
  return count;
}

export function openRecord(core: Core, key: RecordKey, value: { sealed: string }): Uint8Array {
  const { place, label } = placeOf(core, key, value);
  const opened = open(core.keyring.find, place, Buffer.from(value.sealed, 'base64'), label);
  if (opened.ok) return opened.value;
  throw new SecretregError('record-not-authentic', { what: `the record ${recordKeyText(key)}` });
}

/** The place and the use that the sealed part of a record is bound to. */
export function placeOf(
  { storeId }: Core,
  key: RecordKey,
  value: object,
): { place: Place; label: SealLabel } {
  if (key.kind === 'secret') {
    const { path, key: name, version } = key;
    const meta = secretMeta(value as SecretRecord);
    return { place: { storeId, path, key: name, version, meta }, label: 'record' };
  }
  if (key.kind === 'user') {
    const { passwordId = '' } = value as UserRecord;
    return { place: { storeId, ...passwordPlace(key.principal, passwordId) }, label: 'password' };
  }
  const id = key.kind === 'audit-key' ? key.id : AUDIT_KEY_ID;
  return { place: { ...auditKeyPlace(id), storeId }, label: 'audit-key' };
}
