// Credentials in HTTP headers: `Authorization: Bearer …`, `X-Api-Key: …`, as HTTP connectors take them.
import type { Credential } from './credential.ts';
import { contentOf } from './no-secret.ts';
import { kindOfName } from './setting-name.ts';

/** `open` is the value with its templates blanked. */
export function headerCredentials(open: string): Credential[] {
  const found: Credential[] = [];
  for (const match of open.matchAll(HEADER)) {
    const [all, name = '', written = ''] = match;
    const isAuthorization = /^(?:proxy-)?authorization$/i.test(name);
    if (!isAuthorization && kindOfName(name) !== 'secret') continue;
    const text = isAuthorization ? written.replace(SCHEME, '') : written;
    const end = match.index + all.length;
    const start = end - text.length;
    // `Authorization:.*`: a pattern for names and values of headers.
    const content = /[A-Za-z0-9•●·∙]|\*{3}/.test(text) ? contentOf(text, text) : 'none';
    if (content !== 'none') found.push({ kind: 'header', name, start, end, content });
  }
  return found;
}

/** `Basic dXNlcjpwYXNz`, which stands alone in the setting `http.authorization`. undefined for a value without a scheme. */
export function authorizationCredential(value: string, open: string): Credential[] | undefined {
  const scheme = SCHEME.exec(open)?.[0];
  if (scheme === undefined) return undefined;
  const end = value.trimEnd().length;
  const content = contentOf(value.slice(scheme.length, end), open.slice(scheme.length, end));
  return content === 'none' ? [] : [{ kind: 'setting', start: scheme.length, end, content }];
}

const HEADER =
  /(?<![\w-])((?:proxy-)?authorization|x-[\w-]{1,60}|api-?key|[\w-]{1,40}-token)["']?[ \t]{0,5}[:=][ \t]{0,5}["']?((?:(?:basic|bearer|token|apikey|digest|splunk)[ \t]{1,5})?[^\s"',;|]{1,8192})/gi;

const SCHEME = /^(?:basic|bearer|token|apikey|digest|splunk)[ \t]+/i;
