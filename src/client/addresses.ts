// The addresses of REST, each name encoded once.
import type { SecretKey, SecretPath } from '../domain/names.ts';
import type { Target } from '../domain/registry.ts';
import type { Version } from '../domain/version.ts';

export const pathsAddress = '/secret/paths';

export function pathAddress(path: SecretPath): string {
  return `${pathsAddress}/${encodeURIComponent(path)}`;
}

export function keyAddress(path: SecretPath, key: SecretKey): string {
  return `${pathAddress(path)}/keys/${encodeURIComponent(key)}`;
}

export function versionAddress(
  path: SecretPath,
  key: SecretKey,
  version: Version | 'latest',
): string {
  return `${keyAddress(path, key)}/versions/${version}`;
}

export function addressOf({ path, key, version }: Target): string {
  if (key === undefined) return pathAddress(path);
  return version === undefined ? keyAddress(path, key) : versionAddress(path, key, version);
}

export function withQuery(address: string, query: readonly (readonly [string, string])[]): string {
  const text = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return text === '' ? address : `${address}?${text}`;
}
