// Where each setting of a registry in a file or a topic came from.
import { statSync } from 'node:fs';
import { isCredential, isUsed, PREFIX } from '../../store/kafka/setting-names.ts';
import { shownAddress } from '../../store/shown-address.ts';
import type { StoreFact } from '../../store/store.ts';
import { version } from '../../version.ts';
import { variableOf } from '../kafkastore.ts';
import type { KeySource } from '../key-source.ts';
import type { Settings } from '../settings.ts';
import { reasonOf } from '../system-reason.ts';
import { readWorkerConfig } from '../worker-config.ts';

/** `workerFile`: absolute, where one is named. */
export async function settingsFacts(
  settings: Settings,
  workerFile: string | undefined,
): Promise<StoreFact[]> {
  const { registry, key, oldKey, acceptedKeys } = settings;
  const facts: StoreFact[] = [
    programFact(),
    { name: 'registry', state: 'ok', text: `${registry.value} (${registry.origin})` },
    keyFact('master key', key),
  ];
  if (oldKey !== undefined) facts.push(keyFact('key before', oldKey));
  for (const accepted of acceptedKeys) facts.push(keyFact('accepted key', accepted));
  if (workerFile !== undefined) facts.push(await workerFileFact(workerFile));
  if (/^kafka:/i.test(registry.value)) facts.push(...kafkastoreFacts(settings, workerFile));
  return facts;
}

/** What the report of a bug has to begin with. */
export function programFact(): StoreFact {
  const { platform, arch, versions } = process;
  const text = `secretreg ${version} on Node.js ${versions.node}, ${platform} ${arch}`;
  return { name: 'program', state: 'ok', text };
}

/** Why a file cannot be used is told with the registry. But where there is no registry, no key has been looked for. */
function keyFact(name: string, source: KeySource): StoreFact {
  const problem = source.kind === 'file' ? absence(source.value) : undefined;
  const text = shownKey(source);
  if (problem === undefined) return { name, state: 'ok', text };
  return { name, state: 'warn', text: `${text}: ${problem}` };
}

function absence(file: string): string | undefined {
  try {
    statSync(file);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

function shownKey({ kind, value, origin }: KeySource): string {
  const from = { file: value, command: 'a command', text: 'text' }[kind];
  return `${from} (${origin})`;
}

/** The worker's user has to be able to read it; anybody else who can has the credentials that stand in it. */
async function workerFileFact(file: string): Promise<StoreFact> {
  const name = 'worker file';
  const { mode } = statSync(file);
  const inClear = await credentialsIn(file);
  if (inClear.length === 0 || (mode & 0o077) === 0) return { name, state: 'ok', text: file };
  const rights = (mode & 0o777).toString(8).padStart(4, '0');
  const text = `${file} has mode ${rights}, and in clear ${inClear.join(', ')}: 0600 is right, or references to files that have it`;
  return { name, state: 'warn', text };
}

async function credentialsIn(file: string): Promise<string[]> {
  const { masterKey, oldMasterKey, kafkastore } = await readWorkerConfig(file);
  const all: [string, string | undefined][] = [
    ['master.encryption.key', masterKey],
    ['master.encryption.old.key', oldMasterKey],
    ...[...kafkastore].filter(([name]) => isCredential(name.slice(PREFIX.length))),
  ];
  return all.flatMap(([name, text]) => (text === undefined || text.includes('${') ? [] : [name]));
}

function kafkastoreFacts(
  { kafkastore, workerConfig }: Settings,
  workerFile: string | undefined,
): StoreFact[] {
  return [...kafkastore].flatMap(([name, value]) => {
    const own = name.slice(PREFIX.length);
    if (!isUsed(own)) return [];
    const origin = workerConfig?.kafkastore.has(name) ? workerFile : variableOf(name);
    const shown = isCredential(own) ? 'set, and not shown' : shortened(shownAddress(value));
    return [{ name, state: 'ok' as const, text: `${shown} (${origin})` }];
  });
}

/** A certificate is longer than a line. */
function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80).toWellFormed()}…` : text;
}
