// A Connect worker that the command line names: its addresses, and what proves there who asks.
import { ConnectWorker } from '../connect/worker.ts';
import { isLoopback } from '../domain/loopback.ts';
import { SecretregError } from '../errors.ts';
import { shownAddress } from '../store/shown-address.ts';
import type { ConnectFlags } from './connect-flags.ts';
import type { Io } from './io.ts';
import { namedFile } from './named-file.ts';
import { connectionOptions } from './remote-client.ts';
import type { Login, RemoteSettings } from './remote-settings.ts';
import type { Setting } from './registry-setting.ts';

/**
 * Undefined where no worker is named. `sendsFiles`: it is sent connector files, in which passwords may stand in clear. Fails
 * with settings-invalid, file-unreadable or readable-by-others.
 */
export function workerFor(
  io: Io,
  flags: ConnectFlags,
  { sendsFiles = false } = {},
): ConnectWorker | undefined {
  const addresses = setting(io, flags, 'connect');
  if (addresses === undefined) return undefined;
  const urls = addresses.value.split(',').map((text) => workerUrl(text.trim(), addresses.origin));
  const login = loginOf(io, flags);
  const [url] = urls as [URL, ...URL[]];
  const caFile = fileSetting(io, flags, 'connectCaFile');
  const client = clientOf(io, flags);
  if (!flags.insecureHttp) refuseInClear(urls, addresses.origin, login, sendsFiles);
  const remote: RemoteSettings = {
    url,
    ...(login && { login }),
    ...(caFile && { caFile }),
    ...(client && { client }),
  };
  return new ConnectWorker({
    ...connectionOptions(remote),
    urls,
    ...(login && { login: loginText(login) }),
  });
}

/** The same where there has to be one. Fails with wrong-use too. */
export function requiredWorker(io: Io, flags: ConnectFlags): ConnectWorker {
  const worker = workerFor(io, flags);
  if (worker !== undefined) return worker;
  throw new SecretregError(
    'wrong-use',
    { reason: 'no Connect worker is named' },
    { hint: '--connect http://localhost:8083    (or SECRETREG_CONNECT)' },
  );
}

const OPTIONS = {
  connect: ['--connect', 'SECRETREG_CONNECT'],
  connectUser: ['--connect-user', 'SECRETREG_CONNECT_USER'],
  connectPasswordFile: ['--connect-password-file', 'SECRETREG_CONNECT_PASSWORD_FILE'],
  connectTokenFile: ['--connect-token-file', 'SECRETREG_CONNECT_TOKEN_FILE'],
  connectCaFile: ['--connect-ca-file', 'SECRETREG_CONNECT_CA_FILE'],
  connectClientCert: ['--connect-client-cert', 'SECRETREG_CONNECT_CLIENT_CERT'],
  connectClientKey: ['--connect-client-key', 'SECRETREG_CONNECT_CLIENT_KEY'],
} as const;

type Name = keyof typeof OPTIONS;
type Named = Pick<Io, 'env' | 'cwd'>;

function setting({ env }: Named, flags: ConnectFlags, name: Name): Setting | undefined {
  const [option, variable] = OPTIONS[name];
  const given = flags[name];
  if (given !== undefined) return { value: given, origin: option };
  const text = env[variable];
  return text ? { value: text, origin: variable } : undefined;
}

function fileSetting(io: Named, flags: ConnectFlags, name: Name): Setting | undefined {
  const found = setting(io, flags, name);
  return found && { ...found, value: namedFile(found.value, found.origin, io.cwd) };
}

/** Fails with settings-invalid, and shows nothing that may be a password. */
function workerUrl(text: string, origin: string): URL {
  const place = `worker '${shownAddress(text)}' (${origin})`;
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw new SecretregError(
      'settings-invalid',
      { place, reason: 'it should be http://host:port or https://host:port' },
      /^[\w.-]+:\d+$/.test(text) ? { hint: `--connect http://${text}` } : {},
    );
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    throw invalid(
      place,
      'a user or a password in an address is seen in process lists and kept in histories: --connect-user and --connect-password-file',
    );
  if (url.search !== '' || url.hash !== '')
    throw invalid(place, "an address of a worker has nothing behind '?' or '#'");
  return url;
}

const LOGINS = ['connectUser', 'connectPasswordFile', 'connectTokenFile'] as const;

/** Never with the token itself in a variable. */
type WorkerLogin = Exclude<Login, { kind: 'token' }>;

/** A log-in by flags is all of it, whatever the environment has. */
function loginOf(io: Io, flags: ConnectFlags): WorkerLogin | undefined {
  const isByFlags = LOGINS.some((name) => flags[name] !== undefined);
  const nearest = isByFlags ? { cwd: io.cwd, env: {} } : io;
  const user = setting(nearest, flags, 'connectUser');
  const passwordFile = fileSetting(nearest, flags, 'connectPasswordFile');
  const file = fileSetting(nearest, flags, 'connectTokenFile');
  if (file !== undefined) {
    if (user === undefined && passwordFile === undefined) return { kind: 'token-file', file };
    throw invalid(file.origin, 'there is a user or a password too: one log-in is enough');
  }
  if (user === undefined && passwordFile === undefined) return undefined;
  if (user === undefined || passwordFile === undefined)
    throw invalid(
      (user ?? passwordFile)?.origin ?? '',
      'a user and a password belong together: --connect-user and --connect-password-file',
    );
  // With a `:` in it nobody could say where the name ends (RFC 7617, 2).
  if (user.value.includes(':')) throw invalid(user.origin, "a user has no ':' in the name");
  return { kind: 'basic', user, passwordFile };
}

/** What is told where the worker does not accept it. */
function loginText(login: WorkerLogin): { text: string; hint: string } {
  if (login.kind === 'token-file')
    return {
      text: `the token in '${login.file.value}'`,
      hint: '--connect-token-file FILE    (was that one withdrawn, or has it expired?)',
    };
  const user = `'${login.user.value}'`;
  return {
    text: `the log-in of ${user}`,
    hint: `--connect-password-file FILE    (does ${login.passwordFile.value} hold the password that ${user} has on the worker?)`,
  };
}

function clientOf(io: Io, flags: ConnectFlags): RemoteSettings['client'] {
  const cert = fileSetting(io, flags, 'connectClientCert');
  const key = fileSetting(io, flags, 'connectClientKey');
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert, key };
  throw invalid(
    (cert ?? key)?.origin ?? '',
    'a certificate and its key belong together: --connect-client-cert and --connect-client-key',
  );
}

/**
 * Connect is mostly plain HTTP in a cluster, and most of what is asked of it is no secret; what proves who asks is one, and
 * so is what stands in a connector file in place of a reference.
 */
function refuseInClear(
  urls: readonly URL[],
  origin: string,
  login: Login | undefined,
  sendsFiles: boolean,
): void {
  const plain = urls.find((url) => url.protocol === 'http:' && !isLoopback(url));
  if (plain === undefined || (login === undefined && !sendsFiles)) return;
  const what =
    login === undefined ? 'a password that stands in a file goes' : 'the log-in for it goes';
  const reason = `over http:// ${what} in clear to whoever is on the way`;
  throw new SecretregError(
    'settings-invalid',
    { place: `worker '${plain.origin}' (${origin})`, reason },
    { hint: `--connect https://${plain.host}    (or --insecure-http, where it is meant)` },
  );
}

function invalid(place: string, reason: string): SecretregError {
  return new SecretregError('settings-invalid', { place, reason });
}
