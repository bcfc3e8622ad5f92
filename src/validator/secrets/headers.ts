// Credentials in HTTP headers: `Authorization: Bearer …`, `X-Api-Key: …`, as HTTP connectors take them.
import { matchAt } from '../../domain/matching.ts';
import type { Credential } from './credential.ts';
import { contentOf } from './no-secret.ts';
import { kindOfName } from './setting-name.ts';

/** `open` is the value with its templates blanked. */
export function headerCredentials(open: string): Credential[] {
  const found: Credential[] = [];
  const header = new RegExp(HEADER);
  for (let match = header.exec(open); match !== null; match = header.exec(open)) {
    const [all, name = ''] = match;
    const isAuthorization = /^(?:proxy-)?authorization$/i.test(name);
    if (!isAuthorization && kindOfName(name) !== 'secret') continue;
    const written = matchAt(isAuthorization ? CREDENTIALS : TEXT, open, match.index + all.length);
    if (written === undefined) continue;
    const [whole, text = whole] = written;
    const end = written.index + whole.length;
    const start = end - text.length;
    header.lastIndex = end;
    // `Authorization:.*`: a pattern for names and values of headers.
    const content = /[A-Za-z0-9•●·∙]|\*{3}/.test(text) ? contentOf(text, text) : 'none';
    if (content !== 'none') found.push({ kind: 'header', name, start, end, content });
  }
  found.push(...cookies(open));
  return found;
}

/** `Cookie: session=…; theme=dark`, all of it: what of it is a session, only the server knows. */
function cookies(open: string): Credential[] {
  return [...open.matchAll(COOKIE)].flatMap(({ 0: all, 1: text = '', index }) => {
    const end = index + all.length;
    const content = contentOf(text, text);
    return content === 'none'
      ? []
      : [{ kind: 'header', name: 'Cookie', start: end - text.length, end, content }];
  });
}

/** `Basic dXNlcjpwYXNz`, which stands alone in the setting `http.authorization`. undefined for a value without a scheme. */
export function authorizationCredential(
  value: string,
  open: string,
  schemes: RegExp,
): Credential[] | undefined {
  const scheme = schemes.exec(open)?.[0];
  if (scheme === undefined) return undefined;
  const end = value.trimEnd().length;
  const content = contentOf(value.slice(scheme.length, end), open.slice(scheme.length, end));
  return content === 'none' ? [] : [{ kind: 'setting', start: scheme.length, end, content }];
}

const HEADER =
  /(?<![\w-])((?:proxy-)?authorization|x-[\w-]{1,60}|api-?key|[\w-]{1,40}-token|(?<!:)[\w-]{1,40}-(?:key|secret|password)(?=["']?[ \t]{0,5}:))["']?[ \t]{0,5}[:=][ \t]{0,5}["']?/gi;

/**
 * What `Authorization` holds (RFC 9110, 11.4): a word in front of a blank and more is the scheme, whichever it is, and the
 * rest the credential. In a list that blanks separate the next header is none.
 */
const CREDENTIALS =
  /(?:[a-z][\w.-]{0,40}[ \t]{1,5}(?![\w-]{1,60}:[ \t]))?(?:[\w-]{1,40}=["'])?([^\s"',;|]{1,8192})/iy;

const TEXT = /(?:(?:basic|bearer|token|apikey|digest|splunk)[ \t]{1,5})?[^\s"',;|]{1,8192}/iy;

/** Of the header `Authorization`. */
export const ANY_SCHEME = /^[a-z][\w.-]{0,40}[ \t]+(?=\S)/i;

/** Of any other setting, whose value may as well be a password with a blank in it. */
export const SCHEME =
  /^(?:basic|bearer|token|apikey|digest|splunk|ssws|oauth2?|jwt|api-token|geniekey|zoho-oauthtoken|negotiate)[ \t]+/i;

const COOKIE =
  /(?<![\w-])cookie["']?[ \t]{0,5}:[ \t]{0,5}["']?([\w.-]{1,100}=[^\r\n"',|]{1,8192})/gi;
