// Changing the master key: every record is decrypted under the old key and encrypted under the new one. Direct, not
// by envelope: a leaked old key is worthless once this is done. The key id in each record is the progress mark, so a
// rotation that was killed goes on where it was, with the same command.
import { type Kdf, type MasterKey, type MasterKeyInput } from '../crypto/master-key.ts';
import { open, seal, sealedKid } from '../crypto/seal.ts';
import type { AuditMethod, Caller } from '../domain/audit-event.ts';
import { compare } from '../domain/compare.ts';
import { SecretregError } from '../errors.ts';
import { failpoint } from '../failpoint.ts';
import type { Residue } from '../store/store.ts';
import type { AuditEntry } from './audit-trail.ts';
import { Core, type Environment } from './core.ts';
import type { Change } from './draft.ts';
import { chooseRotationKeys, descriptor, type GivenKeys, makeCheck } from './keyring.ts';
import {
  encodeRecord,
  type MasterKeyRecord,
  type RecordKey,
  recordKeyText,
  type RecordValue,
  type Stamped,
  unstamped,
} from './records.ts';
import { openEvery, openRecord, placeOf } from './sealed-records.ts';
import type { State } from './state.ts';

export interface RotationOptions extends Environment {
  given: GivenKeys;
  to: MasterKeyInput;
  caller: Caller;
  /** The one that allowed it, for the audit. */
  role?: string;
}

export interface Progress {
  done: number;
  total: number;
}

export type Report = (progress: Progress) => unknown;

/** Counts of records per key id, and the descriptors. */
export interface RotationStatus {
  keys: { kid: string; state: MasterKeyRecord['state'] | 'unknown'; records: number }[];
}

/** Records that are re-encrypted in one commit: bounds the time for which other writers wait to some tens of milliseconds. */
const BATCH = 256;

export interface Rotation {
  readonly from: string;
  readonly to: string;
  /** True where the registry is under the new key already and no record is left under the old one. */
  readonly finished: boolean;
  /** True from the first commit of the change on until its last one, also where what became of the first is not known yet. */
  readonly underWay: boolean;
  status(): RotationStatus;
  /** Opens every record and changes nothing; answers how many there are. */
  dryRun(): Promise<number>;
  /** Writes the new key's descriptor, so that a passphrase has its salt before the change. */
  prepare(): Promise<void>;
  /** Does all of it, or what is left of it; goes on after each batch when `report` is done with it. */
  run(report?: Report): Promise<{ records: number; residue: Residue }>;
  close(): Promise<void>;
}

export async function openRotation(options: RotationOptions): Promise<Rotation> {
  let chosen: ReturnType<typeof chooseRotationKeys> | undefined;
  const core = await Core.open({
    ...options,
    chooseKeys: (state) => {
      chosen = chooseRotationKeys(state, options.given, options.to, options.random);
      return chosen.keyring;
    },
  });
  if (chosen === undefined) throw new SecretregError('ours', { reason: 'no keys were chosen' });
  return new RunningRotation(core, options, chosen);
}

/** Counts per key id, the oldest key first. */
export function rotationStatus(state: State): RotationStatus {
  const counts = state.countsByKey();
  const known = state
    .masterKeys()
    .sort((a, b) => compare(a.record.createdAt, b.record.createdAt))
    .map(({ kid, record }) => ({ kid, state: record.state, records: counts.get(kid) ?? 0 }));
  const named = new Set(known.map(({ kid }) => kid));
  const unknown = [...counts].filter(([kid]) => !named.has(kid));
  return {
    keys: [
      ...known,
      ...unknown.map(([kid, records]) => ({ kid, state: 'unknown' as const, records })),
    ],
  };
}

class RunningRotation implements Rotation {
  readonly #core: Core;
  readonly #caller: Caller;
  readonly #role: string;
  readonly #from: MasterKey;
  readonly #to: MasterKey;
  readonly #toKdf: Kdf;
  #hasBegun = false;

  constructor(
    core: Core,
    { caller, role = 'SystemAdmin' }: { caller: Caller; role?: string },
    keys: { from: MasterKey; to: MasterKey; toKdf: Kdf },
  ) {
    this.#core = core;
    this.#caller = caller;
    this.#role = role;
    this.#from = keys.from;
    this.#to = keys.to;
    this.#toKdf = keys.toKdf;
  }

  get from(): string {
    return this.#from.kid;
  }

  get to(): string {
    return this.#to.kid;
  }

  get finished(): boolean {
    const { state } = this.#core;
    return (
      descriptor(state, 'active')?.kid === this.#to.kid &&
      descriptor(state, 'retiring') === undefined
    );
  }

  get underWay(): boolean {
    return (
      descriptor(this.#core.state, 'retiring') !== undefined || (this.#hasBegun && !this.finished)
    );
  }

  status(): RotationStatus {
    return rotationStatus(this.#core.state);
  }

  async dryRun(): Promise<number> {
    this.#refuseDamage();
    return openEvery(this.#core);
  }

  async prepare(): Promise<void> {
    if (this.finished) return;
    const { state, storeId, random } = this.#core;
    const prepared = state.masterKeys().some(({ kid }) => kid === this.#to.kid);
    if (prepared) return;
    const check = makeCheck(this.#to, storeId, random(32));
    const key: RecordKey = { kind: 'master-key', kid: this.#to.kid };
    await this.#core.commit(this.#caller, ({ at }) => ({
      changes: [{ key, value: { kdf: this.#toKdf, state: 'prepared', createdAt: at, check } }],
      entries: [this.#entry('masterKey.Prepare')],
    }));
  }

  async run(report: Report = () => undefined): Promise<{ records: number; residue: Residue }> {
    this.#refuseDamage();
    const records = this.finished ? openEvery(this.#core) : await this.#change(report);
    failpoint('rotation-retired');
    return { records, residue: await this.#core.store.removeResidue() };
  }

  close(): Promise<void> {
    return this.#core.close();
  }

  async #change(report: Report): Promise<number> {
    await this.#begin();
    await this.#reencrypt(report);
    failpoint('rotation-reencrypted');
    return this.#finish();
  }

  /** The new key becomes the active one; a process that knows only the old one reads that it is retiring, under its own MAC. */
  async #begin(): Promise<void> {
    const { state, storeId, random } = this.#core;
    await this.#core.commit(
      this.#caller,
      ({ at }) => {
        if (descriptor(state, 'active')?.kid === this.#to.kid) return { changes: [], entries: [] };
        this.#requireActive(this.#from);
        const check = makeCheck(this.#to, storeId, random(32));
        const record: MasterKeyRecord = { kdf: this.#toKdf, state: 'active', createdAt: at, check };
        this.#hasBegun = true;
        return {
          changes: [{ key: { kind: 'master-key', kid: this.#to.kid }, value: record }],
          entries: [this.#entry('masterKey.Rotate')],
        };
      },
      {
        masterKey: this.#to,
        otherRecords: (n) => this.#retiring(n),
        retiring: () => this.#from.kid,
      },
    );
  }

  #retiring(n: number): ReturnType<typeof encodeRecord>[] {
    const { state, storeId } = this.#core;
    const old = state.masterKeys().find(({ kid }) => kid === this.#from.kid);
    if (old === undefined || old.record.state === 'retiring') return [];
    const key: RecordKey = { kind: 'master-key', kid: this.#from.kid };
    const record: MasterKeyRecord = {
      ...unstamped(old.record),
      state: 'retiring',
      successor: this.#to.kid,
    };
    return [encodeRecord(key, record, { n, masterKey: this.#from, storeId })];
  }

  async #reencrypt(report: Report): Promise<void> {
    await this.#core.store.catchUp();
    const left = this.#underOldKey();
    const total = left.length;
    for (let done = 0; done < total; done += BATCH) {
      const batch = left.slice(done, done + BATCH);
      await this.#core.commit(
        this.#caller,
        () => ({ changes: batch.flatMap((key) => this.#reencrypted(key)), entries: [] }),
        { masterKey: this.#to },
      );
      await report({ done: Math.min(done + BATCH, total), total });
    }
  }

  /** Opens every record under the new key before the old one is given up; answers how many there are. */
  async #finish(): Promise<number> {
    await this.#core.store.catchUp();
    const records = openEvery(this.#core);
    await this.#core.commit(
      this.#caller,
      () => {
        this.#requireActive(this.#to);
        const [left] = this.#underOldKey();
        if (left !== undefined)
          throw new SecretregError('record-under-unknown-key', {
            what: recordKeyText(left),
            kid: this.#from.kid,
          });
        const old = this.#core.state.masterKeys().find(({ kid }) => kid === this.#from.kid);
        const changes: Change[] = [];
        if (old !== undefined && old.kid !== this.#to.kid) {
          const value: MasterKeyRecord = { ...unstamped(old.record), state: 'retired' };
          changes.push({ key: { kind: 'master-key', kid: old.kid }, value });
        }
        return { changes, entries: [this.#entry('masterKey.Retire')] };
      },
      { masterKey: this.#to, retiring: () => undefined },
    );
    return records;
  }

  /** Refuses where another process has come to the end of this change, and begun the next one. */
  #requireActive({ kid }: MasterKey): void {
    const active = descriptor(this.#core.state, 'active')?.kid;
    if (active !== kid)
      throw new SecretregError('wrong-master-key', { given: kid, active: active ?? 'unknown' });
  }

  #underOldKey(): RecordKey[] {
    const left: RecordKey[] = [];
    for (const [key, value] of this.#core.state.records()) {
      const isOldDescriptor = key.kind === 'master-key' && key.kid === this.#from.kid;
      if (!isUnder(this.#to, value) && !isOldDescriptor) left.push(key);
    }
    return left;
  }

  /** The record under the new key, as it stands now: nothing where somebody has changed or removed it meanwhile. */
  #reencrypted(key: RecordKey): Change[] {
    const current = this.#core.state.current(key);
    if (current === undefined || isUnder(this.#to, current)) return [];
    const value = unstamped(current as unknown as Stamped<RecordValue>);
    if (!('sealed' in value) || value.sealed === undefined) return [{ key, value }];
    const { sealed } = value;
    return [{ key, value: { ...value, sealed: this.#resealed(key, { ...value, sealed }) } }];
  }

  #resealed(key: RecordKey, value: { sealed: string }): string {
    const { place, label } = placeOf(this.#core, key, value);
    const plaintext = openRecord(this.#core, key, value);
    const sealed = seal(this.#to, place, plaintext, this.#core.random(32), label);
    const again = open(
      (kid) => (kid === this.#to.kid ? this.#to : undefined),
      place,
      sealed,
      label,
    );
    if (!again.ok || Buffer.compare(again.value, plaintext) !== 0) {
      throw new SecretregError('ours', {
        reason: `what was sealed for ${recordKeyText(key)} does not open again`,
      });
    }
    return Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length).toString('base64');
  }

  #entry(method: AuditMethod): AuditEntry {
    return { subject: { method }, status: 'ok', role: this.#role };
  }

  /** A damaged record could not be carried over: it has to be restored or destroyed before. */
  #refuseDamage(): void {
    const [alarm] = this.#core.state.alarms;
    if (alarm !== undefined)
      throw new SecretregError('record-not-authentic', { what: `the record ${alarm.recordKey}` });
  }
}

/** A version that somebody hides or restores meanwhile gets the MAC of the new key, and keeps the seal that it has. */
function isUnder({ kid }: MasterKey, value: Stamped): boolean {
  if (value.kid !== kid) return false;
  const { sealed } = value;
  return typeof sealed !== 'string' || sealedKid(Buffer.from(sealed, 'base64')) === kid;
}
