// The log-in of Kafka's OAuthBearerLoginCallbackHandler: the grant `client_credentials` of RFC 6749, 4.4.
import { isLoopback } from '../../domain/loopback.ts';
import { lifetimeOf, type Token, TokenFault, type TokenSource } from './bearer-tokens.ts';
import { type ClientSettings, invalid } from './client-settings.ts';
import { placeOf, requestToken } from './token-request.ts';

export const TOKEN_TIMEOUT_MS = 10_000;

/** Fails with settings-invalid. */
export function clientCredentials(
  settings: ClientSettings,
  options: ReadonlyMap<string, string>,
  ca: string[] | undefined,
): TokenSource {
  const url = endpointOf(settings);
  const id =
    options.get('clientId') ?? settings.get('sasl.oauthbearer.client.credentials.client.id');
  const secret =
    options.get('clientSecret') ??
    settings.get('sasl.oauthbearer.client.credentials.client.secret');
  const scope = options.get('scope') ?? settings.get('sasl.oauthbearer.scope');
  if (id === undefined || secret === undefined)
    throw invalid('sasl.jaas.config', 'OAUTHBEARER needs the options clientId and clientSecret');
  // RFC 6749, 2.3.1 has both encoded first; Kafka does so only where it is asked to.
  const encode =
    settings.get('sasl.oauthbearer.header.urlencode') === 'true' ? encodeURIComponent : String;
  const credentials = Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64');
  const timeoutMs = settings.number('sasl.login.read.timeout.ms', 1) ?? TOKEN_TIMEOUT_MS;
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }) });
  return async (): Promise<Token> => {
    const answer = await requestToken({
      url,
      method: 'POST',
      headers: {
        accept: 'application/json',
        authorization: `Basic ${credentials}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: form.toString(),
      ca,
      timeoutMs,
    });
    const value = answer['access_token'];
    if (typeof value !== 'string' || value === '')
      throw new TokenFault(`${placeOf(url)} answered without an access_token`);
    return { value, lifetimeMs: lifetimeOf(value, answer['expires_in'], new Date()) };
  };
}

function endpointOf(settings: ClientSettings): URL {
  const name = 'sasl.oauthbearer.token.endpoint.url';
  const text = settings.get(name);
  if (text === undefined)
    throw invalid(name, 'it is missing, and OAUTHBEARER gets its tokens there');
  if (!URL.canParse(text)) throw invalid(name, 'it is not a URL');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    throw invalid(name, 'credentials do not belong into it, but into kafkastore.sasl.jaas.config');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url)))
    throw invalid(name, 'it should begin with https://, since the client secret is sent there');
  return url;
}
