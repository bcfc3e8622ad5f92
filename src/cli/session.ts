// One command's work on a registry: settings read, store opened, key checked, closed at the end whatever happens.
import { userInfo } from 'node:os';
import type { Client } from '../client/open-client.ts';
import { random } from '../crypto/primitives.ts';
import type { Caller } from '../domain/audit-event.ts';
import type { SecretPath } from '../domain/names.ts';
import type { Registry } from '../domain/registry.ts';
import { hasCode, nodeCodeOf, SecretregError } from '../errors.ts';
import type { Core } from '../registry/core.ts';
import type { GivenKeys } from '../registry/keyring.ts';
import { openCore } from '../registry/open-registry.ts';
import { registryFor } from '../registry/registry.ts';
import { version } from '../version.ts';
import { type Io, note } from './io.ts';
import { fetchMasterKey } from './master-key.ts';
import { storeOf } from './registry-store.ts';
import { readSettings, type Settings, type SharedFlags } from './settings.ts';

export interface Session {
  settings: Settings;
  registry: Registry;
}

/** A session on a registry in a file or a topic, which this process opens itself. */
export interface LocalSession extends Session {
  core: Core;
  caller: Caller;
}

/** Runs work on the registry that the settings name, here or over REST. With a path, only that path is read. */
export async function withRegistry<T>(
  io: Io,
  flags: SharedFlags,
  options: { path?: SecretPath },
  work: (session: Session & Partial<LocalSession>) => Promise<T>,
): Promise<T> {
  const settings = await toldSettings(io, flags);
  return withRegistryOf(io, settings, options, work);
}

/** The same with settings that have been read. */
export async function withRegistryOf<T>(
  io: Io,
  settings: Settings,
  options: { path?: SecretPath },
  work: (session: Session & Partial<LocalSession>) => Promise<T>,
): Promise<T> {
  const overRest = ({ registry }: Client) => work({ settings, registry });
  try {
    return await onRegistry(io, settings, options, work, overRest);
  } catch (error) {
    if (!hasCode(error, 'path-not-found', 'key-not-found')) throw error;
    const { withNearName } = await import('./near-name.ts');
    throw await withNearName(io, settings, error);
  }
}

/** Runs `here` where the registry is in a file or a topic, and `overRest` where it is on a server. */
export async function onRegistry<T>(
  io: Io,
  settings: Settings,
  options: { path?: SecretPath },
  here: (session: LocalSession) => Promise<T>,
  overRest: (client: Client) => Promise<T>,
): Promise<T> {
  const { remote } = settings;
  if (remote === undefined) return withCore(io, settings, options, here);
  const { withClient } = await import('./remote-client.ts');
  return withClient(remote, overRest);
}

/** Runs work on the registry, here or over REST, with its id, which is the same in both cases: 32 hexadecimal digits. */
export async function onIdentifiedRegistry<T>(
  io: Io,
  settings: Settings,
  work: (registry: Registry, id: string) => Promise<T>,
): Promise<T> {
  return onRegistry(
    io,
    settings,
    {},
    ({ registry, core }) => work(registry, Buffer.from(core.storeId).toString('hex')),
    async ({ registry, operations }) => work(registry, (await operations.registry()).storeId),
  );
}

/** Runs work that no server does, only on a registry in a file or a topic; `what` is the command. Fails with not-over-rest. */
export async function withLocalRegistry<T>(
  io: Io,
  flags: SharedFlags,
  what: string,
  work: (session: LocalSession) => Promise<T>,
): Promise<T> {
  const settings = await toldSettings(io, flags);
  requireLocal(settings, what);
  return withCore(io, settings, {}, work);
}

/** Fails with not-over-rest. */
export function requireLocal({ remote, registry }: Settings, what: string): void {
  if (remote === undefined) return;
  throw new SecretregError('not-over-rest', { what, registry: registry.value });
}

/** Opens the store, and closes it whatever happens. */
async function withCore<T>(
  io: Io,
  settings: Settings,
  options: { path?: SecretPath },
  work: (session: LocalSession) => Promise<T>,
): Promise<T> {
  const store = await storeOf(io, settings);
  try {
    const keys = () => givenKeys(settings);
    const core = await openCore({ store, keys, clock: io.clock, random, ...options });
    const caller = localCaller();
    return await work({ settings, core, registry: registryFor(core, caller), caller });
  } finally {
    await store.close();
  }
}

export function givenKeys(settings: Settings): GivenKeys {
  return {
    key: fetchMasterKey(settings.key),
    ...(settings.oldKey && { oldKey: fetchMasterKey(settings.oldKey) }),
    accepted: settings.acceptedKeys.map((source) => fetchMasterKey(source)),
  };
}

/** Holding the master key is the credential; the audit names the user of the operating system: `User:alice`, or `User:12345`. */
export function localCaller(): Caller {
  return {
    principal: `User:${userName()}`,
    credential: { mechanism: 'master-key' },
    userAgent: `secretreg/${version}`,
  };
}

/** The number of a user without a name, as whom a container may run: its /etc/passwd knows nothing of them. */
function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    const uid = process.geteuid?.();
    if (uid === undefined || nodeCodeOf(error) !== 'ERR_SYSTEM_ERROR') throw error;
    return String(uid);
  }
}

/** The settings, after what is to be told of a worker's file among them. */
export async function toldSettings(io: Io, flags: SharedFlags): Promise<Settings> {
  const settings = await readSettings(flags, io);
  tellNotes(io, settings);
  return settings;
}

export function tellNotes(io: Io, settings: Settings): void {
  for (const text of settings.workerConfig?.notes ?? []) note(io, text);
}
