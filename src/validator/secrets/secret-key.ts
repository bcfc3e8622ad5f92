// The key under which a credential of a connector would be stored, from the name of its setting.
import { parseKey } from '../../domain/names.ts';
import { isPlainName } from '../plain-name.ts';
import type { Credential } from './credential.ts';
import { wordsOf } from './setting-name.ts';

/**
 * Names to take, the best one first: `connection.password` is `password`, unless the connector has another one of that
 * name. A part of a value is named after the part as well: `connection.url.password`.
 */
export function keysFor(setting: string, { kind, name }: Credential): string[] {
  const part = partName(setting, kind, name);
  const whole = part === undefined ? setting : `${setting}.${part}`;
  const short = part ?? shortName(setting);
  const safe = wordsOf(whole).join('.');
  return [short, whole, safe, `secret.${safe}`].filter(
    (key): key is string => key !== undefined && parseKey(key).ok && isPlainName(key),
  );
}

function partName(
  setting: string,
  kind: Credential['kind'],
  name: string | undefined,
): string | undefined {
  if (kind === 'setting') return undefined;
  if (kind === 'user-info') return 'password';
  if (kind !== 'token') return name;
  return SAYS_WHAT.test(setting) ? undefined : 'token';
}

/** `aws.access.key.id` says more than `token` does; `transforms.auth.value.literal` does not. */
const SAYS_WHAT = /(?:token|key|secret|id)$/i;

/** `connection.password` and `database.password` are the one password of the connector; `ssl.key.password` is not. */
function shortName(setting: string): string | undefined {
  const [first = '', last, ...rest] = setting.split('.');
  return last !== undefined && rest.length === 0 && OWN.has(first) ? last : undefined;
}

const OWN: ReadonlySet<string> = new Set(
  'connection connect database db jdbc mongodb redis neo4j kafka'.split(' '),
);
