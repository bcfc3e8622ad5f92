import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { random } from '../../crypto/primitives.ts';
import { SecretregError } from '../../errors.ts';
import type { Store, StoreFact } from '../../store/store.ts';
import { openCore } from '../../registry/open-registry.ts';
import { missingRecords } from '../../registry/lookup.ts';
import { rotationStatus } from '../../registry/rotation.ts';
import type { State } from '../../registry/state.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import type { Io } from '../io.ts';
import { givenKeys, tellNotes } from '../session.ts';
import { storeOf } from '../registry-store.ts';
import { faultFact, printSections, type Section, sectionsFormat } from '../sections.ts';
import { readSettings, type Settings, type SharedFlags } from '../settings.ts';

interface Flags extends SharedFlags {
  output?: string;
}

export const define: Define = (program, { io, setExit }) => {
  const command = program
    .command('doctor')
    .description(
      'what an operator should know: settings and their origin, key, store, records, permissions, clock, disk',
    )
    .option('-o, --output <format>', 'json');
  sharedOptions(command).action((flags: Flags) => doctor(io, flags, setExit));
};

async function doctor(io: Io, flags: Flags, setExit: (code: number) => void): Promise<void> {
  const format = sectionsFormat(flags.output);
  const settings = await readSettings(flags, io);
  tellNotes(io, settings);
  const sections =
    settings.remote === undefined
      ? [settingsSection(settings), ...(await registrySections(io, settings))]
      : await (await import('../remote-doctor.ts')).remoteSections(io, settings, settings.remote);
  setExit(await printSections(io, format, sections));
}

function settingsSection({ registry, key }: Settings): Section {
  const from = key.kind === 'file' ? key.value : key.kind === 'command' ? 'a command' : 'text';
  return {
    name: 'settings',
    facts: [
      { name: 'registry', state: 'ok', text: `${registry.value} (${registry.origin})` },
      { name: 'master key', state: 'ok', text: `${from} (${key.origin})` },
    ],
  };
}

async function registrySections(io: Io, settings: Settings): Promise<Section[]> {
  const store = await storeOf(io, settings);
  const sections: Section[] = [];
  try {
    const core = await openCore({
      store,
      keys: () => givenKeys(settings),
      clock: io.clock,
      random,
    });
    sections.push({ name: 'key', facts: keyFacts(settings, rotationStatus(core).keys) });
    sections.push({ name: 'store', facts: (await store.inspect()).facts });
    sections.push({ name: 'records', facts: recordFacts(core.state, io.clock()) });
  } catch (error) {
    if (!(error instanceof SecretregError)) throw error;
    sections.push({ name: 'registry', facts: [faultFact(error)] });
    if (sections.length === 1) sections.push(...(await storeSections(store)));
  } finally {
    await store.close();
  }
  return sections;
}

/** What there is to tell of a store that is of no use: nothing where it could not even be found. */
async function storeSections(store: Store): Promise<Section[]> {
  try {
    return [{ name: 'store', facts: (await store.inspect()).facts }];
  } catch (error) {
    if (!(error instanceof SecretregError)) throw error;
    return [];
  }
}

function keyFacts(
  settings: Settings,
  keys: ReturnType<typeof rotationStatus>['keys'],
): StoreFact[] {
  const facts = keys.map(
    ({ kid, state, records }): StoreFact => ({
      name: kid,
      state: state === 'retiring' || state === 'unknown' ? 'warn' : 'ok',
      text: `${state}, ${records} records`,
    }),
  );
  if (settings.key.kind === 'file' && settings.registry.value.startsWith('file:')) {
    const sameFolder =
      dirname(settings.key.value) === dirname(settings.registry.value.slice('file:'.length));
    if (sameFolder) {
      facts.push({
        name: 'place',
        state: 'warn',
        text: 'key and registry lie in one folder: whoever copies it can open everything',
      });
    }
    if (statSync(settings.key.value).uid !== process.getuid?.()) {
      facts.push({ name: 'owner', state: 'warn', text: 'the key file belongs to another user' });
    }
  }
  return facts;
}

function recordFacts(state: State, now: Date): StoreFact[] {
  const facts: StoreFact[] = [{ name: 'commits', state: 'ok', text: `${state.lastN}` }];
  if (state.registry?.moving !== undefined) facts.push(moveFact(state, state.registry.moving));
  for (const { recordKey, reason } of state.alarms)
    facts.push({ name: 'record', state: 'fail', text: `${recordKey}: ${reason}` });
  if (state.foreign > 0)
    facts.push({ name: 'foreign records', state: 'fail', text: `${state.foreign}` });
  const missing = missingRecords(state);
  for (const what of missing) facts.push({ name: 'missing', state: 'fail', text: what });
  if (state.alarms.length === 0 && missing.length === 0)
    facts.push({ name: 'authenticity', state: 'ok', text: 'every record is authentic' });
  const ahead = Date.parse(state.commit?.at ?? '') - now.getTime();
  if (ahead > 60_000)
    facts.push({
      name: 'clock',
      state: 'warn',
      text: `this clock is ${Math.round(ahead / 1000)} s behind the newest commit`,
    });
  return facts;
}

/** The commit that began it is the newest one, for no other is made meanwhile. */
function moveFact({ registry, commit }: State, to: string): StoreFact {
  const at = commit !== undefined && commit.n === registry?.n ? ` at ${commit.at}` : '';
  const text = `a move to ${to} was begun${at}: the registry takes no changes until it goes on or is cancelled`;
  return { name: 'move', state: 'warn', text };
}
