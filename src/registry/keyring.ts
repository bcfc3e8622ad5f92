// Which master keys a process may use: the start-up rules of a registry. Before anything is served the given key
// must be the active one and must open the registry's check value; anything else refuses to start, naming key ids only.
import {
  type Kdf,
  type MasterKey,
  type MasterKeyInput,
  newScrypt,
  parseKdf,
} from '../crypto/master-key.ts';
import { open, seal } from '../crypto/seal.ts';
import { SecretregError } from '../errors.ts';
import {
  isAuthentic,
  type MasterKeyRecord,
  type RecordKey,
  recordKeyText,
  type Stamped,
} from './records.ts';
import type { State } from './state.ts';

export interface Keyring {
  /** New records are sealed and MACed with this one. */
  active: MasterKey;
  find: (kid: string) => MasterKey | undefined;
  /** The key whose records count too, while the change from it is under way. */
  retiring: string | undefined;
}

export interface GivenKeys {
  key: MasterKeyInput;
  /** The key before it (`master.encryption.old.key`), where one is given. */
  oldKey?: MasterKeyInput;
  /** Keys that are coming or going: of all the given ones that one is used which is the active one. */
  accepted?: readonly MasterKeyInput[];
}

/** The keys for ordinary work. Fails with wrong-master-key, master-key-retiring or rotation-unfinished. */
export function chooseKeys(state: State, given: GivenKeys): Keyring {
  const own = deriveFor(state, given.key);
  const oldKey = given.oldKey && deriveFor(state, given.oldKey);
  const accepted = (given.accepted ?? []).flatMap((input) => deriveFor(state, input) ?? []);
  const active = activeKey(state, [own, oldKey, ...accepted]);
  if (own !== undefined && own.kid !== active.kid) requireUnused(state, own);
  const key = [own, ...accepted].find((one) => one?.kid === active.kid);
  if (key === undefined || !opensCheck(state, key))
    throw refusal(state, own?.kid ?? 'a passphrase', oldKey?.kid);
  const retiring = descriptor(state, 'retiring');
  const old = [own, oldKey, ...accepted].find((one) => one?.kid === retiring?.kid);
  if (old === undefined) requireFinished(state, active.kid);
  return keyring(key, old && isRetiring(state, old, key) ? old : undefined);
}

/** Whether other keys than these have to be chosen: the active one was changed, or a change from another one has ended. */
export function isOutdated(state: State, keys: Keyring): boolean {
  return (
    activeKey(state, [keys.active]).kid !== keys.active.kid ||
    (keys.retiring !== undefined && state.commit?.retiring !== keys.retiring)
  );
}

/**
 * Whether records under the old key still count. Who has a key that was changed could forge the descriptor that says so,
 * which is under the old key; the newest commit is under the active one.
 */
function isRetiring(state: State, old: MasterKey, active: MasterKey): boolean {
  const { commit } = state;
  if (commit?.retiring !== old.kid) return false;
  const storeId = storeIdOf(state);
  const isOwn = (key: RecordKey, value: Stamped) =>
    value.kid === active.kid && isAuthentic(recordKeyText(key), value, active, storeId);
  if (!isOwn({ kind: 'commit' }, commit)) return false;
  for (const [key, value] of state.records()) {
    if (value.n > commit.n && isOwn(key, value)) return false;
  }
  return true;
}

/** The keys for a rotation from the given key to a new one: at its start, in its middle, or after its end. */
export function chooseRotationKeys(
  state: State,
  given: GivenKeys,
  to: MasterKeyInput,
  random: (length: number) => Uint8Array,
): { keyring: Keyring; from: MasterKey; to: MasterKey; toKdf: Kdf } {
  const from = deriveFor(state, given.key);
  const target = deriveFor(state, to);
  const active = activeKey(state, [from, target]);
  if (target?.kid === active.kid && opensCheck(state, target)) {
    if (from?.kid === active.kid) requireFinished(state, active.kid);
    if (!isChangeTo(target, from, state)) throw refusal(state, from?.kid ?? 'a passphrase');
    return {
      keyring: keyring(target, from && isRetiring(state, from, target) ? from : undefined),
      from: from ?? target,
      to: target,
      toKdf: kdfOf(active.record),
    };
  }
  if (from?.kid !== active.kid || !opensCheck(state, from))
    throw refusal(state, from?.kid ?? 'a passphrase');
  if (target !== undefined) requireUnused(state, target);
  requireFinished(state, active.kid);
  const prepared = target && state.masterKeys().find((one) => one.kid === target.kid);
  if (prepared?.record.state === 'retired') {
    // A key is changed because somebody else may have it: it never comes back.
    throw new SecretregError('master-key-refused', {
      reason: `key ${prepared.kid} was changed for another one before`,
    });
  }
  const toKdf = prepared ? kdfOf(prepared.record) : newKdf(to, random);
  const toKey = target ?? derive(to, toKdf);
  return { keyring: keyring(from, toKey), from, to: toKey, toKdf };
}

/** Of these the one whose key has this id; of a passphrase once its salt is in the registry. */
export function inputOf(
  state: State,
  inputs: readonly MasterKeyInput[],
  kid: string,
): MasterKeyInput | undefined {
  return inputs.find((input) => deriveFor(state, input)?.kid === kid);
}

/**
 * Refuses where the descriptor of another key says that it is the active one though records are under this key, and its
 * own descriptor does not say retired: somebody who has a key that was changed put that descriptor back.
 */
function requireUnused(state: State, key: MasterKey): void {
  const known = state.masterKeys().find(({ kid }) => kid === key.kid)?.record.state;
  if (known === 'retiring' || known === 'retired') return;
  const storeId = storeIdOf(state);
  for (const [place, value] of state.records()) {
    if (value.kid !== key.kid || place.kind === 'master-key') continue;
    if (isAuthentic(recordKeyText(place), value, key, storeId))
      throw new SecretregError('record-not-authentic', {
        what: 'the descriptor of the active master key',
      });
  }
}

/** With the active key alone nothing goes on while another one is still retiring. */
function requireFinished(state: State, active: string): void {
  const retiring = descriptor(state, 'retiring');
  if (retiring !== undefined)
    throw new SecretregError('rotation-unfinished', { old: retiring.kid, active });
}

/** True where `from` is the key that the active one came after, or the active one itself: keys in the wrong order are no change. */
function isChangeTo(active: MasterKey, from: MasterKey | undefined, state: State): boolean {
  const retiring = descriptor(state, 'retiring');
  if (retiring !== undefined) return from?.kid === retiring.kid;
  if (from?.kid === active.kid) return true;
  return state
    .masterKeys()
    .some(({ kid, record }) => kid === from?.kid && record.state === 'retired');
}

/** A descriptor's derivation for a key that has none yet: a passphrase gets a salt of its own. */
export function newKdf(input: MasterKeyInput, random: (length: number) => Uint8Array): Kdf {
  return input.kind === 'bytes' ? { name: 'none' } : newScrypt(random(16));
}

export function derive(input: MasterKeyInput, kdf: Kdf): MasterKey {
  return input.kind === 'bytes' ? input.key : input.derive(kdf);
}

/** base64 of 32 sealed zero bytes, bound to the registry. */
export function makeCheck(key: MasterKey, storeId: Uint8Array, salt: Uint8Array): string {
  return Buffer.from(seal(key, checkPlace(storeId), new Uint8Array(32), salt, 'canary')).toString(
    'base64',
  );
}

export function storeIdOf(state: State): Uint8Array {
  return Buffer.from(state.registry?.storeId ?? '', 'hex');
}

export function descriptor(
  state: State,
  wanted: MasterKeyRecord['state'],
): { kid: string; record: MasterKeyRecord } | undefined {
  return state.masterKeys().find((one) => one.record.state === wanted);
}

/** Of several ones, all but one of which must be forged, the one that is authentic under a given key. */
function activeKey(
  state: State,
  given: readonly (MasterKey | undefined)[] = [],
): { kid: string; record: MasterKeyRecord } {
  const all = state.masterKeys().filter((one) => one.record.state === 'active');
  const active = all.length > 1 ? all.filter((one) => isOfAHolder(state, one, given)) : all;
  const [only] = active;
  if (only === undefined || active.length > 1) {
    throw new SecretregError('record-not-authentic', {
      what: 'the descriptor of the active master key',
    });
  }
  return only;
}

/** Whether the descriptor of a key was written by somebody who has one of the given keys. */
function isOfAHolder(
  state: State,
  { kid, record }: { kid: string; record: Stamped<MasterKeyRecord> },
  given: readonly (MasterKey | undefined)[],
): boolean {
  const key = given.find((one) => one?.kid === record.kid);
  const text = recordKeyText({ kind: 'master-key', kid });
  return key !== undefined && isAuthentic(text, record, key, storeIdOf(state));
}

/** The key itself, or for a passphrase the key that one of the registry's salts makes of it. */
function deriveFor(state: State, input: MasterKeyInput): MasterKey | undefined {
  if (input.kind === 'bytes') return input.key;
  for (const { kid, record } of state.masterKeys()) {
    if (record.kdf.name === 'none') continue;
    const key = input.derive(kdfOf(record));
    if (key.kid === kid) return key;
  }
  return undefined;
}

function kdfOf(record: MasterKeyRecord): Kdf {
  const kdf = parseKdf(record.kdf);
  if (!kdf.ok)
    throw new SecretregError('record-not-authentic', { what: 'the descriptor of a master key' });
  return kdf.value;
}

function opensCheck(state: State, key: MasterKey): boolean {
  const record = state.masterKeys().find((one) => one.kid === key.kid)?.record;
  if (record === undefined) return false;
  const find = (kid: string) => (kid === key.kid ? key : undefined);
  const sealed = Buffer.from(record.check, 'base64');
  const opened = open(find, checkPlace(storeIdOf(state)), sealed, 'canary');
  return opened.ok && opened.value.length === 32 && opened.value.every((byte) => byte === 0);
}

function refusal(state: State, given: string, alsoGiven?: string): SecretregError {
  const active = activeKey(state).kid;
  const own = state.masterKeys().find((one) => one.kid === given)?.record;
  if (own?.state === 'retiring')
    return new SecretregError('master-key-retiring', { given, successor: own.successor ?? active });
  const isStillToCome = own?.state !== 'retired' && alsoGiven === active;
  const hint =
    'secretreg rotate --master-key-file OLD --new-key-file NEW    (the old key given is the active one)';
  return new SecretregError('wrong-master-key', { given, active }, isStillToCome ? { hint } : {});
}

function checkPlace(storeId: Uint8Array) {
  return { storeId, path: '', key: '', version: 0, meta: '' };
}

function keyring(active: MasterKey, other: MasterKey | undefined): Keyring {
  return {
    active,
    retiring: other?.kid,
    find: (kid) => (kid === active.kid ? active : kid === other?.kid ? other : undefined),
  };
}
