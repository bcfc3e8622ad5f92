// The settings of a worker's own file, or of its resource: `config.providers.<name>.param.*` of Confluent's Connect Secret Registry.
import { readTextFile } from './text-file.ts';
import { workerSettings } from './worker-settings.ts';
import { refuseSlips, refuseSlipOfProvider, unknownParams } from './worker-slips.ts';

export interface WorkerConfig {
  /** `config.providers`, in order. */
  providers: string[];
  /** Those of them that are a secret registry: Confluent's class or ours, or with its parameters. */
  registryProviders: string[];
  /** `master.encryption.key` and `master.encryption.old.key`, as written. */
  masterKey?: string;
  oldMasterKey?: string;
  /** `url` of the registry's provider, as written. */
  url?: string;
  /** Every `kafkastore.*` setting of the registry's provider, by that name, as written. */
  kafkastore: Map<string, string>;
  /** The class of each provider that has one. */
  classes: Map<string, string>;
  /** Sentences about settings that do not do what their writer hoped. */
  notes: string[];
}

const PARAM = /^config\.providers\.([^.]+)\.param\.(.+)$/;
const CLASS = /^config\.providers\.([^.]+)\.class$/;
/** Confluent's provider and ours. */
const REGISTRY_CLASS = /(InternalSecretConfigProvider|SecretRegistryConfigProvider)$/;

/** Fails with file-unreadable or settings-invalid. */
export async function readWorkerConfig(file: string): Promise<WorkerConfig> {
  return workerConfigOf(await workerSettings(readTextFile(file), file), file);
}

/** Fails with settings-invalid where a name can only be a slip of one of ours. */
export function workerConfigOf(
  properties: ReadonlyMap<string, string>,
  file: string,
): WorkerConfig {
  refuseSlips(properties.keys(), file);
  const params = new Map<string, Map<string, string>>();
  const classes = new Map<string, string>();
  for (const [name, value] of properties) {
    const param = PARAM.exec(name);
    if (param?.[1] !== undefined && param[2] !== undefined) {
      const own = params.get(param[1]) ?? new Map<string, string>();
      params.set(param[1], own.set(param[2], value));
    }
    const className = CLASS.exec(name);
    if (className?.[1] !== undefined) classes.set(className[1], value.trim());
  }
  const registryProviders = [...new Set([...params.keys(), ...classes.keys()])].filter((name) =>
    isRegistry(classes.get(name), params.get(name)),
  );
  const providers = (properties.get('config.providers') ?? registryProviders.join(','))
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  refuseSlipOfProvider(providers, params, file);
  const [first, second] = registryProviders;
  if (first === undefined) {
    const missing =
      "'config.providers.secret.param.master.encryption.key' and the like are missing";
    const notes = [
      `${file}: only the names of its providers are used, for none of them is a secret registry: ${missing}`,
    ];
    return { providers, registryProviders, kafkastore: new Map(), classes, notes };
  }
  const own = params.get(first) ?? new Map<string, string>();
  const notes = [...notesOn(first, own)];
  if (second !== undefined)
    notes.push(`${file}: the settings of provider '${first}' are used, not those of '${second}'`);
  const masterKey = own.get('master.encryption.key');
  const oldMasterKey = own.get('master.encryption.old.key');
  const url = own.get('url');
  const kafkastore = new Map([...own].filter(([name]) => name.startsWith('kafkastore.')));
  return {
    providers,
    registryProviders,
    ...(masterKey !== undefined && { masterKey }),
    ...(oldMasterKey !== undefined && { oldMasterKey }),
    ...(url !== undefined && { url }),
    kafkastore,
    classes,
    notes,
  };
}

function isRegistry(
  className: string | undefined,
  params: Map<string, string> | undefined,
): boolean {
  if (className !== undefined && REGISTRY_CLASS.test(className)) return true;
  return [...(params?.keys() ?? [])].some(
    (name) => name.startsWith('master.encryption.') || name.startsWith('kafkastore.'),
  );
}

function* notesOn(provider: string, params: Map<string, string>): Iterable<string> {
  const handler = params.get('kafkastore.sasl.login.callback.handler.class');
  if (handler !== undefined && /\srequired\s/.test(handler)) {
    yield `config.providers.${provider}.param.kafkastore.sasl.login.callback.handler.class holds a JAAS text after the class name: ` +
      'two settings have run together, as in the published example; the text from the login module on belongs to kafkastore.sasl.jaas.config';
  }
  if (params.has('secret.registry.group.id')) {
    yield `config.providers.${provider}.param.secret.registry.group.id is not used: every process may write, and no leader is elected in a group`;
  }
  if (/^<.*>$/.test(params.get('master.encryption.key') ?? '')) {
    yield `config.providers.${provider}.param.master.encryption.key is a placeholder in angle brackets: everybody knows it; put a key of your own there`;
  }
  for (const name of unknownParams(params.keys()))
    yield `config.providers.${provider}.param.${name} is not a setting that is known here, and is not used`;
}
