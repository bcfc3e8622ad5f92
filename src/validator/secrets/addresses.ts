// Credentials in URLs and connection strings: user information (RFC 3986, 3.2.1), parameters of a query or of a driver.
import { nextMatch } from '../../domain/matching.ts';
import { percentDecoded } from '../../domain/percent-decoded.ts';
import type { Credential } from './credential.ts';
import { BLANK, contentOf } from './no-secret.ts';
import { kindOfName } from './setting-name.ts';

/** True for a value that is a URL, a JDBC address, or `name=value;…`. */
export function isAddress(value: string): boolean {
  return /^\s*(?:[a-z][a-z0-9+.-]{0,30}:\/\/|jdbc:|(?:\w{1,20}::)?[A-Za-z][\w .-]{0,60}=[^=;&]*[;&])/i.test(
    value,
  );
}

/** `open` is the value with its templates blanked. */
export function addressCredentials(value: string, open: string): Credential[] {
  const found = [...userInfos(value, open), ...oraclePasswords(value, open)];
  if (isAddress(open) || open.includes('://')) found.push(...parameters(value, open));
  return found;
}

/** The part of `user:password` behind the first colon. */
export function userInfoCredentials(value: string, open: string): Credential[] {
  if (contentOf(value, open) === 'none' && !open.includes(BLANK)) return [];
  const colon = open.indexOf(':');
  return credential(value, open, { kind: 'user-info', start: colon + 1, end: value.length });
}

function userInfos(value: string, open: string): Credential[] {
  const found: Credential[] = [];
  for (let at = open.indexOf('://'); at !== -1; at = open.indexOf('://', at + 3)) {
    const start = at + 3;
    const authority = open.slice(start, nextMatch(AUTHORITY_END, open, start));
    const sign = authority.lastIndexOf('@');
    if (sign === -1) continue;
    const colon = authority.slice(0, sign).indexOf(':');
    if (colon === -1 && !hasNoUser(open, at)) continue;
    const span = { start: start + colon + 1, end: start + sign };
    found.push(...credential(value, open, { kind: 'user-info', ...span }));
  }
  return found;
}

/** `redis://password@host`: before Redis 6 there were no users, and its clients still take that. */
function hasNoUser(text: string, at: number): boolean {
  return /\brediss?(?:-sentinel|-socket)?$/i.test(text.slice(Math.max(0, at - 20), at));
}

const AUTHORITY_END = /[/?#\s"'<>\\]/g;

/** `jdbc:oracle:thin:scott/tiger@//host/service`, its password in double quotes where it holds an `@`. */
function oraclePasswords(value: string, open: string): Credential[] {
  const match =
    /^\s*jdbc:oracle:\w{1,10}:[^/@\s]{0,200}\/(?:"([^"]{1,500})"|([^@"]{1,500}))@/i.exec(open);
  if (match === null) return [];
  const [all, quotedText, text = quotedText ?? ''] = match;
  const end = match.index + all.length - (quotedText === undefined ? 1 : 2);
  return credential(value, open, { kind: 'user-info', start: end - text.length, end });
}

function parameters(value: string, open: string): Credential[] {
  const found: Credential[] = [];
  for (const match of open.matchAll(/;\s*[A-Za-z][\w .-]*=/.test(open) ? BY_SEMICOLON : BY_SIGN)) {
    const [all, name = '', written = ''] = match;
    if (kindOfName(name) !== 'secret' && !isSignature(name, open)) continue;
    // SQL Server's `{…}` lets a value hold a semicolon.
    const isBraced = written.startsWith('{') && written.endsWith('}');
    const end = match.index + all.length - (isBraced ? 1 : 0);
    const start = match.index + all.length - written.length + (isBraced ? 1 : 0);
    found.push(...credential(value, open, { kind: 'parameter', name, start, end }));
  }
  return found;
}

// A name is looked at from its first character only, so that a long one is read once.

/** `user=sa;password=…;`, where a value may hold a comma or an `&`. */
const BY_SEMICOLON = /(?<![\w.-])([A-Za-z][\w.-]{0,100})=(\{(?:[^{}]|\}\}){0,128}\}|[^;\s"'<>]+)/g;

/** `?user=u&password=…`, and lists of those. */
const BY_SIGN = /(?<![\w.-])([A-Za-z][\w.-]{0,100})=([^&#\s"'<>,;)]+)/g;

/** The signature of an Azure shared access URL; `sig` alone may be anything. */
function isSignature(name: string, open: string): boolean {
  return name === 'sig' && /[?&]s[evp]=/.test(open);
}

function credential(value: string, open: string, found: Omit<Credential, 'content'>): Credential[] {
  const { start, end } = found;
  const content = contentOf(decoded(value.slice(start, end)), open.slice(start, end));
  return content === 'none' ? [] : [{ ...found, content }];
}

/** `%24%7B…%7D` is a reference that somebody escaped, `%2A%2A%2A` a mask. */
function decoded(text: string): string {
  if (!text.includes('%') || text.length > 2000) return text;
  return percentDecoded(text) ?? text;
}
