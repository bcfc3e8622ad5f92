// Making a registry. Only this creates one, and only where there is nothing at all: a mistyped or wiped place never
// becomes a new registry by itself.
import { AuditKey } from '../crypto/chain.ts';
import type { MasterKeyInput } from '../crypto/master-key.ts';
import { seal } from '../crypto/seal.ts';
import type { Caller } from '../domain/audit-event.ts';
import { SecretregError } from '../errors.ts';
import { anchorOf } from './anchor.ts';
import { hex, makeEvent, makeLines } from './audit-trail.ts';
import type { Environment } from './core.ts';
import { derive, makeCheck, newKdf } from './keyring.ts';
import { AUDIT_KEY_ID, auditKeyPlace, encodeRecord } from './records.ts';
import { State } from './state.ts';

export interface Made {
  storeId: string;
  kid: string;
}

/** Fails with registry-exists or not-a-registry, and then changes nothing. */
export async function initRegistry(
  options: Environment & { key: MasterKeyInput; caller: Caller },
): Promise<Made> {
  const { store, random } = options;
  const state = new State();
  await store.open(state.apply, { create: true });
  refuseUnlessEmpty(state, store.place);
  const kdf = newKdf(options.key, random);
  const masterKey = derive(options.key, kdf);
  const storeId = random(16);
  const auditKeyBytes = random(32);
  await store.transact((head) => {
    refuseUnlessEmpty(state, store.place);
    const at = options.clock().toISOString();
    const attemptId = hex(random(16));
    const commit = { n: 1, attemptId };
    const context = { storeId: hex(storeId), caller: options.caller, time: at, random, commit };
    const event = makeEvent({ subject: { method: 'registry.Init' }, status: 'ok' }, context);
    const audit = makeLines(head, [event], AuditKey.fromBytes(auditKeyBytes), hex(random(8)));
    const place = { ...auditKeyPlace(AUDIT_KEY_ID), storeId };
    const sealed = seal(masterKey, place, auditKeyBytes, random(32), 'audit-key');
    const check = makeCheck(masterKey, storeId, random(32));
    const stamp = { n: 1, masterKey, storeId };
    const { kid } = masterKey;
    const records = [
      encodeRecord(
        { kind: 'registry' },
        { format: 1, storeId: hex(storeId), createdAt: at },
        stamp,
      ),
      encodeRecord(
        { kind: 'master-key', kid },
        { kdf, state: 'active', createdAt: at, check },
        stamp,
      ),
      encodeRecord(
        { kind: 'audit-key', id: AUDIT_KEY_ID },
        { sealed: Buffer.from(sealed).toString('base64') },
        stamp,
      ),
      encodeRecord(
        { kind: 'commit' },
        { attemptId, at, ...anchorOf(audit.at(-1), head, undefined) },
        stamp,
      ),
    ];
    return { attemptId, n: 1, records, audit };
  });
  return { storeId: hex(storeId), kid: masterKey.kid };
}

function refuseUnlessEmpty(state: State, place: string): void {
  if (state.registry !== undefined) throw new SecretregError('registry-exists', { place });
  if (!state.isEmpty)
    throw new SecretregError('not-a-registry', { place, reason: 'it holds other records' });
}
