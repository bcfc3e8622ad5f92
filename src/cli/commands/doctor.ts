import { resolve } from 'node:path';
import { random } from '../../crypto/primitives.ts';
import { SecretregError } from '../../errors.ts';
import type { Store, StoreFact } from '../../store/store.ts';
import type { GivenKeys } from '../../registry/keyring.ts';
import { openCore } from '../../registry/open-registry.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { fileFacts } from '../doctor/file-facts.ts';
import { keyFacts, keyPlaceFacts } from '../doctor/key-facts.ts';
import { recordFacts } from '../doctor/record-facts.ts';
import { settingsFacts } from '../doctor/settings-facts.ts';
import { withNamedRegistry } from '../named-registry.ts';
import type { Io } from '../io.ts';
import { givenKeys, toldSettings } from '../session.ts';
import { storeOf } from '../registry-store.ts';
import { faultFact, printSections, type Section, sectionsFormat } from '../sections.ts';
import type { Settings, SharedFlags } from '../settings.ts';

interface Flags extends SharedFlags {
  output?: string;
  json?: boolean;
}

const HELP = `
Exit code 1 where anything fails; a warning alone is 0. docs/operations.md says
what to do about each.`;

export const define: Define = (program, { io, setExit }) => {
  const command = program
    .command('doctor')
    .description(
      'what an operator should know: settings and their origin, key, store, records, permissions, clock, disk',
    )
    .option('-o, --output <format>', 'json')
    .option('--json', 'the same as -o json')
    .addHelpText('after', HELP);
  withExamples(
    command,
    'secretreg doctor',
    'secretreg doctor --registry kafka://broker:9092/_secretreg --json',
  );
  sharedOptions(command).action((flags: Flags) => doctor(io, flags, setExit));
};

async function doctor(io: Io, flags: Flags, setExit: (code: number) => void): Promise<void> {
  const format = flags.json ? 'json' : sectionsFormat(flags.output);
  const settings = await toldSettings(io, flags);
  const sections =
    settings.remote === undefined
      ? await localSections(io, flags, settings)
      : await (await import('../remote-doctor.ts')).remoteSections(io, settings, settings.remote);
  setExit(await printSections(io, format, sections));
}

async function localSections(io: Io, flags: Flags, settings: Settings): Promise<Section[]> {
  const worker = flags.workerConfig ?? io.env['SECRETREG_WORKER_CONFIG'];
  const workerFile = worker === undefined || worker === '' ? undefined : resolve(io.cwd, worker);
  const facts = await settingsFacts(settings, workerFile);
  return [{ name: 'settings', facts }, ...(await registrySections(io, flags, settings))];
}

async function registrySections(io: Io, flags: Flags, settings: Settings): Promise<Section[]> {
  const store = await storeOf(io, settings);
  const sections: Section[] = [];
  const place = keyPlaceFacts(settings);
  const inspect = () => storeFacts(store, settings);
  try {
    let given: GivenKeys | undefined;
    const keys = () => (given = givenKeys(settings));
    const core = await openCore({ store, keys, clock: io.clock, random });
    sections.push({ name: 'key', facts: [...keyFacts(core, given ?? keys()), ...place] });
    sections.push({ name: 'store', facts: await inspect() });
    sections.push({ name: 'records', facts: recordFacts(core.state, io.clock()) });
  } catch (error) {
    if (!(error instanceof SecretregError)) throw error;
    sections.push({ name: 'registry', facts: [faultFact(withNamedRegistry(error, flags))] });
    if (sections.length === 1) {
      if (place.length > 0) sections.push({ name: 'key', facts: place });
      sections.push(...(await orNone(inspect)));
    }
  } finally {
    await store.close();
  }
  return sections;
}

async function storeFacts(store: Store, { registry }: Settings): Promise<StoreFact[]> {
  const { facts } = await store.inspect();
  return [...facts, ...fileFacts(registry.value)];
}

/** The facts about a store that cannot be used; no section where it could not even be found. */
async function orNone(facts: () => Promise<StoreFact[]>): Promise<Section[]> {
  try {
    return [{ name: 'store', facts: await facts() }];
  } catch (error) {
    if (!(error instanceof SecretregError)) throw error;
    return [];
  }
}
