// Addresses that only the client makes, beside those of rest/url.ts.
import type { Target } from '../domain/registry.ts';
import { keyUrl, pathUrl, versionUrl } from '../rest/url.ts';

export const PATHS = '/secret/paths';

export function targetUrl({ path, key, version }: Target): string {
  if (key === undefined) return pathUrl(path);
  return version === undefined ? keyUrl(path, key) : versionUrl(path, key, version);
}

export function withQuery(address: string, query: readonly (readonly [string, string])[]): string {
  const text = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return text === '' ? address : `${address}?${text}`;
}
