// Where things are in the REST API. Each name is percent-encoded once; a slash in it becomes %2F.
import type { SecretKey, SecretPath } from '../domain/names.ts';
import type { Version } from '../domain/version.ts';

export function pathUrl(path: SecretPath): string {
  return `/secret/paths/${encodeURIComponent(path)}`;
}

export function keyUrl(path: SecretPath, key: SecretKey): string {
  return `${pathUrl(path)}/keys/${encodeURIComponent(key)}`;
}

export function versionUrl(path: SecretPath, key: SecretKey, version: Version | 'latest'): string {
  return `${keyUrl(path, key)}/versions/${version}`;
}
