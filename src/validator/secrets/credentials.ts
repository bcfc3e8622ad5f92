// Every credential of one value, by the kind of its setting and by what it looks like. Pure: a class, a name and a
// value in, places in the value out.
import { addressCredentials, isAddress, userInfoCredentials } from './addresses.ts';
import type { Credential } from './credential.ts';
import { authorizationCredential, headerCredentials } from './headers.ts';
import { isJaas, jaasCredentials } from './jaas.ts';
import { memberCredentials } from './json-members.ts';
import { contentOf, isMask, withoutTemplates } from './no-secret.ts';
import { type SettingKind, settingKind } from './setting-kind.ts';
import { tokenCredentials } from './tokens.ts';

/** The credentials of a setting's value, literal or masked, in order; none of them overlaps another. */
export function credentialsIn(
  connectorClass: string | undefined,
  name: string,
  value: string,
): Credential[] {
  const setting = settingKind(connectorClass, name);
  if (setting.kind === undefined && !MAY_HOLD.test(value)) return maskOf(value);
  const open = withoutTemplates(value);
  const own = setting.kind === undefined ? [] : ofKind(setting, value, open);
  const all = own.some(({ kind }) => kind === 'setting') ? own : [...own, ...anywhere(value, open)];
  return all.length === 0 ? maskOf(value) : withoutOverlap(all);
}

/** What every credential outside of a secret setting has: a sign behind a name, or length. */
const MAY_HOLD = /[=@]|:\/\/|[\w-]{16}|-----BEGIN|\btoken|authorization|^jdbc:|^\s*[[{]/i;

function ofKind({ kind, declared }: SettingKind, value: string, open: string): Credential[] {
  if (kind === 'jaas') return jaasCredentials(value, open);
  if (kind === 'user-info') return userInfoCredentials(value, open);
  if (kind === 'certificate' || (kind === 'address' && declared !== 'password')) return [];
  if (isJaas(value)) return jaasCredentials(value, open);
  if (isAddress(open)) return addressCredentials(value, open);
  if (isCertificate(value)) return [];
  const authorization = authorizationCredential(value, open);
  if (authorization.length > 0) return authorization;
  if (declared !== 'password' && isNoCredential(value)) return [];
  const content = contentOf(value, open);
  return content === 'none' ? [] : [{ kind: 'setting', start: 0, end: value.length, content }];
}

function anywhere(value: string, open: string): Credential[] {
  return [
    ...tokenCredentials(open),
    ...(isJaas(open) ? jaasCredentials(value, open) : []),
    ...addressCredentials(value, open),
    ...headerCredentials(open),
    ...memberCredentials(value, open),
  ];
}

/** Where only the name of the setting speaks for a credential: a class, or another name with dots. */
function isNoCredential(value: string): boolean {
  return /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+\.[A-Z]\w*$/.test(value);
}

/** Public: what is in `ssl.truststore.certificates`. */
function isCertificate(value: string): boolean {
  return value.includes('-----BEGIN CERTIFICATE') && !value.includes('PRIVATE KEY-----');
}

function maskOf(value: string): Credential[] {
  if (!/^\s*[*[<({•●·∙r_]/i.test(value) || !isMask(value.trim())) return [];
  return [{ kind: 'setting', start: 0, end: value.length, content: 'masked' }];
}

/** The first one counts where two begin alike or overlap: detectors that know more stand in front. */
function withoutOverlap(credentials: readonly Credential[]): Credential[] {
  const kept: Credential[] = [];
  for (const it of credentials.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last === undefined || it.start >= last.end) kept.push(it);
  }
  return kept;
}
