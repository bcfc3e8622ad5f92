// What surrounds a reference, told from the text of its setting as the worker hands it to the connector: the format of the
// file no longer matters then. Where nothing is recognised, nothing is asked.
import type { Place } from '../documents/position.ts';
import type { Surroundings } from '../domain/surroundings.ts';

/** Each reference is judged by the whole of its value. No setting is longer than this, or holds more references. */
const LONGEST = 16_384;
const MOST_REFERENCES = 32;

/** `references` are all those of the value, and `place` is one of them. */
export function surroundingsOf(
  setting: string,
  value: string,
  references: readonly Place[],
  place: Place,
): Surroundings | undefined {
  if (value.length > LONGEST || references.length > MOST_REFERENCES) return undefined;
  // What the other values are is not known here: each is taken for a word.
  const text = withWords(value, references);
  const before = text.slice(0, place.start);
  const after = text.slice(place.end);
  if (before.trim() === '' && after.trim() === '') return 'setting';
  for (const tell of TELLERS) {
    const told = tell({ setting, before, after });
    if (told !== undefined) return told === 'anything' ? undefined : told;
  }
  return /[\n\r]|-----/.test(text) ? undefined : 'line';
}

interface Around {
  setting: string;
  before: string;
  after: string;
}

/** `anything`: recognised, and any value may stand there. */
type Told = Surroundings | 'anything' | undefined;

/** The first that recognises the text is right. */
const TELLERS: readonly ((around: Around) => Told)[] = [
  inJaas,
  inJson,
  inXml,
  inOracle,
  inUrl,
  inConnectionString,
  inPair,
  inQuotes,
  inList,
];

function withWords(value: string, references: readonly Place[]): string {
  let text = '';
  let from = 0;
  for (const { start, end } of references) {
    text += value.slice(from, start) + 'x'.repeat(end - start);
    from = end;
  }
  return text + value.slice(from);
}

function inJaas({ setting, before }: Around): Told {
  if (!setting.endsWith('sasl.jaas.config') && !/\wLoginModule\s+\w+\s/.test(before))
    return undefined;
  const open = openQuote(before, '"\'');
  if (open === '"') return 'jaas-double-quotes';
  if (open === "'") return 'jaas-single-quotes';
  const word = behindLast(/[\s;]/, before);
  const isValue =
    word.includes('=') ||
    before
      .slice(0, -word.length || undefined)
      .trimEnd()
      .endsWith('=');
  return isValue ? 'jaas-word' : 'anything';
}

/**
 * Every pattern here is bound to the beginning of the text, or of what this returns. One that may begin anywhere and has to
 * reach the end would search from each place to the end, and a hostile text would keep a server busy with it.
 */
function behindLast(sign: RegExp, text: string): string {
  return text.split(sign).at(-1) ?? '';
}

function inJson({ before }: Around): Told {
  if (!/^\s*[[{]/.test(before)) return undefined;
  return openQuote(before, '"') === undefined ? 'anything' : 'json-string';
}

function inXml({ before }: Around): Told {
  if (!/^\s*</.test(before)) return undefined;
  const tag = before.slice(before.lastIndexOf('<'));
  if (tag.includes('>')) return 'xml-text';
  const quote = openQuote(tag, '"\'');
  if (quote === undefined) return 'anything';
  return quote === '"' ? 'xml-double-quotes' : 'xml-single-quotes';
}

/** `jdbc:oracle:thin:user/password@host`. */
function inOracle({ before, after }: Around): Told {
  if (!/^\s*jdbc:oracle:\w+:[^@]*$/i.test(before) || !after.includes('@')) return undefined;
  return openQuote(before, '"') === undefined ? 'oracle-login' : 'double-quotes';
}

/** Of several URLs, `https://a,https://b`, the last one: the reference stands in it. */
const URL_BEFORE = /^(?:.*[,;=])?((?:jdbc:)?[a-z][\w+.-]*:(?:[a-z]\w*:)*\/\/)(.*)$/is;

function inUrl({ before, after }: Around): Told {
  const [, scheme = '', head] = URL_BEFORE.exec(behindLast(/[\s|"']/, before)) ?? [];
  if (head === undefined) return undefined;
  const tail = /^[^\s|"']*/.exec(after)?.[0] ?? '';
  const isQuery = head.includes('?');
  // The drivers of MySQL and MariaDB do not take a `+` for a blank.
  if (isQuery) return /^jdbc:(?:mysql|mariadb)/i.test(scheme) ? 'url-query' : 'url-form';
  // jdbc:sqlserver://host;user=sa;password=…
  if (head.includes(';')) return undefined;
  if (/[/#]/.test(head)) return head.includes('#') ? 'anything' : 'url-path';
  return inAuthority(scheme, head, tail);
}

function inAuthority(scheme: string, head: string, tail: string): Told {
  const end = tail.search(/[/?#;]/);
  const authority = head + (end === -1 ? tail : tail.slice(0, end));
  const at = authority.lastIndexOf('@');
  if (at < head.length) return 'line';
  if (scheme.toLowerCase().startsWith('mongodb')) return 'mongodb-login';
  const isUser = !head.includes(':') && authority.slice(head.length, at).includes(':');
  return isUser ? 'url-user' : 'url-password';
}

/** `AccountKey=…;EndpointSuffix=…`, as SQL Server and Azure have them. */
function inConnectionString({ before, after }: Around): Told {
  const [, value] = /^[\w .-]+=(.*)$/s.exec(behindLast(/;/, before).trimStart()) ?? [];
  if (value === undefined || !/;/.test(before + after)) return undefined;
  return value.trimStart().startsWith('{') ? 'connection-string-braces' : 'connection-string';
}

/** Basic authentication ends the user at the first colon (RFC 7617, section 2). */
function inPair({ setting, before, after }: Around): Told {
  if (!/user\.?info$|credentials?$|\.auth$/i.test(setting) || !after.startsWith(':'))
    return undefined;
  return before.includes(':') ? undefined : 'user-of-a-pair';
}

function inQuotes({ before, after }: Around): Told {
  const open = openQuote(before, '"\'');
  if (open === undefined || !after.includes(open)) return undefined;
  return open === '"' ? 'double-quotes' : 'single-quotes';
}

function inList({ before, after }: Around): Told {
  return /,/.test(before + after) && !/[\n\r]/.test(before + after) ? 'list' : undefined;
}

/** Which of the quotes is open at the end. */
function openQuote(text: string, quotes: string): string | undefined {
  let open: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (open === undefined) {
      if (quotes.includes(character)) open = character;
    } else if (character === '\\') at += 1;
    else if (character === open) open = undefined;
  }
  return open;
}
