// The audit key in other hands: given away by whoever has the master key, and used in its stead to prove the trail.
import { auditKeyText, type ExportedAuditKey } from '../crypto/audit-key-text.ts';
import type { Caller } from '../domain/audit-event.ts';
import type { AuditHead } from '../domain/audit-head.ts';
import { SecretregError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { AuditProof } from './audit-proof.ts';
import { proveTrail } from './audit-read.ts';
import { hex } from './audit-trail.ts';
import type { Core } from './core.ts';
import { readUnchecked } from './open-registry.ts';
import { AUDIT_KEY_ID } from './records.ts';
import { openRecord } from './sealed-records.ts';

/** The text of the key, after the line that tells who took it is durable. */
export function exportAuditKey(core: Core, caller: Caller): Promise<string> {
  return core.audited(caller, { method: 'audit.ExportKey' }, () => {
    const record = core.state.auditKey(AUDIT_KEY_ID);
    if (record === undefined)
      throw new SecretregError('record-not-authentic', { what: 'the audit key' });
    const bytes = openRecord(core, { kind: 'audit-key', id: AUDIT_KEY_ID }, record);
    return { result: auditKeyText(hex(core.storeId), bytes) };
  });
}

/**
 * The proof of a trail without the master key. The lines are proven; what the records say of it (which line is the last,
 * and that it was moved) is not, so lines cut off at the end are found by a kept head only. Fails with audit-key-refused
 * where the key is that of another registry.
 */
export async function verifyWithAuditKey(
  store: Store,
  { file, storeId, key }: ExportedAuditKey & { file: string },
  kept?: AuditHead,
): Promise<AuditProof> {
  const state = await readUnchecked(store);
  const own = state.registry?.storeId ?? '';
  if (own !== storeId) {
    const reason = `it is the key of registry ${storeId}, and this one is ${own}`;
    throw new SecretregError('audit-key-refused', { file, reason });
  }
  const proof = await proveTrail({ store, state, auditKey: key }, kept);
  const note =
    'without the master key only the lines are proven: whether some were cut off at the end shows by --head';
  return { ...proof, notes: [...proof.notes, note] };
}
