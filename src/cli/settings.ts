// Settings and where each came from: flag > environment > project file > user file > default. The registry of a context
// stands where the context is named: by a flag, by the environment, or, weaker than a project's file, in the user's file.
import { resolve } from 'node:path';
import type { ChosenContext } from './contexts.ts';
import type { Io } from './io.ts';
import { kafkastoreOf } from './kafkastore.ts';
import { acceptedKeySources, type KeySource, keySource, oldKeySource } from './key-source.ts';
import { isRest, registrySetting, type Setting } from './registry-setting.ts';
import type { RemoteSettings } from './remote-settings.ts';
import type { FileSettings } from './settings-file.ts';
import { settingsFiles, userFile, variable } from './settings-places.ts';
import type { WorkerConfig } from './worker-config.ts';

/** The flags that every command on a registry takes. */
export interface SharedFlags {
  registry?: string;
  masterKeyFile?: string;
  masterKeyCommand?: string;
  acceptKeyFile?: string[];
  workerConfig?: string;
  context?: string;
  /** For a registry over REST. */
  tokenFile?: string;
  caFile?: string;
  clientCert?: string;
  clientKey?: string;
  insecureHttp?: boolean;
  /** The target of `migrate`: settings of a topic may be meant for it. */
  to?: string;
}

export interface Settings {
  /** Absolute: `file:/…`. */
  registry: Setting;
  key: KeySource;
  /** The old key, where a worker's file names one. */
  oldKey?: KeySource;
  /** Keys that are used beside the master key, before, in and after its change. */
  acceptedKeys: KeySource[];
  /** `kafkastore.*` by full name: of the worker's file, and of the environment where that has none. */
  kafkastore: ReadonlyMap<string, string>;
  workerConfig?: WorkerConfig;
  /** Only for a registry over REST. */
  remote?: RemoteSettings;
  /** The project's file, where there is one. */
  project?: FileSettings;
}

/** Fails with settings-invalid or file-unreadable. */
export async function readSettings(flags: SharedFlags, io: Io): Promise<Settings> {
  const { project, user } = await settingsFiles(io);
  const context = await contextFor(flags, io, user);
  const files = [project, user].filter((file) => file !== undefined);
  const workerFile = flags.workerConfig ?? variable(io, 'SECRETREG_WORKER_CONFIG');
  const worker = workerFile === undefined ? undefined : await readWorker(workerFile, io);
  const fromEnvironment = await resolved(kafkastoreOf(io.env), io, new Map());
  const sources: Sources = { flags, io, context, files, worker, workerFile, fromEnvironment };
  const registry = registrySetting(sources);
  const oldKey = oldKeySource(sources);
  if (registry.origin === project?.file && /^kafka:/i.test(registry.value)) {
    const { refuseLoginFromElsewhere } = await import('./project-registry.ts');
    const logins = { environment: fromEnvironment, worker: worker?.kafkastore ?? new Map() };
    const named = { file: project.file, address: registry.value };
    refuseLoginFromElsewhere(named, { ...logins, workerFile });
  }
  if (worker !== undefined || hasKafkastore(io)) {
    const { requireNamed } = await import('./registry-not-named.ts');
    requireNamed({
      registry,
      ...namedBy(flags, registry),
      to: flags.to,
      worker,
      workerFile,
      env: io.env,
    });
  }
  const remote = isRest(registry.value)
    ? await remoteOf({ registry, flags, io, context, project, user })
    : undefined;
  return {
    registry,
    kafkastore: new Map([...fromEnvironment, ...(worker?.kafkastore ?? [])]),
    key: keySource(sources, registry),
    ...(oldKey && { oldKey }),
    acceptedKeys: acceptedKeySources(sources),
    ...(worker && { workerConfig: worker }),
    ...(remote && { remote }),
    ...(project && { project }),
  };
}

/** All that may say which registry and which key is meant. */
export interface Sources {
  flags: SharedFlags;
  io: Io;
  context: ChosenContext | undefined;
  files: readonly FileSettings[];
  worker: WorkerConfig | undefined;
  workerFile: string | undefined;
  fromEnvironment: ReadonlyMap<string, string>;
}

/** The code for contexts is loaded where there may be one. */
async function contextFor(
  flags: SharedFlags,
  io: Io,
  user: FileSettings | undefined,
): Promise<ChosenContext | undefined> {
  const name = flags.context ?? variable(io, 'SECRETREG_CONTEXT') ?? user?.context;
  if (name === undefined) return undefined;
  return (await import('./contexts.ts')).chosenContext(flags, io.env, user, userFile(io));
}

/** Whether a person named the registry, on this command or in the environment. */
function namedBy(
  flags: SharedFlags,
  { origin }: Setting,
): { isByFlag: boolean; isByPerson: boolean } {
  const isByFlag = flags.registry !== undefined || flags.context !== undefined;
  const isByPerson = isByFlag || /^SECRETREG_REGISTRY$|\(SECRETREG_CONTEXT\)$/.test(origin);
  return { isByFlag, isByPerson };
}

/** Nothing is sent to a server that only a project's file names, unless the user has a context for the same server. */
async function remoteOf({
  project,
  user,
  context,
  ...sources
}: {
  registry: Setting;
  flags: SharedFlags;
  io: Io;
  context: ChosenContext | undefined;
  project: FileSettings | undefined;
  user: FileSettings | undefined;
}): Promise<RemoteSettings> {
  const { remoteSettings } = await import('./remote-settings.ts');
  const { registry } = sources;
  if (registry.origin === context?.origin) return remoteSettings({ ...sources, context });
  if (registry.origin !== project?.file) return remoteSettings({ ...sources, context: undefined });
  const { contextOfProject, refuseServer } = await import('./project-registry.ts');
  const known = contextOfProject(registry, user);
  const remote = remoteSettings({ ...sources, context: known });
  if (known === undefined) refuseServer(project.file, remote);
  return remote;
}

/** Whether the environment has settings of a topic, also with a slip in their names. */
function hasKafkastore(io: Io): boolean {
  return Object.keys(io.env).some((name) => name.startsWith('SECRETREG_K'));
}

/** The worker's file with the values of Kafka's references in it. Its code is loaded only where such a file is named. */
async function readWorker(workerFile: string, io: Io): Promise<WorkerConfig> {
  const { readWorkerConfig } = await import('./worker-config.ts');
  const worker = await readWorkerConfig(resolve(io.cwd, workerFile));
  const { masterKey, oldMasterKey, classes } = worker;
  const keys = new Map([
    ...(masterKey === undefined ? [] : [[MASTER_KEY, masterKey] as const]),
    ...(oldMasterKey === undefined ? [] : [[OLD_MASTER_KEY, oldMasterKey] as const]),
  ]);
  const all = await resolved(new Map([...worker.kafkastore, ...keys]), io, classes);
  return {
    ...worker,
    ...(masterKey !== undefined && { masterKey: all.get(MASTER_KEY) ?? '' }),
    ...(oldMasterKey !== undefined && { oldMasterKey: all.get(OLD_MASTER_KEY) ?? '' }),
    kafkastore: new Map([...worker.kafkastore.keys()].map((name) => [name, all.get(name) ?? ''])),
  };
}

const MASTER_KEY = 'master.encryption.key';
const OLD_MASTER_KEY = 'master.encryption.old.key';

/** The code for references is loaded where there may be one. */
async function resolved(
  settings: ReadonlyMap<string, string>,
  io: Io,
  classes: WorkerConfig['classes'],
): Promise<ReadonlyMap<string, string>> {
  if (![...settings.values()].some((text) => text.includes('${'))) return settings;
  return (await import('./kafka-references.ts')).withReferences(settings, io.env, classes);
}
