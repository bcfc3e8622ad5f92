// Credentials in JSON that stands in a setting, such as headers or the key of a service account.
import type { Credential } from './credential.ts';
import { contentOf } from './no-secret.ts';
import { kindOfName } from './setting-name.ts';

/** `open` is the value with its templates blanked. Places are those of the text between the quotes, as it is escaped. */
export function memberCredentials(value: string, open: string): Credential[] {
  if (!/^\s*[[{]/.test(open)) return [];
  const found: Credential[] = [];
  for (const match of open.matchAll(MEMBER)) {
    const [all, name = '', text = ''] = match;
    if (kindOfName(name) !== 'secret' || TYPES.test(text)) continue;
    const end = match.index + all.length - 1;
    const start = end - text.length;
    const content = contentOf(value.slice(start, end), open.slice(start, end));
    if (content !== 'none') found.push({ kind: 'parameter', name, start, end, content });
  }
  return found;
}

/** A member of a schema or mapping, whose value says what a field of that name holds. */
const TYPES =
  /^(?:string|text|keyword|varchar|char|bytes|binary|boolean|bool|int|integer|long|number|float|double|uuid|object|array|any)$/i;

const MEMBER = /"([\w.-]{1,100})"\s{0,20}:\s{0,20}"((?:[^"\\]|\\[^]){0,16384})"/g;
