// If-Match and If-None-Match (RFC 9110, 13.1): a write only over the version that its writer has seen. Every other change
// refuses them, since a method is not carried out where its condition does not hold, and nobody looks whether it does.
import type { IncomingHttpHeaders } from 'node:http';
import { parseVersion } from '../domain/version.ts';
import type { Write } from '../domain/registry.ts';
import { SecretregError } from '../errors.ts';
import type { Route } from './route.ts';
import { wrongUse } from './wrong-use.ts';

/** Fails with wrong-use, and with version-moved-on where no state of the key could meet both conditions. */
export function conditionOf(
  headers: IncomingHttpHeaders,
  { path, key }: Pick<Write, 'path' | 'key'>,
): Pick<Write, 'onlyOver'> {
  const match = headers['if-match'];
  const noneMatch = headers['if-none-match'];
  if (noneMatch !== undefined && noneMatch !== '*') throw wrongUse('If-None-Match takes * only');
  const onlyNew = noneMatch === undefined ? {} : { onlyOver: 'none' as const };
  if (match === undefined) return onlyNew;
  const version = parseVersion(/^"(\d+)"$/.exec(match)?.[1] ?? '');
  if (!version.ok)
    throw wrongUse('If-Match takes the ETag of one version, such as "3", quotes included');
  if (noneMatch === undefined) return { onlyOver: version.value };
  const expected = `version ${version.value} and at the same time no enabled version`;
  throw new SecretregError('version-moved-on', { path, key, expected, actual: 'one of them' });
}

const CONDITIONS = { 'if-match': 'If-Match', 'if-none-match': 'If-None-Match' };

/** Of the headers of a request for that route: fails with wrong-use where they set a condition that it does not know. */
export function conditionRefuser({
  method,
  schema,
}: Pick<Route, 'method' | 'schema'>): (headers: IncomingHttpHeaders) => void {
  const known = method === 'GET' ? CONDITIONS : (schema.headers?.properties ?? {});
  const unknown = Object.entries(CONDITIONS).filter(([name]) => !(name in known));
  return (headers) => {
    for (const [name, spelled] of unknown)
      if (headers[name] !== undefined)
        throw wrongUse(`the header ${spelled} sets a condition, and this request knows none`);
  };
}
