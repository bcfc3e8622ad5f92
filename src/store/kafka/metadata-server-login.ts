// The log-in of Confluent's TokenUserLoginCallbackHandler: a metadata server gives a token for a user and a password.
import { isLoopback } from '../../domain/loopback.ts';
import { lifetimeOf, type Token, TokenFault, type TokenSource } from './bearer-tokens.ts';
import { TOKEN_TIMEOUT_MS } from './client-credentials.ts';
import { type ClientSettings, invalid } from './client-settings.ts';
import { placeOf, requestToken } from './token-request.ts';

const PATH = 'security/1.0/authenticate';

interface MetadataServers {
  username: string;
  password: string;
  /** A list with commas; the next one is asked where one is away. */
  urls: string;
  ca: string[] | undefined;
}

/** Fails with settings-invalid. */
export function metadataServerLogin(
  settings: ClientSettings,
  servers: MetadataServers,
): TokenSource {
  const urls = servers.urls.split(',').map((url) => urlOf(url.trim()));
  // The examples of the original have http, so it is taken.
  if (urls.some((url) => url.protocol === 'http:' && !isLoopback(url)))
    settings.note(
      'metadataServerUrls has an address without TLS: the password goes there in clear, for everybody on the way to read',
    );
  const credentials = Buffer.from(`${servers.username}:${servers.password}`).toString('base64');
  const timeoutMs = settings.number('sasl.login.read.timeout.ms', 1) ?? TOKEN_TIMEOUT_MS;
  const ask = async (url: URL): Promise<Token> => {
    const answer = await requestToken({
      url,
      method: 'GET',
      headers: { accept: 'application/json', authorization: `Basic ${credentials}` },
      ca: servers.ca,
      timeoutMs,
    });
    const value = answer['auth_token'];
    if (typeof value !== 'string' || value === '')
      throw new TokenFault(`${placeOf(url)} answered without an auth_token`);
    return { value, lifetimeMs: lifetimeOf(value, answer['expires_in'], new Date()) };
  };
  return async () => {
    let fault: unknown;
    for (const url of urls) {
      try {
        return await ask(url);
      } catch (error) {
        // A refused password is refused by all of them.
        if (!(error instanceof TokenFault) || !error.mayPass) throw error;
        fault = error;
      }
    }
    throw fault;
  };
}

function urlOf(text: string): URL {
  const reason = 'metadataServerUrls should be a list such as "https://metadata.example.com:8090"';
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) throw invalid('sasl.jaas.config', reason);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    throw invalid('sasl.jaas.config', 'credentials do not belong into metadataServerUrls');
  return new URL(`${url.pathname.replace(/\/$/, '')}/${PATH}`, url);
}
