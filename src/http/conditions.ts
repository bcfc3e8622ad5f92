// If-Match and If-None-Match (RFC 9110, 13.1): a write only over the version that its writer has seen.
import type { IncomingHttpHeaders } from 'node:http';
import { parseVersion } from '../domain/version.ts';
import type { Write } from '../domain/registry.ts';
import { SecretregError } from '../errors.ts';
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
