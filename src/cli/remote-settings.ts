// A registry over REST: its address, and what proves to it who asks. Loaded for such a registry only.
import { dirname } from 'node:path';
import { isLoopback } from '../domain/loopback.ts';
import { SecretregError } from '../errors.ts';
import { shownAddress } from '../store/shown-address.ts';
import type { ChosenContext } from './contexts.ts';
import type { Io } from './io.ts';
import { namedFile } from './named-file.ts';
import type { ContextSettings } from './settings-file.ts';
import type { Setting } from './registry-setting.ts';
import type { SharedFlags } from './settings.ts';

export interface RemoteSettings {
  url: URL;
  login?: Login;
  caFile?: Setting;
  client?: { cert: Setting; key: Setting };
}

export type Login =
  | { kind: 'token-file'; file: Setting }
  | { kind: 'token'; token: Setting }
  | { kind: 'basic'; user: Setting; passwordFile: Setting };

interface Sources {
  registry: Setting;
  flags: SharedFlags;
  io: Io;
  /** The context that names the registry. */
  context: ChosenContext | undefined;
}

/** Fails with settings-invalid. */
export function remoteSettings(sources: Sources): RemoteSettings {
  const { registry, flags, context } = sources;
  const isInsecureMeant = flags.insecureHttp ?? context?.settings.insecureHttp ?? false;
  const url = serverUrl(registry, isInsecureMeant);
  const login = loginOf(sources);
  const caFile = fileSetting(sources, 'caFile');
  const client = clientOf(sources);
  return { url, ...(login && { login }), ...(caFile && { caFile }), ...(client && { client }) };
}

/** The flag and the variable of each file that a context may name too. */
const FILES = {
  tokenFile: ['--token-file', 'SECRETREG_TOKEN_FILE'],
  caFile: ['--ca-file', 'SECRETREG_CA_FILE'],
  clientCert: ['--client-cert', 'SECRETREG_CLIENT_CERT'],
  clientKey: ['--client-key', 'SECRETREG_CLIENT_KEY'],
} as const;

type FileName = keyof typeof FILES;

/** In this order: the flag, a context that a flag names, the environment, any other context. */
function fileSetting({ flags, io, context }: Sources, name: FileName): Setting | undefined {
  const [flag, variable] = FILES[name];
  const given = flags[name];
  if (given !== undefined) return named(given, flag, io.cwd);
  const ofContext = contextFile(context, name);
  if (context?.by === 'flag' && ofContext !== undefined) return ofContext;
  const text = io.env[variable];
  if (text) return named(text, variable, io.cwd);
  return ofContext;
}

function contextFile(
  context: ChosenContext | undefined,
  name: Exclude<keyof ContextSettings, 'insecureHttp' | 'registry'>,
): Setting | undefined {
  const file = context?.settings[name];
  if (context === undefined || file === undefined) return undefined;
  return named(file, context.origin, dirname(context.file));
}

function named(file: string, origin: string, folder: string): Setting {
  return { value: namedFile(file, origin, folder), origin };
}

/** The first place with a log-in counts, whatever kind of log-in it has, in the order of fileSetting. */
function loginOf(sources: Sources): Login | undefined {
  const { flags, io, context } = sources;
  if (flags.tokenFile !== undefined)
    return {
      kind: 'token-file',
      file: named(flags.tokenFile, '--token-file', io.cwd),
    };
  const ofContext = contextLogin(context);
  if (context?.by === 'flag' && ofContext !== undefined) return ofContext;
  return environmentLogin(io) ?? ofContext;
}

function contextLogin(context: ChosenContext | undefined): Login | undefined {
  const file = contextFile(context, 'tokenFile');
  const user = context?.settings.user;
  const passwordFile = contextFile(context, 'passwordFile');
  if (file !== undefined) {
    if (user === undefined && passwordFile === undefined) return { kind: 'token-file', file };
    throw invalid(file.origin, "it has 'tokenFile' and a user: one log-in is enough");
  }
  if (context === undefined || (user === undefined && passwordFile === undefined)) return undefined;
  if (user === undefined || passwordFile === undefined)
    throw invalid(context.origin, "'user' and 'passwordFile' belong together");
  return { kind: 'basic', user: userSetting(user, context.origin), passwordFile };
}

function environmentLogin({ env, cwd }: Io): Login | undefined {
  const file = env['SECRETREG_TOKEN_FILE'];
  if (file)
    return {
      kind: 'token-file',
      file: named(file, 'SECRETREG_TOKEN_FILE', cwd),
    };
  const token = env['SECRETREG_TOKEN'];
  if (token) return { kind: 'token', token: { value: token, origin: 'SECRETREG_TOKEN' } };
  const user = env['SECRETREG_USER'];
  const passwordFile = env['SECRETREG_PASSWORD_FILE'];
  if (!user && !passwordFile) return undefined;
  if (!user || !passwordFile)
    throw invalid(
      user ? 'SECRETREG_USER' : 'SECRETREG_PASSWORD_FILE',
      'SECRETREG_USER and SECRETREG_PASSWORD_FILE belong together',
    );
  return {
    kind: 'basic',
    user: userSetting(user, 'SECRETREG_USER'),
    passwordFile: named(passwordFile, 'SECRETREG_PASSWORD_FILE', cwd),
  };
}

/** The name alone: with a `:` in it nobody could say where the name ends (RFC 7617, 2). */
function userSetting(user: string, origin: string): Setting {
  if (!user.includes(':')) return { value: user, origin };
  throw invalid(origin, "a user is named without 'User:', and without any ':'");
}

function clientOf(sources: Sources): RemoteSettings['client'] {
  const cert = fileSetting(sources, 'clientCert');
  const key = fileSetting(sources, 'clientKey');
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined)
    throw invalid(
      (cert ?? key)?.origin ?? '',
      'a client certificate and its key belong together: --client-cert and --client-key',
    );
  return { cert, key };
}

/** Fails with settings-invalid, and shows nothing that may be a password. */
function serverUrl({ value, origin }: Setting, isInsecureMeant: boolean): URL {
  const place = `registry '${shownAddress(value)}' (${origin})`;
  if (!URL.canParse(value) || !/^https?:\/\//i.test(value))
    throw invalid(place, 'it should be https://host:port');
  const url = new URL(value);
  if (url.username !== '' || url.password !== '')
    throw invalid(
      place,
      'a user or a password in an address is seen in process lists and kept in histories; a token or a password belongs into a file of its own',
    );
  if (url.search !== '' || url.hash !== '')
    throw invalid(place, "an address of a registry has nothing behind '?' or '#'");
  const isSource = origin === '--from-rest';
  if (url.protocol === 'http:' && !isLoopback(url) && !isInsecureMeant)
    throw new SecretregError(
      'settings-invalid',
      {
        place,
        reason:
          'over http:// secrets and credentials go in clear to whoever is on the way; it is for this machine only',
      },
      {
        hint: isSource
          ? `--from-rest https://${url.host}    (or --from-insecure-http, where it is meant)`
          : `--registry https://${url.host}    (or --insecure-http, where it is meant)`,
      },
    );
  return url;
}

function invalid(place: string, reason: string): SecretregError {
  return new SecretregError('settings-invalid', { place, reason });
}
