// The master keys of a registry, those that the settings name, and the file that one is in.
import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MasterKeyInput } from '../../crypto/master-key.ts';
import type { Core } from '../../registry/core.ts';
import { type GivenKeys, inputOf } from '../../registry/keyring.ts';
import { rotationStatus } from '../../registry/rotation.ts';
import type { State } from '../../registry/state.ts';
import type { StoreFact } from '../../store/store.ts';
import { fileOf } from '../registry-setting.ts';
import { replaceable } from '../render/folder.ts';
import type { Settings } from '../settings.ts';

export function keyFacts(core: Core, given: GivenKeys): StoreFact[] {
  const keys = rotationStatus(core.state).keys.map(({ kid, state, records }): StoreFact => {
    const isLeft = state === 'retiring' || state === 'unknown';
    return { name: kid, state: isLeft ? 'warn' : 'ok', text: `${state}, ${records} records` };
  });
  return [...keys, ...kindFact(core), ...givenFacts(core.state, given)];
}

/** Whoever has a copy of the registry can try passphrases, for as long as they like. */
function kindFact({ state, keyring }: Core): StoreFact[] {
  const active = state.masterKeys().find(({ kid }) => kid === keyring.active.kid);
  if (active?.record.kdf.name === 'none') return [];
  const text =
    'a passphrase, which whoever has a copy of the registry can try to guess; a key of secretreg keygen cannot be guessed';
  return [{ name: 'kind', state: 'warn', text }];
}

/** What a change of the master key has left in the settings. */
function givenFacts(state: State, { key, oldKey, accepted = [] }: GivenKeys): StoreFact[] {
  const facts: StoreFact[] = [];
  const own = standingOf(state, key);
  if (own !== undefined && own.state !== 'active')
    facts.push({
      name: 'key of the settings',
      state: 'warn',
      text:
        own.state === 'retiring'
          ? `${own.kid} is retiring: the change from it has begun and is not at its end. Go on with the same secretreg rotate; until then both keys are needed`
          : `${own.kid} is ${own.state}, and an accepted key is the active one: make that the master key here, and take the accepted one away`,
    });
  for (const one of accepted) facts.push(...leftFact(state, 'accepted key', one));
  if (oldKey !== undefined) facts.push(...leftFact(state, 'key before', oldKey));
  return facts;
}

function leftFact(state: State, name: string, input: MasterKeyInput): StoreFact[] {
  const known = standingOf(state, input);
  if (known?.state !== 'retired') return [];
  const text = `${known.kid} is retired: the change from it is done, take it out of the settings`;
  return [{ name, state: 'warn', text }];
}

/** What the registry says of a key; undefined for one that it does not know, such as one that is not used yet. */
function standingOf(
  state: State,
  input: MasterKeyInput,
): { kid: string; state: string } | undefined {
  const known = state.masterKeys().find(({ kid }) => inputOf(state, [input], kid) !== undefined);
  return known && { kid: known.kid, state: known.record.state };
}

/** Facts about where the key lies; none where a command gives it. */
export function keyPlaceFacts({ key, registry }: Settings): StoreFact[] {
  if (key.origin === 'SECRETREG_MASTER_KEY')
    return [
      {
        name: 'place',
        state: 'warn',
        text: 'the environment, which this user and root can read while a command runs: a file of mode 0600 is better',
      },
    ];
  if (key.kind !== 'file') return [];
  // A pipe such as <(pass show key) lies nowhere.
  if (!isFileThere(key.value)) return [];
  const facts: StoreFact[] = [];
  const registryFile = fileOf(registry.value);
  if (registryFile !== undefined && sameFolder(key.value, registryFile))
    facts.push({
      name: 'place',
      state: 'warn',
      text: 'key and registry lie in one folder: whoever copies it can open everything',
    });
  return [...facts, ...holderFacts(key.value, 'key file')];
}

/** What is in the way of a file is told where it is to be read. */
function isFileThere(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Who else has power over a file; nothing where all is as it should be. */
export function holderFacts(file: string, what: string): StoreFact[] {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  const facts: StoreFact[] = [];
  const own = process.getuid?.();
  if (own !== undefined && stat.uid !== own)
    facts.push({ name: 'owner', state: 'warn', text: `the ${what} belongs to another user` });
  const why = replaceable(file);
  if (why !== undefined)
    facts.push({ name: 'folder above', state: 'warn', text: `the ${what}: ${why}` });
  return facts;
}

function sameFolder(one: string, other: string): boolean {
  const [first, second] = [one, other].map((file) =>
    statSync(file, { throwIfNoEntry: false }) === undefined
      ? undefined
      : dirname(realpathSync(file)),
  );
  return first !== undefined && first === second;
}
