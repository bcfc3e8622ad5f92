// Every credential of one value, by the kind of its setting and by what it looks like. Takes a setting and a value, returns
// places in the value.
import {
  addressCredentials,
  isAddress,
  propertyCredentials,
  userInfoCredentials,
} from './addresses.ts';
import type { Credential } from './credential.ts';
import { ANY_SCHEME, authorizationCredential, headerCredentials, SCHEME } from './headers.ts';
import { isJaas, jaasCredentials } from './jaas.ts';
import { copied } from './kept.ts';
import { memberCredentials } from './json-members.ts';
import { contentOf, isMask, withoutTemplates } from './no-secret.ts';
import type { SettingKind } from './setting-kind.ts';
import { tokenCredentials } from './tokens.ts';

/** The credentials of a setting's value, literal or masked, in order; none of them overlaps another. */
export function credentialsIn(setting: SettingKind, value: string): readonly Credential[] {
  if (isReference(value)) return NONE;
  const isPlain = onlyValueTells(setting);
  if (isPlain && HARMLESS.has(value)) return NONE;
  if (isPlain && !MAY_HOLD.test(value)) return keptHarmless(value, maskOf(setting, value));
  const open = withoutTemplates(value);
  const own = isPlain ? NONE : ofKind(setting, value, open);
  const all = own.some(({ kind }) => kind === 'setting') ? own : [...own, ...anywhere(value, open)];
  if (all.length > 0) return withoutOverlap(all);
  const masked = maskOf(setting, value);
  return isPlain ? keptHarmless(value, masked) : masked;
}

/** True where nothing but the value itself can say that there is a credential in it. */
function onlyValueTells({ kind, declared }: SettingKind): boolean {
  return (
    kind === undefined ||
    (declared !== 'password' && (kind === 'address' || kind === 'certificate'))
  );
}

/** True for one reference and nothing beside it, as is nearly every value of a secret setting where all is well. */
function isReference(value: string): boolean {
  return value.startsWith('${') && value.indexOf('}') === value.length - 1;
}

const NONE: readonly Credential[] = [];

/** The same few values stand in many connectors: classes, `true`, `3`. Those found to hold nothing are remembered. */
const HARMLESS = new Set<string>();
const MOST_VALUES = 5000;
const LONGEST_VALUE = 100;

function keptHarmless(value: string, found: readonly Credential[]): readonly Credential[] {
  if (found.length > 0 || value.length > LONGEST_VALUE || HARMLESS.size >= MOST_VALUES)
    return found;
  // Whether a mask is one depends on the setting.
  if (!isMask(value.trim())) HARMLESS.add(copied(value));
  return found;
}

/** What every credential outside of a secret setting has: a sign behind a name, or length. */
const MAY_HOLD =
  /[=@]|:\/\/|[\w-]{16}|-----BEGIN|(?:token|key|secret|password|cookie|\bx-[\w-]{1,16})["' ]{0,3}:|authorization|^jdbc:|^\s*[[{]/i;

function ofKind({ kind, declared }: SettingKind, value: string, open: string): Credential[] {
  if (kind === 'jaas') return jaasCredentials(value, open);
  if (kind === 'user-info') return userInfoCredentials(value, open);
  if (kind === 'certificate') return [];
  if (kind === 'properties') return propertyCredentials(value, open);
  if (kind === 'authorization') {
    const found = authorizationCredential(value, open, ANY_SCHEME);
    if (found !== undefined || declared === 'unknown' || declared === 'plain') return found ?? [];
  }
  if (isJaas(value)) return jaasCredentials(value, open);
  if (isAddress(open)) return addressCredentials(value, open);
  if (isCertificate(value)) return [];
  const authorization = authorizationCredential(value, open, SCHEME);
  if (authorization !== undefined) return authorization;
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

/** True for the name of a class: only the name of its setting speaks for a credential. */
function isNoCredential(value: string): boolean {
  return /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+\.[A-Z]\w*$/.test(value);
}

/** Certificates are public, as those in `ssl.truststore.certificates`. */
function isCertificate(value: string): boolean {
  return value.includes('-----BEGIN CERTIFICATE') && !value.includes('PRIVATE KEY-----');
}

/** A mask that a transformation writes over a field is meant: `transforms.mask.replacement`. */
function maskOf({ name }: SettingKind, value: string): readonly Credential[] {
  if (!MASK_BEGINNING.test(value) || !isMask(value.trim())) return NONE;
  if (/replacement|mask/i.test(name)) return NONE;
  return [{ kind: 'setting', start: 0, end: value.length, content: 'masked' }];
}

const MASK_BEGINNING = /^\s*[*[<({•●·∙r_]/i;

/**
 * Where two overlap, the one that begins first counts. Of two that begin alike it is the longer one, or that of the earlier
 * detector, which knows more.
 */
function withoutOverlap(credentials: readonly Credential[]): Credential[] {
  const kept: Credential[] = [];
  for (const it of credentials.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last === undefined || it.start >= last.end) kept.push(it);
  }
  return kept;
}
