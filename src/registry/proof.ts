// That a registry is whole, as a copy of one has to be.
import type { AuditHead } from '../domain/audit-head.ts';
import { SecretregError } from '../errors.ts';
import { verifyAudit } from './audit-read.ts';
import type { Core } from './core.ts';
import { missingRecords } from './lookup.ts';
import { openEvery } from './sealed-records.ts';

export interface Proof {
  /** The sealed records. */
  records: number;
  /** Of the audit trail. */
  lines: number;
  head: AuditHead | undefined;
}

/** Every record is authentic and there, every value opens, the trail fits. Fails with record-not-authentic or audit-broken. */
export async function prove(core: Core): Promise<Proof> {
  const { state } = core;
  const [what] = [...state.alarms.map(({ recordKey }) => recordKey), ...missingRecords(state)];
  if (what !== undefined || state.foreign > 0)
    throw new SecretregError('record-not-authentic', { what: `the record ${what ?? 'of others'}` });
  const { lines, fault, head } = await verifyAudit(core);
  if (fault !== undefined) throw new SecretregError('audit-broken', fault);
  return { records: openEvery(core), lines, head };
}
