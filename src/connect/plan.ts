// What has to be done so that a connector runs with the newest versions of its secrets: from its configuration and its
// state, what is in the registry, and what it is known to run with. Pure; what is told by it names versions, never values.
import { secretName } from '../domain/names.ts';
import { scanReferences } from '../domain/reference.ts';
import type { KeyInfo } from '../domain/registry.ts';
import type { Connector, ConnectorStatus } from './worker-answers.ts';

export interface SecretRef {
  path: string;
  key: string;
}

/** A secret as a connector has it in hand. */
export interface Held extends SecretRef {
  version: number;
}

/** The latest version that can be read; undefined where there is none, or the asker may not know of it. */
export type Versions = (secret: SecretRef) => number | undefined;

export type Decision =
  /** It runs with what is in the registry, as far as is known. */
  | { act: 'nothing' }
  /** Somebody paused or stopped it. */
  | { act: 'leave'; why: string }
  /** A restart would end FAILED. */
  | { act: 'report'; why: string }
  /** It is between two states, which mostly ends by itself. */
  | { act: 'wait'; why: string }
  | { act: 'restart'; because: 'unknown' | 'moved' | 'failed'; why: string };

export function versionsOf(keys: readonly KeyInfo[]): Versions {
  const latest = new Map<string, number>();
  for (const { path, key, versions } of keys) {
    const version = versions.findLast(({ state }) => state === 'enabled')?.version;
    if (version !== undefined) latest.set(secretName({ path, key }), version);
  }
  return (secret) => latest.get(secretName(secret));
}

/** The secrets of our providers that a configuration refers to, each one once. */
export function secretsIn(
  config: ReadonlyMap<string, string>,
  isOurs: (provider: string) => boolean,
): SecretRef[] {
  const found = new Map<string, SecretRef>();
  for (const text of config.values()) {
    for (const { provider, path, key } of scanReferences(text))
      if (isOurs(provider)) found.set(secretName({ path, key }), { path, key });
  }
  return [...found.values()];
}

/** Whatever a configuration refers to, by the names of the providers. */
export function providersIn(config: ReadonlyMap<string, string>): string[] {
  return [...config.values()].flatMap((text) =>
    scanReferences(text).map(({ provider }) => provider),
  );
}

export interface Situation {
  connector: Connector;
  secrets: readonly SecretRef[];
  versions: Versions;
  /** What it runs with; undefined where nothing is known of it. */
  held: readonly Held[] | undefined;
}

export function decide({ connector, secrets, versions, held }: Situation): Decision {
  const { state } = connector;
  if (state === 'PAUSED' || state === 'STOPPED') return { act: 'leave', why: `it is ${state}` };
  const missing = secrets.filter((secret) => versions(secret) === undefined);
  if (missing.length > 0)
    return { act: 'report', why: `not in the registry, or not for you to see: ${listed(missing)}` };
  const moves = movesOf(secrets, versions, held ?? []);
  if (held !== undefined && moves.length > 0)
    return { act: 'restart', because: 'moved', why: moves.join(', ') };
  const failed = failedOf(connector);
  if (failed !== undefined) return { act: 'restart', because: 'failed', why: failed };
  if (held === undefined)
    return {
      act: 'restart',
      because: 'unknown',
      why: 'with which versions it runs is not known here',
    };
  const restless = restlessOf(connector);
  return restless === undefined ? { act: 'nothing' } : { act: 'wait', why: restless };
}

/** What a connector holds that was started when these were the latest ones; secrets that are not there are left out. */
export function heldBy(secrets: readonly SecretRef[], versions: Versions): Held[] {
  return secrets.flatMap(({ path, key }) => {
    const version = versions({ path, key });
    return version === undefined ? [] : [{ path, key, version }];
  });
}

export function isSame(one: readonly Held[], other: readonly Held[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Of a connector or a task that has ended with an error. */
export function failedOf({ state, tasks }: ConnectorStatus): string | undefined {
  if (state === 'FAILED') return 'it is FAILED';
  const failed = tasks.filter((task) => task.state === 'FAILED');
  return failed.length === 0 ? undefined : `${tasksText(failed)} FAILED`;
}

/** What neither runs nor failed: `RESTARTING`, `UNASSIGNED`. A paused connector is not asked for here. */
export function restlessOf({ state, tasks }: ConnectorStatus): string | undefined {
  if (state !== 'RUNNING' && state !== 'FAILED') return `it is ${state}`;
  const restless = tasks.filter((task) => task.state !== 'RUNNING' && task.state !== 'FAILED');
  const [first] = restless;
  return first === undefined ? undefined : `${tasksText(restless)} ${first.state}`;
}

function tasksText(tasks: readonly { id: number }[]): string {
  const ids = tasks.map(({ id }) => id).join(', ');
  return tasks.length === 1 ? `task ${ids} is` : `tasks ${ids} are`;
}

/** Back to an earlier version too, after a delete. What the configuration refers to anew was read at a time that nobody noted. */
function movesOf(
  secrets: readonly SecretRef[],
  versions: Versions,
  held: readonly Held[],
): string[] {
  const before = new Map(held.map((one) => [secretName(one), one.version]));
  return secrets.flatMap((secret) => {
    const [from, to] = [before.get(secretName(secret)), versions(secret)];
    if (from === to) return [];
    return [`${secretName(secret)} ${from === undefined ? 'is new in it' : `${from} → ${to}`}`];
  });
}

function listed(secrets: readonly SecretRef[]): string {
  return secrets.map(secretName).join(', ');
}
