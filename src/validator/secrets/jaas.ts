// Credentials in the options of a JAAS configuration, `Module required username="u" password="p";`. Tolerant: what Kafka
// would refuse (JaasConfig reads it with a StreamTokenizer) is read as far as it goes.
import type { Credential } from './credential.ts';
import { contentOf } from './no-secret.ts';
import { kindOfName } from './setting-name.ts';

/** True for a value that names a login module. */
export function isJaas(value: string): boolean {
  return /LoginModule\s+(?:required|requisite|sufficient|optional)\b/i.test(value);
}

/** `open` is the value with its templates blanked. */
export function jaasCredentials(value: string, open: string): Credential[] {
  const found: Credential[] = [];
  for (const match of open.matchAll(OPTION)) {
    const [all, name = '', written = ''] = match;
    if (!isSecretOption(name)) continue;
    const quote = /^["']/.exec(written)?.[0] ?? '';
    const isClosed = quote !== '' && written.length > 1 && written.endsWith(quote);
    const start = match.index + all.length - written.length + quote.length;
    const end = match.index + all.length - (isClosed ? 1 : 0);
    const content = contentOf(value.slice(start, end), open.slice(start, end));
    if (content !== 'none') found.push({ kind: 'option', name, start, end, content });
  }
  return found;
}

/** A name is looked at from its first character only, so that a long one is read once. */
const OPTION =
  /(?<![\w.-])([\w.-]{1,200})[ \t\r\n]{0,20}=[ \t\r\n]{0,20}("(?:[^"\\]|\\[^])*"?|'(?:[^'\\]|\\[^])*'?|[^\s;"',]+)/g;

/** `user_alice="…"` is a password of the broker's PlainLoginModule (KIP-43). */
function isSecretOption(name: string): boolean {
  return kindOfName(name) === 'secret' || /^user_./.test(name);
}
