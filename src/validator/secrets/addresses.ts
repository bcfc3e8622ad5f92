// Credentials in URLs and connection strings: user information (RFC 3986, 3.2.1), parameters of a query or of a driver.
import { matchAt, nextMatch } from '../../domain/matching.ts';
import { percentDecoded } from '../../domain/percent-decoded.ts';
import type { Span } from '../../domain/reference.ts';
import type { Credential } from './credential.ts';
import { BLANK, contentOf, withoutTemplates } from './no-secret.ts';
import { isNameOfUser, kindOfName } from './setting-name.ts';

/** True for a value that is a URL, a JDBC address, or `name=value;…`. */
export function isAddress(value: string): boolean {
  return /^\s*(?:[a-z][a-z0-9+.-]{0,30}:\/\/|jdbc:|(?:\w{1,20}::)?[A-Za-z][\w .-]{0,60}=[^=;&]*[;&])/i.test(
    value,
  );
}

/** `open` is the value with its templates blanked. */
export function addressCredentials(value: string, open: string): Credential[] {
  const found = [...userInfos(value, open), ...oraclePasswords(value, open)];
  if (isAddress(open) || open.includes('://') || CAMEL.test(open))
    found.push(...parameters(value, open));
  return found;
}

/** An address of Camel, which needs no `//`: `ftp:user@host/folder?password=…`. */
const CAMEL = /^\s*[a-z][a-z0-9+-]{1,30}:[^\s?"']{1,1000}\?[A-Za-z][\w.-]{0,60}=/;

/** The part of `user:password` behind the first colon. */
export function userInfoCredentials(value: string, open: string): Credential[] {
  if (contentOf(value, open) === 'none' && !open.includes(BLANK)) return [];
  const colon = open.indexOf(':');
  return credential(value, open, { kind: 'user-info', start: colon + 1, end: value.length });
}

/** Which parts of a value only say who logs in: `mongodb://USER:…@host`, `?user=USER`. */
export function usersIn(value: string): (part: Span) => boolean {
  const open = withoutTemplates(value);
  const colons = new Map(logIns(open).map(({ start, colon }) => [start, colon]));
  return ({ start, end }) => {
    const from = Math.max(0, start - LONGEST_USER);
    const before = open.slice(from, start);
    const colon = colons.get(from + before.lastIndexOf('://') + 3);
    if (colon !== undefined && end <= colon) return true;
    const name = /(?<![\w.-])[A-Za-z][\w.-]{0,100}(?==$)/.exec(before.slice(-102))?.[0];
    return name !== undefined && isNameOfUser(name);
  };
}

const LONGEST_USER = 256;

function userInfos(value: string, open: string): Credential[] {
  return logIns(open).flatMap(({ start, colon, sign }) =>
    credential(value, open, {
      kind: 'user-info',
      start: colon === -1 ? start : colon + 1,
      end: sign,
    }),
  );
}

/** Where `user:password@` begins, its colon, which may be missing (-1), and its `@`. */
interface LogIn {
  start: number;
  colon: number;
  sign: number;
}

function logIns(open: string): LogIn[] {
  const found: LogIn[] = [];
  const isUrl = URL_BEGINNING.test(open);
  for (let at = open.indexOf('://'); at !== -1; at = open.indexOf('://', at + 3)) {
    const start = at + 3;
    const authority = open.slice(start, nextMatch(AUTHORITY_END, open, start));
    const meant = isUrl ? meantSign(open, start, authority) : -1;
    const sign = meant === -1 ? authority.lastIndexOf('@') : meant;
    if (sign === -1) continue;
    const colon = authority.slice(0, sign).indexOf(':');
    if (colon === -1 && !hasNoUser(open, at)) continue;
    found.push({ start, colon: colon === -1 ? -1 : start + colon, sign: start + sign });
  }
  return found;
}

/**
 * Where the `@` behind a password stands, which may hold what would have to be percent-encoded, and does not always: `/`, `#`,
 * a blank. It is the first one with a host behind it; -1 where there is none, or no user and password in front of it.
 */
function meantSign(open: string, start: number, authority: string): number {
  const colon = authority.indexOf(':');
  const strict = authority.lastIndexOf('@');
  if (colon === -1 || (strict !== -1 && strict < colon) || authority.startsWith('[')) return -1;
  const whole = open.slice(start, nextMatch(NEXT_URL, open, start));
  const path = whole.indexOf('/');
  const text = path === -1 ? whole : whole.slice(0, nextMatch(PARAMETER_BEGINNING, whole, path));
  if (matchAt(PORT, text, colon + 1) !== undefined) return -1;
  if (OF_STORES.test(open.slice(Math.max(0, start - 20), start))) return -1;
  let sign = text.indexOf('@', colon);
  while (sign !== -1 && matchAt(HOST, text, sign + 1) === undefined)
    sign = text.indexOf('@', sign + 1);
  return sign;
}

const URL_BEGINNING = /^\s*(?:[a-z][a-z0-9+.-]{0,30}:){1,4}\/\//i;
const NEXT_URL = /:\/\/|[\r\n]/g;
/** Behind the path of an address no log-in comes. */
const PARAMETER_BEGINNING = /[;?&][A-Za-z][\w.-]{0,60}=/g;

/** Addresses without log-ins, in whose paths an `@` may stand. */
const OF_STORES = /\b(?:file|s3[an]?|gs|arn|abfss?|wasbs?):\/\/$/i;

/** `host:8080`, no user and password. */
const PORT =
  /(?:\d{1,5}|\0+|\$\w{1,60}|<[^<>]{1,60}>|%\w{1,60}%|%\(\w{1,60}\)\w?|[{([]{1,2}\w{1,60}[})\]]{1,2}|(?:\w{1,30}[_-])?port(?:_?num(?:ber)?|_{1,2}|\d)?|[x*.n]{2,8})(?=[,/?;]|$)/iy;

const HOST =
  /(?:[\w.\0$<>%{}-]{1,255}|\[[\da-f:.]{2,45}\])(?::[\w\0$<>%{}]{1,60})?(?=[/?,;\s]|$)/iy;

/** `redis://password@host`: before Redis 6 there were no users, and its clients still take that. */
function hasNoUser(text: string, at: number): boolean {
  return /\brediss?(?:-sentinel|-socket)?$/i.test(text.slice(Math.max(0, at - 20), at));
}

/** Or the parameters of SQL Server, of which one may hold an `@`. */
const AUTHORITY_END = /[/?#\s"'<>\\]|;[A-Za-z][\w.-]{0,60}=/g;

/** `jdbc:oracle:thin:scott/tiger@//host/service`, its password in double quotes where it holds an `@`. */
function oraclePasswords(value: string, open: string): Credential[] {
  const match =
    /^\s*jdbc:oracle:\w{1,10}:[^/@\s]{0,200}\/(?:"([^"]{1,500})"|([^@"]{1,500}))@/i.exec(open);
  if (match === null) return [];
  const [all, quotedText, text = quotedText ?? ''] = match;
  const end = match.index + all.length - (quotedText === undefined ? 1 : 2);
  return credential(value, open, { kind: 'user-info', start: end - text.length, end });
}

/** Of `user=u,password=p`, whichever sign separates them. */
export function propertyCredentials(value: string, open: string): Credential[] {
  if (isAddress(open) || !/^\s*\??[A-Za-z][\w.-]{0,100}=/.test(open)) return [];
  const [, separator = ''] = /([;&,\s])[ \t]{0,5}[A-Za-z][\w.-]{0,100}=/.exec(open) ?? [];
  return parameters(value, open, PROPERTY_ENDS[separator] ?? LINE_BREAK);
}

const LINE_BREAK = /[\r\n]/g;
const PROPERTY_ENDS: Readonly<Record<string, RegExp>> = {
  '&': /[&\r\n]/g,
  ';': /[;\r\n]/g,
  ',': /[,\r\n]/g,
  ' ': /\s/g,
};

function parameters(value: string, open: string, endsOfAll?: RegExp): Credential[] {
  const found: Credential[] = [];
  const isBySemicolon = /;\s*[A-Za-z][\w .-]*=/.test(open);
  const isWhole = isOneAddress(open);
  const parameter = new RegExp(PARAMETER);
  for (let match = parameter.exec(open); match !== null; match = parameter.exec(open)) {
    const [all, name = ''] = match;
    if (kindOfName(name) !== 'secret' && !isSignature(name, open)) continue;
    const sign = isWhole ? signBefore(open, match.index) : undefined;
    if (all.length > name.length + 1 && sign !== ';') continue;
    const behind = match.index + all.length;
    const ends = isBySemicolon ? SEMICOLON_IN_TEXT : SIGN_IN_TEXT;
    const own = endsOfAll ?? (sign === undefined ? undefined : ownEnds(sign, isBySemicolon));
    const written = open.slice(behind, nextMatch(own ?? ends, open, behind)).trimEnd();
    const wrapped = matchAt(isBySemicolon ? BRACED : RAW, open, behind);
    const [whole = written, inner = written] = wrapped ?? [];
    const start = behind + (wrapped === undefined ? 0 : whole.length - inner.length - 1);
    const end = start + inner.length;
    parameter.lastIndex = end;
    found.push(...credential(value, open, { kind: 'parameter', name, start, end }));
  }
  return found;
}

/** True where the value is an address and nothing else, no list of them: only what separates parameters ends a password. */
function isOneAddress(open: string): boolean {
  return (
    (isAddress(open) || CAMEL.test(open)) &&
    !/[\s,;|](?:jdbc:|[a-z][a-z0-9+.-]{0,30}:\/\/)/i.test(open.trimStart())
  );
}

/** The sign in front of a name tells which one ends its value; undefined for one that does not: `(PASSWORD=…)`. */
function ownEnds(sign: string, isBySemicolon: boolean): RegExp | undefined {
  if (sign === '?' || sign === '&') return AMPERSAND;
  return sign === ';' || sign === ':' || (sign === '' && isBySemicolon) ? SEMICOLON : undefined;
}

function signBefore(text: string, at: number): string {
  return text
    .slice(Math.max(0, at - 5), at)
    .trimEnd()
    .slice(-1);
}

/** A name is looked at from its first character only, so that a long one is read once. SQL Server takes blanks round the sign. */
const PARAMETER = /(?<![\w.-])([A-Za-z][\w.-]{0,100})[ \t]{0,5}=(?:[ \t]{1,5}(?=\S))?/g;

/** `?user=u&password=…`. */
const AMPERSAND = /[&\r\n]/g;

/** `user=sa;password=…;`, where a value may hold a comma or an `&`. */
const SEMICOLON = /[;\r\n]/g;
/** SQL Server's `{…}` lets a value hold a semicolon, Camel's `RAW(…)` an `&`. */
const BRACED = /\{((?:[^{}]|\}\}){0,128})\}/y;
const RAW = /RAW\(([^)\r\n]{0,1000})\)(?=&|$)/y;

/** The same where other text may stand around the address, and lists of addresses. */
const SIGN_IN_TEXT = /[&#\s"'<>,;)]/g;
const SEMICOLON_IN_TEXT = /[;\s"'<>]/g;

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
