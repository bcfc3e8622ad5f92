// Settings and where each came from: flag > environment > project file > user file > default. The registry of a context
// stands where the context is named: by a flag, by the environment, or, weaker than a project's file, in the user's file.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SecretregError } from '../errors.ts';
import type { ChosenContext } from './contexts.ts';
import type { Io } from './io.ts';
import { addressOf, kafkastoreOf } from './kafkastore.ts';
import type { RemoteSettings } from './remote-settings.ts';
import type { FileSettings } from './settings-file.ts';
import type { WorkerConfig } from './worker-config.ts';

/** The flags that every command on a registry takes. */
export interface SharedFlags {
  registry?: string;
  masterKeyFile?: string;
  masterKeyCommand?: string;
  acceptKeyFile?: string[];
  workerConfig?: string;
  context?: string;
  /** Of a registry over REST. */
  tokenFile?: string;
  caFile?: string;
  clientCert?: string;
  clientKey?: string;
  insecureHttp?: boolean;
  /** The target of `migrate`: settings of a topic may be meant for it. */
  to?: string;
}

export interface Setting {
  value: string;
  /** Such as `--registry`, `SECRETREG_REGISTRY`, `/…/secretreg.yaml`, `default`. */
  origin: string;
}

/** Where the master key comes from. */
export type KeySource = { kind: 'file' | 'command' | 'text'; value: string; origin: string };

export interface Settings {
  /** Absolute: `file:/…`. */
  registry: Setting;
  key: KeySource;
  /** The key before, for a worker file that names one. */
  oldKey?: KeySource;
  /** Keys that are coming or going. */
  acceptedKeys: KeySource[];
  /** `kafkastore.*` by full name: of the worker's file, and of the environment where that has none. */
  kafkastore: ReadonlyMap<string, string>;
  workerConfig?: WorkerConfig;
  /** Of a registry over REST, and there only. */
  remote?: RemoteSettings;
  /** The project's file, where there is one. */
  project?: FileSettings;
}

/** Fails with settings-invalid or file-unreadable. */
export async function readSettings(flags: SharedFlags, io: Io): Promise<Settings> {
  const { project, user } = await settingsFiles(io);
  const context = await contextFor(flags, io, user);
  const files = [project, user].filter((file) => file !== undefined);
  const workerFile = flags.workerConfig ?? named(io, 'SECRETREG_WORKER_CONFIG');
  const worker = workerFile === undefined ? undefined : await readWorker(workerFile, io);
  const fromEnvironment = await resolved(kafkastoreOf(io.env), io, new Map());
  const oldKey: KeySource | undefined =
    worker?.oldMasterKey === undefined
      ? undefined
      : {
          kind: 'text',
          value: worker.oldMasterKey,
          origin: `master.encryption.old.key in ${workerFile}`,
        };
  const sources = { flags, io, context, files, worker, workerFile, fromEnvironment };
  const registry = registrySetting(sources);
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
    acceptedKeys: acceptedKeys(flags, io),
    ...(worker && { workerConfig: worker }),
    ...(remote && { remote }),
    ...(project && { project }),
  };
}

interface Sources {
  flags: SharedFlags;
  io: Io;
  context: ChosenContext | undefined;
  files: readonly FileSettings[];
  worker: WorkerConfig | undefined;
  workerFile: string | undefined;
  fromEnvironment: ReadonlyMap<string, string>;
}

export function isRest(registry: string): boolean {
  return /^https?:/i.test(registry);
}

/** The code for contexts is loaded where there may be one. */
async function contextFor(
  flags: SharedFlags,
  io: Io,
  user: FileSettings | undefined,
): Promise<ChosenContext | undefined> {
  const isNone = flags.context === undefined && named(io, 'SECRETREG_CONTEXT') === undefined;
  if (isNone && user?.context === undefined) return undefined;
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

/** Nothing goes where a project's file alone says: for that the user has a context with the same registry. */
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

/** With Kafka's references in place. Loaded only where such a file is named. */
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

/** `$XDG_DATA_HOME/secretreg/registry.db`. Key and data lie in two places on purpose: a backup of one is not a backup of both. */
function defaultRegistryFile(io: Io): string {
  return join(home(io, 'XDG_DATA_HOME', '.local/share'), 'secretreg', 'registry.db');
}

/** `$XDG_CONFIG_HOME/secretreg/master.key`. */
function defaultKeyFile(io: Io): string {
  return join(home(io, 'XDG_CONFIG_HOME', '.config'), 'secretreg', 'master.key');
}

function registrySetting({
  flags,
  io,
  context,
  files,
  worker,
  workerFile,
  fromEnvironment,
}: Sources): Setting {
  if (flags.registry !== undefined)
    return { value: absoluteRegistry(flags.registry, io.cwd), origin: '--registry' };
  const ofContext = context && {
    value: absoluteRegistry(context.settings.registry, dirname(context.file)),
    origin: context.origin,
  };
  if (context?.by === 'flag' && ofContext !== undefined) return ofContext;
  const ofWorker = addressOf(worker?.kafkastore ?? new Map());
  if (ofWorker !== undefined) return { value: ofWorker, origin: workerFile ?? '' };
  const env = named(io, 'SECRETREG_REGISTRY');
  if (env !== undefined)
    return { value: absoluteRegistry(env, io.cwd), origin: 'SECRETREG_REGISTRY' };
  if (context?.by === 'environment' && ofContext !== undefined) return ofContext;
  const ofEnvironment = addressOf(fromEnvironment);
  if (ofEnvironment !== undefined)
    return { value: ofEnvironment, origin: 'SECRETREG_KAFKASTORE_BOOTSTRAP_SERVERS' };
  for (const { file, registry } of files) {
    if (file === context?.file && ofContext !== undefined) return ofContext;
    if (registry !== undefined)
      return { value: absoluteRegistry(registry, dirname(file)), origin: file };
  }
  return { value: `file:${defaultRegistryFile(io)}`, origin: 'default' };
}

function keySource(
  { flags, io, context, files, worker, workerFile }: Sources,
  registry: Setting,
): KeySource {
  const keyOfContext = context?.settings.masterKeyFile;
  const ofContext: KeySource | undefined =
    context !== undefined && registry.origin === context.origin && keyOfContext !== undefined
      ? {
          kind: 'file',
          value: resolve(dirname(context.file), keyOfContext),
          origin: context.origin,
        }
      : undefined;
  if (flags.masterKeyFile !== undefined) {
    return {
      kind: 'file',
      value: resolve(io.cwd, flags.masterKeyFile),
      origin: '--master-key-file',
    };
  }
  if (flags.masterKeyCommand !== undefined) {
    return { kind: 'command', value: flags.masterKeyCommand, origin: '--master-key-command' };
  }
  if (context?.by === 'flag' && ofContext !== undefined) return ofContext;
  if (worker?.masterKey !== undefined) {
    return {
      kind: 'text',
      value: worker.masterKey,
      origin: `master.encryption.key in ${workerFile}`,
    };
  }
  const file = named(io, 'SECRETREG_MASTER_KEY_FILE');
  if (file !== undefined)
    return { kind: 'file', value: resolve(io.cwd, file), origin: 'SECRETREG_MASTER_KEY_FILE' };
  const command = named(io, 'SECRETREG_MASTER_KEY_COMMAND');
  if (command !== undefined)
    return { kind: 'command', value: command, origin: 'SECRETREG_MASTER_KEY_COMMAND' };
  const credentials = named(io, 'CREDENTIALS_DIRECTORY');
  if (credentials !== undefined && existsSync(join(credentials, 'secretreg-master-key'))) {
    return {
      kind: 'file',
      value: join(credentials, 'secretreg-master-key'),
      origin: 'CREDENTIALS_DIRECTORY',
    };
  }
  const text = named(io, 'SECRETREG_MASTER_KEY');
  if (text !== undefined) return { kind: 'text', value: text, origin: 'SECRETREG_MASTER_KEY' };
  if (ofContext !== undefined) return ofContext;
  for (const settings of files) {
    if (settings.masterKeyFile !== undefined) {
      return {
        kind: 'file',
        value: resolve(dirname(settings.file), settings.masterKeyFile),
        origin: settings.file,
      };
    }
    if (settings.masterKeyCommand !== undefined) {
      return { kind: 'command', value: settings.masterKeyCommand, origin: settings.file };
    }
  }
  return { kind: 'file', value: defaultKeyFile(io), origin: 'default' };
}

function acceptedKeys(flags: SharedFlags, io: Io): KeySource[] {
  const variable = named(io, 'SECRETREG_ACCEPT_KEY_FILE');
  const origin = flags.acceptKeyFile ? '--accept-key-file' : 'SECRETREG_ACCEPT_KEY_FILE';
  const files = flags.acceptKeyFile ?? (variable === undefined ? [] : [variable]);
  return files.map((file) => ({ kind: 'file', value: resolve(io.cwd, file), origin }));
}

/** The project's file, found upwards from the working folder, then the user's. */
export async function settingsFiles(
  io: Io,
): Promise<{ project?: FileSettings; user?: FileSettings }> {
  const found: { project?: FileSettings; user?: FileSettings } = {};
  const parseSettings = async (file: string, of: 'project' | 'user') =>
    (await import('./settings-file.ts')).parseSettings(file, of);
  for (let folder = io.cwd; ; folder = dirname(folder)) {
    const file = join(folder, 'secretreg.yaml');
    if (existsSync(file)) {
      const settings = await parseSettings(file, 'project');
      // A command in a file that came with a checkout would run whatever its author likes.
      if (settings.masterKeyCommand !== undefined) {
        throw new SecretregError('settings-invalid', {
          place: file,
          reason:
            "'masterKeyCommand' is not taken from a project file, since it would run a command of whoever wrote the project; put it into your user file or SECRETREG_MASTER_KEY_COMMAND",
        });
      }
      found.project = settings;
      break;
    }
    if (dirname(folder) === folder) break;
  }
  if (existsSync(userFile(io))) found.user = await parseSettings(userFile(io), 'user');
  return found;
}

/** `$XDG_CONFIG_HOME/secretreg/config.yaml`. */
export function userFile(io: Io): string {
  return join(home(io, 'XDG_CONFIG_HOME', '.config'), 'secretreg', 'config.yaml');
}

export function absoluteRegistry(registry: string, folder: string): string {
  return registry.startsWith('file:')
    ? `file:${resolve(folder, registry.slice('file:'.length))}`
    : registry;
}

function named(io: Io, name: string): string | undefined {
  const value = io.env[name];
  return value === undefined || value === '' ? undefined : value;
}

function home(io: Io, variable: string, below: string): string {
  return named(io, variable) ?? join(named(io, 'HOME') ?? '/', below);
}
