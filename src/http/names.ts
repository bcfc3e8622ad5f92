// The names and times of a request, parsed once, each with its own code.
import { type Principal, parsePrincipal } from '../domain/access.ts';
import { parseKey, parsePath, type SecretKey, type SecretPath } from '../domain/names.ts';
import { parseTime } from '../domain/time.ts';
import { parseVersion, type Version } from '../domain/version.ts';
import { SecretregError } from '../errors.ts';
import { shown } from './body.ts';
import type { Params } from './route.ts';
import { wrongUse } from './wrong-use.ts';

export function pathOf(text: string): SecretPath {
  const parsed = parsePath(text);
  if (parsed.ok) return parsed.value;
  throw new SecretregError('bad-path', { path: shown(text), reason: parsed.problem });
}

export function keyOf(text: string): SecretKey {
  const parsed = parseKey(text);
  if (parsed.ok) return parsed.value;
  throw new SecretregError('bad-key', { key: shown(text), reason: parsed.problem });
}

function versionOf(text: string): Version {
  const parsed = parseVersion(text);
  if (parsed.ok) return parsed.value;
  throw new SecretregError('bad-version', { version: shown(text), reason: parsed.problem });
}

export function principalOf(text: string): Principal {
  const parsed = parsePrincipal(text);
  if (parsed.ok) return parsed.value;
  throw new SecretregError('bad-principal', { principal: shown(text), reason: parsed.problem });
}

/** A time as everything here has it, in UTC with milliseconds. Fails with wrong-use. */
export function timeOf(text: string): string {
  const time = parseTime(text);
  if (time !== undefined) return time;
  throw wrongUse('a time has to be one of RFC 3339');
}

/** The parameters of a URL by their names. They were percent-decoded once, by the router. */
export function paramsOf(raw: Record<string, string>): Params {
  const params: Partial<Record<keyof Params, unknown>> = {};
  for (const name in raw)
    params[name as keyof Params] = PARSERS[name as keyof Params](raw[name] ?? '');
  return params as Params;
}

const PARSERS: { [N in keyof Params]: (text: string) => Params[N] } = {
  path: pathOf,
  key: keyOf,
  version: versionOf,
  principal: principalOf,
  id: (text) => text,
};
