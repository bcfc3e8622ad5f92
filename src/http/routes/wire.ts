// What the registry answers, as the bodies of the API, and back.
import type { KeyInfo, SecretVersion, VersionInfo, Write } from '../../domain/registry.ts';
import { MAX_VALUE_BYTES, parseSecretValue, type SecretValue } from '../../domain/secret-value.ts';
import { SecretregError } from '../../errors.ts';
import type { SecretVersionBody, WrittenBody } from '../../rest/schemas.ts';

export function secretBody(one: SecretVersion): SecretVersionBody {
  const { path, key, version, value, createdAt, createdBy } = one;
  return { path, key, version, secret: value.reveal(), createdAt, createdBy };
}

export function writtenBody(one: VersionInfo): WrittenBody {
  const { path, key, version, createdAt, createdBy } = one;
  return { path, key, version, createdAt, createdBy };
}

/** The keys of these, each once, in their order. */
export function keysOf(infos: readonly (KeyInfo | VersionInfo)[]): string[] {
  return [...new Set(infos.map(({ key }) => key))];
}

/** A value on its way in. Fails with the codes `value-…`. */
export function valueFor(
  place: Pick<Write, 'path' | 'key'>,
  text: string,
  force: boolean,
): SecretValue {
  const parsed = parseSecretValue(text, { force });
  if (parsed.ok) return parsed.value;
  const { path, key } = place;
  throw parsed.problem === 'value-too-large'
    ? new SecretregError('value-too-large', { path, key, limit: `${MAX_VALUE_BYTES / 1024} KiB` })
    : new SecretregError(parsed.problem, { path, key });
}

/** Whether a flag of a query is set. */
export function isSet(flag: 'true' | 'false' | undefined): boolean {
  return flag === 'true';
}
