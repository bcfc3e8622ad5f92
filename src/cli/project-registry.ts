// A registry that a project file names. That file is found upwards from the working folder, so whoever wrote a checkout may
// choose the brokers, how to speak to them and where to ask for tokens, and would get any log-in that is used there. So a
// log-in is used only for a registry that a person names, or that is named in the same place as the log-in. For brokers,
// values and the master key need no such rule: they do not leave the process unsealed. A server gets values as they are.
import { SecretregError } from '../errors.ts';
import { parseAddress } from '../store/kafka/address.ts';
import { isClientKey, isLogin, PREFIX } from '../store/kafka/setting-names.ts';
import type { ChosenContext } from './contexts.ts';
import { variableOf } from './kafkastore.ts';
import type { RemoteSettings } from './remote-settings.ts';
import type { FileSettings } from './settings-file.ts';
import type { Setting } from './registry-setting.ts';

interface ProjectRegistry {
  /** The project file. */
  file: string;
  /** `kafka://…`. */
  address: string;
}

/** Where a log-in may stand. */
interface Logins {
  environment: ReadonlyMap<string, string>;
  worker: ReadonlyMap<string, string>;
  workerFile: string | undefined;
}

/** Fails with settings-invalid. */
export function refuseLoginFromElsewhere(
  { file, address }: ProjectRegistry,
  { environment, worker, workerFile }: Logins,
): void {
  const { brokers, topic = '', settings } = parseAddress(address);
  const hint = `--registry kafka://${brokers.join(',')}/${topic}    (if these brokers are yours; or SECRETREG_REGISTRY. Settings behind a '?' of the project file are yours to check, and to add)`;
  const refuse = (reason: string) =>
    new SecretregError('settings-invalid', { place: file, reason }, { hint });
  const inAddress = [...settings.keys()].find(isClientKey);
  if (inAddress !== undefined)
    throw refuse(
      `'${inAddress}' is not taken from a project file, since the log-in would be made for whoever wrote the project; it should stand in SECRETREG_KAFKASTORE_* or in the worker's file, beside the brokers`,
    );
  const ofWorker = loginIn(worker);
  const ofEnvironment = loginIn(environment);
  const place =
    ofWorker === undefined
      ? ofEnvironment && variableOf(ofEnvironment)
      : `${ofWorker} of ${workerFile}`;
  if (place !== undefined)
    throw refuse(
      `the log-in in ${place} is not used for brokers that a project file alone names (${brokers.join(', ')}), since it would go to whoever wrote the project; the registry should be named by you, or where the log-in is`,
    );
}

/** The user's context for the same server, where there is one: it has the log-in beside the registry. */
export function contextOfProject(
  { value }: Setting,
  user: FileSettings | undefined,
): ChosenContext | undefined {
  for (const [name, settings] of user?.contexts ?? []) {
    const { registry } = settings;
    if (URL.canParse(registry) && URL.canParse(value) && sameServer(registry, value))
      return {
        name,
        settings,
        file: user?.file ?? '',
        by: 'file',
        origin: `context ${name} (${user?.file ?? ''})`,
      };
  }
  return undefined;
}

function sameServer(one: string, other: string): boolean {
  return new URL(one).href.replace(/\/$/, '') === new URL(other).href.replace(/\/$/, '');
}

/**
 * Fails with settings-invalid: a token, a password or a client's key would be used for a server that only the project file
 * names. Without any of these, values that are written or checked would still go there in clear.
 */
export function refuseServer(file: string, { url, login, client }: RemoteSettings): void {
  const origin = login === undefined ? client?.key.origin : originOf(login);
  const what =
    origin === undefined ? 'no secret is sent to' : `the log-in in ${origin} is not used for`;
  throw new SecretregError(
    'settings-invalid',
    {
      place: file,
      reason: `${what} a server that a project file alone names (${url.host}), since it would go to whoever wrote the project; the registry should be named by you`,
    },
    {
      hint: `--registry ${url.origin}    (if this server is yours; or SECRETREG_REGISTRY, or secretreg context set NAME --registry ${url.origin} --token-file FILE)`,
    },
  );
}

function originOf(login: NonNullable<RemoteSettings['login']>): string {
  switch (login.kind) {
    case 'token':
      return login.token.origin;
    case 'token-file':
      return login.file.origin;
    case 'basic':
      return login.passwordFile.origin;
  }
}

function loginIn(kafkastore: ReadonlyMap<string, string>): string | undefined {
  return [...kafkastore].find(
    ([name, value]) => isLogin(name.slice(PREFIX.length)) && value.trim() !== '',
  )?.[0];
}
