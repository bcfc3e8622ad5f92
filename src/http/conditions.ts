// If-Match and If-None-Match (RFC 9110, 13.1): a write only over the version that its writer has seen.
import type { IncomingHttpHeaders } from 'node:http';
import { parseVersion } from '../domain/version.ts';
import type { Write } from '../domain/registry.ts';
import { SecretregError } from '../errors.ts';

/** Fails with wrong-use. */
export function conditionOf(headers: IncomingHttpHeaders): Pick<Write, 'onlyOver'> {
  const match = headers['if-match'];
  const noneMatch = headers['if-none-match'];
  if (match !== undefined && noneMatch !== undefined)
    throw refused('If-Match and If-None-Match contradict each other');
  if (noneMatch !== undefined) {
    if (noneMatch !== '*') throw refused('If-None-Match takes * only');
    return { onlyOver: 'none' };
  }
  if (match === undefined) return {};
  const version = parseVersion(/^"(\d+)"$/.exec(match)?.[1] ?? '');
  if (!version.ok)
    throw refused('If-Match takes the ETag of one version, such as "3", quotes included');
  return { onlyOver: version.value };
}

function refused(reason: string): SecretregError {
  return new SecretregError('wrong-use', { reason });
}
