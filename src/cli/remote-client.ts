// Opens the client of a registry over REST, and reads the files that the settings name for it. Loaded for such a registry only.
import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { ConnectionOptions } from '../client/connection.ts';
import { type Client, openClient } from '../client/open-client.ts';
import { nodeCodeOf, SecretregError } from '../errors.ts';
import { version } from '../version.ts';
import type { Login, RemoteSettings } from './remote-settings.ts';
import { privateText } from './private-file.ts';
import type { Setting } from './registry-setting.ts';
import { readTextFile } from './text-file.ts';

/** Runs work with the client, and closes it whatever happens. Fails with settings-invalid, file-unreadable or readable-by-others. */
export async function withClient<T>(
  remote: RemoteSettings,
  work: (client: Client) => Promise<T>,
  options: { deadlineMs?: number } = {},
): Promise<T> {
  const client = clientFor(remote, options);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

export function clientFor(remote: RemoteSettings, options: { deadlineMs?: number } = {}): Client {
  return openClient({ ...connectionOptions(remote), ...options });
}

/** The options, with the content of the files. Fails with settings-invalid, file-unreadable or readable-by-others. */
export function connectionOptions({
  url,
  login,
  caFile,
  client,
}: RemoteSettings): ConnectionOptions {
  const tls = {
    ...(caFile && { ca: certificateText(caFile) }),
    ...(client && {
      cert: certificateText(client.cert),
      key: privateText(client.key.value, 'the key of the client certificate'),
    }),
  };
  requireUsable(tls, client?.key);
  const authorization = login && authorizationOf(login);
  const userAgent = `secretreg/${version}`;
  const loginHint = login && loginHintOf(login);
  return {
    url,
    userAgent,
    tls,
    ...(authorization && { authorization }),
    ...(loginHint !== undefined && { loginHint }),
  };
}

/** Only for a password: of a token that does not count the table says what to do. */
function loginHintOf(login: Login): string | undefined {
  if (login.kind !== 'basic') return undefined;
  const { user, passwordFile } = login;
  const places = new Set([user.origin, passwordFile.origin]);
  return `check ${[...places].join(' and ')}    (user ${user.value}, password in ${passwordFile.value})`;
}

/** The value of the header. The files of a log-in are read only here. */
function authorizationOf(login: Login): string {
  switch (login.kind) {
    case 'token':
      return bearer(login.token.value, login.token.origin);
    case 'token-file':
      return bearer(privateText(login.file.value, 'the token file'), login.file.value);
    case 'basic': {
      const password = privateText(login.passwordFile.value, 'the password file');
      return `Basic ${Buffer.from(`${login.user.value}:${password}`).toString('base64')}`;
    }
  }
}

/** RFC 6750, 2.1; nothing else may stand in a header. */
function bearer(token: string, place: string): string {
  if (/^[A-Za-z0-9._~+/=-]+$/.test(token)) return `Bearer ${token}`;
  throw new SecretregError('settings-invalid', {
    place,
    reason: 'it holds no token: one is letters, digits and . _ ~ + / = - without spaces',
  });
}

/** Checked here, for Node.js silently skips what is no certificate in the file of an authority. */
function certificateText({ value }: Setting): string {
  const text = readTextFile(value);
  try {
    void new X509Certificate(text);
    return text;
  } catch (cause) {
    throw new SecretregError(
      'settings-invalid',
      {
        place: value,
        reason: 'it holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----',
      },
      { cause },
    );
  }
}

/** OpenSSL's own message could quote the text. */
function requireUsable(tls: { ca?: string; cert?: string; key?: string }, key?: Setting): void {
  try {
    createSecureContext(tls);
  } catch (cause) {
    const code = nodeCodeOf(cause);
    throw new SecretregError(
      'settings-invalid',
      {
        place: key?.value ?? 'the client certificate',
        reason: `the certificate and the key of the client do not belong together${code && ` (${code})`}`,
      },
      { cause },
    );
  }
}
