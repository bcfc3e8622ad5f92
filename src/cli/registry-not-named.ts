// `kafkastore.*` settings that name no registry: whoever wrote them means one in a topic, so no other kind is used instead.
import { SecretregError } from '../errors.ts';
import { isUnknown, noteOn, PREFIX } from '../store/kafka/setting-names.ts';
import type { Io } from './io.ts';
import { addressOf, kafkastoreOf, variableOf } from './kafkastore.ts';
import type { WorkerConfig } from './worker-config.ts';
import { refuseSlipsOfVariables } from './worker-slips.ts';

interface Named {
  registry: { value: string; origin: string };
  isByFlag: boolean;
  isByPerson: boolean;
  /** The target of `migrate`. */
  to: string | undefined;
  worker: WorkerConfig | undefined;
  workerFile: string | undefined;
  env: Io['env'];
}

const SERVERS = 'kafkastore.bootstrap.servers';

/**
 * Requires of a worker's file with `kafkastore.*` that it names a registry, unless a flag does, or `--to` names the topic
 * that they are for. In the environment they may be the log-in for a registry that is named elsewhere, but are never for the
 * default file. Where no topic is opened, which would report unknown settings, those of the worker become notes here. Fails
 * with settings-invalid.
 */
export function requireNamed(named: Named): void {
  const { registry, isByFlag, isByPerson, to, worker, workerFile, env } = named;
  const { origin } = registry;
  const isForTopic = isTopic(registry.value) || isTopic(to);
  if (!isByPerson || isForTopic) refuseSlipsOfVariables(Object.keys(env));
  if (worker !== undefined && !isByFlag && !isTopic(to))
    requireServers(worker.kafkastore, workerFile ?? '');
  if (origin === 'default' && !isTopic(to)) requireServersOfVariables(env);
  if (!isForTopic) worker?.notes.push(...notesOnUnknown(worker.kafkastore.keys()));
}

function requireServers(kafkastore: ReadonlyMap<string, string>, file: string): void {
  const first = [...kafkastore.keys()].find((name) => name !== SERVERS);
  if (kafkastore.size === 0 || addressOf(kafkastore) !== undefined) return;
  throw new SecretregError(
    'settings-invalid',
    { place: file, reason: first === undefined ? EMPTY : notNamed(`it has ${first}`, SERVERS) },
    {
      hint: `config.providers.<name>.param.${SERVERS}=host:9092    (in that file; or --registry URL, where another registry is meant)`,
    },
  );
}

function requireServersOfVariables(env: Io['env']): void {
  const [first] = [...kafkastoreOf(env)].find(([, value]) => value !== '') ?? [];
  if (first === undefined) return;
  const servers = variableOf(SERVERS);
  throw new SecretregError(
    'settings-invalid',
    { place: variableOf(first), reason: notNamed('it is set', servers) },
    { hint: `${servers}=host:9092    (or --registry URL, where another registry is meant)` },
  );
}

const EMPTY = `${SERVERS} is empty: it names no registry, and no other one is taken in its place`;

function notNamed(what: string, missing: string): string {
  return `${what}, and ${missing} is missing or empty: they name no registry, and no other one is taken in its place`;
}

function notesOnUnknown(names: Iterable<string>): string[] {
  return [...names].filter(isUnknown).flatMap((name) => noteOn(name.slice(PREFIX.length)) ?? []);
}

function isTopic(address: string | undefined): boolean {
  return address !== undefined && /^kafka:/i.test(address);
}
