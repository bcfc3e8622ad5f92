import { existsSync } from 'node:fs';
import { masterKeyText } from '../../crypto/master-key.ts';
import { random } from '../../crypto/primitives.ts';
import { hasCode, SecretregError } from '../../errors.ts';
import { failpoint } from '../../failpoint.ts';
import { initRegistry } from '../../registry/init.ts';
import { readNames } from '../../registry/open-registry.ts';
import type { Store } from '../../store/store.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { type Io, note, printLines } from '../io.ts';
import { fetchMasterKey } from '../master-key.ts';
import { createSecretFile, makeFolderOf } from '../output-file.ts';
import { registryWords } from '../named-registry.ts';
import { storesOf } from '../registry-store.ts';
import { localCaller, requireLocal, toldSettings } from '../session.ts';
import type { KeySource } from '../key-source.ts';
import type { SharedFlags } from '../settings.ts';

export const define: Define = (program, { io }) => {
  const command = program
    .command('init')
    .description('make a registry, and a master key where there is none');
  withExamples(
    command,
    'secretreg init',
    'secretreg init --registry file:/srv/secretreg/registry.db --master-key-file /etc/secretreg/master.key',
    'secretreg init --registry kafka://broker:9092/_secretreg',
  );
  sharedOptions(command).action((flags: SharedFlags) => init(io, flags));
};

async function init(io: Io, flags: SharedFlags): Promise<void> {
  const settings = await toldSettings(io, flags);
  requireLocal(settings, 'init');
  const openStore = storesOf(io, settings);
  await refuseExisting(await openStore());
  const store = await openStore();
  try {
    const madeKey = makeKeyIfAbsent(settings.key);
    failpoint('key-made');
    const made = await initRegistry({
      store,
      key: fetchMasterKey(settings.key),
      caller: localCaller(),
      clock: io.clock,
      random,
    });
    const keyPlace = settings.key.kind === 'file' ? settings.key.value : settings.key.origin;
    const lines = [
      `registry    ${settings.registry.value}`,
      `store id    ${made.storeId}`,
      `master key  ${keyPlace}${madeKey ? ' (new)' : ''}`,
      `key id      ${made.kid}`,
      '',
      'Back up the master key, away from the registry: without it the secrets are lost.',
      `Next: secretreg put <connector> password${registryWords(flags)}`,
    ];
    await printLines(io, lines);
    if (settings.registry.value.startsWith('kafka:')) await tellCopies(io, store);
  } finally {
    await store.close();
  }
}

/** Says, before anybody relies on it, that the cluster has too few brokers to lose one of them. */
async function tellCopies(io: Io, store: Store): Promise<void> {
  const { facts } = await store.inspect();
  const copies = facts.find(({ name }) => name === 'copies');
  if (copies !== undefined && copies.state !== 'ok') note(io, copies.text);
}

/** Called before a key is made: beside a registry that is there already, a new key would be taken for that registry's own. */
async function refuseExisting(store: Store): Promise<void> {
  try {
    await readNames(store);
  } catch (error) {
    if (hasCode(error, 'no-registry')) return;
    throw error;
  } finally {
    await store.close();
  }
  throw new SecretregError('registry-exists', { place: store.place });
}

/** The key comes first: a registry whose key was never written would be lost at once. */
function makeKeyIfAbsent(source: KeySource): boolean {
  if (source.kind !== 'file' || existsSync(source.value)) return false;
  if (source.origin === 'default') makeFolderOf(source.value);
  createSecretFile(source.value, `${masterKeyText(random(32))}\n`);
  return true;
}
