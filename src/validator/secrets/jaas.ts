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
  const option = new RegExp(OPTION);
  for (let match = option.exec(open); match !== null; match = option.exec(open)) {
    const [all, name = '', quote, word = ''] = match;
    const behind = match.index + all.length;
    const start = behind - word.length;
    const end = quote === undefined ? behind : closingQuote(open, behind, quote);
    if (quote !== undefined) option.lastIndex = end + 1;
    if (!isSecretOption(name)) continue;
    const content = contentOf(value.slice(start, end), open.slice(start, end));
    if (content !== 'none') found.push({ kind: 'option', name, start, end, content });
  }
  return found;
}

/** A name is looked at from its first character only, so that a long one is read once. */
const OPTION = /(?<![\w.-])([\w.-]{1,200})[ \t\r\n]{0,20}=[ \t\r\n]{0,20}(?:(["'])|([^\s;"',]+))/g;

/** Where the quote is closed, or the end of the text. A regular expression would remember each escape of a long text. */
function closingQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return text.length;
}

/** `user_alice="…"` is a password of the broker's PlainLoginModule (KIP-43). */
function isSecretOption(name: string): boolean {
  return kindOfName(name) === 'secret' || /^user_./.test(name);
}
