// What is stored: record keys and values, to the byte. Once released these never change (golden bytes in
// test/registry/records.test.ts). Every value carries `n` (the number of its commit), `kid` (the master key of its
// MAC) and `mac`; unknown members are kept, so that later versions may add some.
import type { Kdf, MasterKey } from '../crypto/master-key.ts';
import { equalBytes } from '../crypto/primitives.ts';
import { checkRecordMac, recordMac } from '../crypto/record-mac.ts';
import type { Place } from '../crypto/seal.ts';
import {
  canonicalJson,
  canonicalMembers,
  joinMembers,
  type JsonValue,
  withMember,
} from '../domain/canonical-json.ts';
import {
  type Grant,
  isResourceRole,
  parsePattern,
  parsePrincipal,
  parseRole,
  type Principal,
  type RoleBinding,
} from '../domain/access.ts';
import type { LineName } from '../domain/audit-event.ts';
import { parseKey, parsePath, type SecretKey, type SecretPath } from '../domain/names.ts';
import { ok, type Result, refused } from '../domain/result.ts';
import { textOfUtf8 } from '../domain/utf8.ts';
import type { Version } from '../domain/version.ts';
import type { NewRecord } from '../store/store.ts';

export type RecordKey =
  | { kind: 'registry' }
  | { kind: 'commit' }
  | { kind: 'master-key'; kid: string }
  | { kind: 'audit-key'; id: number }
  | { kind: 'secret'; path: SecretPath; key: SecretKey; version: Version }
  | { kind: 'key'; path: SecretPath; key: SecretKey }
  | AccessKey;

export type AccessKey =
  | { kind: 'grant'; grant: Grant }
  | { kind: 'user'; principal: Principal }
  | { kind: 'token'; id: string };

export type RegistryRecord = {
  format: number;
  storeId: string;
  createdAt: string;
  /** The place that the registry is being moved to: nobody writes here any more. */
  moving?: string;
  /** Where it is now: nobody works with what is left here. */
  movedTo?: string;
  /**
   * The audit lines that came with a move, in chains of their own; `wasCut` where older ones were removed before. `end` is
   * the position of the last of them, where that is not their number: in a file from which lines had been removed.
   */
  trail?: { lines: number; wasCut: boolean; end?: number };
};
/** The position of the last audit line that came with a move. */
export function movedEnd(trail: RegistryRecord['trail']): number {
  return trail?.end ?? trail?.lines ?? 0;
}

export type CommitRecord = {
  attemptId: string;
  at: string;
  /** The last audit line at the end of the commit: lines cut off behind it are noticed. */
  audit?: LineName;
  /** The key that a change of the master key is under way from. Only while the newest commit says so does it count. */
  retiring?: string;
};
export type MasterKeyRecord = {
  kdf: Kdf;
  state: 'prepared' | 'active' | 'retiring' | 'retired';
  successor?: string;
  createdAt: string;
  /** base64 of 32 sealed zero bytes: opens only with the right key. */
  check: string;
};
export type AuditKeyRecord = { sealed: string };
export type SecretRecord = {
  createdAt: string;
  createdBy: string;
  state: 'enabled' | 'deleted';
  /** Who hid it, and in which delete: commit number and place in the commit, so that a whole delete can be undone. */
  deleted?: { at: string; by: string; commit: number; request: number };
  /** The end that the value says of itself, read when it was written. */
  expiresAt?: string;
  /** base64 of an SRG1 value, bound to store, path, key, version, createdAt and createdBy. */
  sealed: string;
};
export type KeyRecord = {
  /** The highest number ever given: none is given twice. */
  lastVersion: number;
  /** The versions that were destroyed, as ascending ranges [from, to]. Any other version that is not there was removed by somebody else. */
  destroyed: [from: number, to: number][];
  metadata: { [name: string]: JsonValue };
};

/** The grant itself is the record's key. */
export type GrantRecord = { createdAt: string; createdBy: string };
export type UserRecord = {
  createdAt: string;
  createdBy: string;
  /** Of the password: 16 random hex digits, new with each. */
  passwordId?: string;
  /** base64 of the password's hash (PHC), sealed: nobody who reads the log can try passwords out. */
  sealed?: string;
};
export type TokenRecord = {
  principal: Principal;
  /** Hex SHA-256 of the token. */
  digest: string;
  createdAt: string;
  createdBy: string;
  expiresAt: string;
  description?: string;
  limit?: RoleBinding;
  /** The credential that made it, without which it does not count. */
  parent?: { token: string } | { password: string };
};

export type AccessValue = GrantRecord | UserRecord | TokenRecord;

export type RecordValue =
  | RegistryRecord
  | CommitRecord
  | MasterKeyRecord
  | AuditKeyRecord
  | SecretRecord
  | KeyRecord
  | AccessValue;

/** A value as it stands in the log. */
export type Stamped<V = { [name: string]: JsonValue }> = V & {
  n: number;
  kid: string;
  mac: string;
};

/** A value as it is written again: without what its commit put to it. */
export function unstamped<V extends object>(value: V): V {
  const {
    n: _n,
    kid: _kid,
    mac: _mac,
    ...rest
  } = value as V & { n?: number; kid?: string; mac?: string };
  return rest as unknown as V;
}

export function recordKeyText(key: RecordKey): string {
  switch (key.kind) {
    case 'registry':
    case 'commit':
      return JSON.stringify([key.kind]);
    case 'master-key':
      return JSON.stringify([key.kind, key.kid]);
    case 'audit-key':
      return JSON.stringify([key.kind, key.id]);
    case 'secret':
      return JSON.stringify([key.kind, key.path, key.key, key.version]);
    case 'key':
      return JSON.stringify([key.kind, key.path, key.key]);
    case 'grant': {
      const { principal, role, resource } = key.grant;
      const where = resource === undefined ? [] : [resource.patternType, resource.name];
      return JSON.stringify([key.kind, principal, role, ...where]);
    }
    case 'user':
      return JSON.stringify([key.kind, key.principal]);
    case 'token':
      return JSON.stringify([key.kind, key.id]);
  }
}

/** The record key behind a text, or undefined where it is none of ours in its one canonical form. */
export function parseRecordKey(text: string): RecordKey | undefined {
  const parts = parseJson(text);
  if (!Array.isArray(parts)) return undefined;
  const key = fromParts(parts as JsonValue[]);
  return key !== undefined && recordKeyText(key) === text ? key : undefined;
}

/** Whether a record key is that of a master key's descriptor. */
export function isDescriptor(keyText: string): boolean {
  return keyText.startsWith('["master-key",');
}

/** Key prefixes of all that one command on one path has to read. */
export function pathScope(path: SecretPath): string[] {
  const name = JSON.stringify(path);
  return [
    '["registry"',
    '["commit"',
    '["master-key",',
    '["audit-key",',
    `["secret",${name},`,
    `["key",${name},`,
  ];
}

/** The metadata that the seal binds. */
export function secretMeta(record: { createdAt: string; createdBy: string }): string {
  return canonicalJson({ createdAt: record.createdAt, createdBy: record.createdBy });
}

/** Where the hash of a password belongs: it opens for no other user, and not in place of a newer one. */
export function passwordPlace(principal: Principal, passwordId: string): Omit<Place, 'storeId'> {
  return { path: '', key: '', version: 0, meta: canonicalJson({ passwordId, principal }) };
}

export const AUDIT_KEY_ID = 1;

/** Where the sealed audit key belongs. */
export function auditKeyPlace(id: number): Omit<Place, 'storeId'> {
  return { path: '', key: '', version: id, meta: '' };
}

/** Stamps and MACs a value for the log. */
export function encodeRecord(
  key: RecordKey,
  value: RecordValue,
  stamp: { n: number; masterKey: MasterKey; storeId: Uint8Array },
): NewRecord {
  const text = recordKeyText(key);
  const { n, masterKey, storeId } = stamp;
  const body = canonicalMembers({ ...value, n, kid: masterKey.kid });
  const mac = recordMac(masterKey, storeId, text, joinMembers(body));
  const whole = joinMembers(withMember(body, 'mac', mac));
  const bytes = ENCODER.encode(whole);
  made.set(bytes, { text, masterKey, storeId });
  return { key: text, value: bytes };
}

/**
 * Values that this process has made, by the very bytes: where a store gives those back, and not what it has read, their
 * form and their MAC are as they were made a moment ago.
 */
const made = new WeakMap<Uint8Array, Stamp>();
type Stamp = { text: string; masterKey: MasterKey; storeId: Uint8Array };
const ENCODER = new TextEncoder();

/** Reads a value's bytes; the problem is a clause. Says nothing about its MAC. */
export function decodeRecord(kind: RecordKey['kind'], bytes: Uint8Array): Result<Stamped, string> {
  const text = textOfUtf8(bytes);
  if (text === undefined) return refused('is not UTF-8');
  const value = parseJson(text);
  if (!isObject(value)) return refused('is not a JSON object');
  if (!made.has(bytes) && !isCanonical(value, text)) return refused('is not in canonical form');
  if (!isCount(value.n) || typeof value.kid !== 'string' || typeof value.mac !== 'string') {
    return refused('lacks n, kid or mac');
  }
  if (!shapes[kind](value)) return refused('lacks a member of its kind');
  return ok(value as Stamped);
}

/** True where the MAC of a value fits its key, place and content; `bytes` are those that it was read from. */
export function isAuthentic(
  key: string,
  value: Stamped,
  masterKey: MasterKey,
  storeId: Uint8Array,
  bytes?: Uint8Array,
): boolean {
  const stamp = bytes && made.get(bytes);
  if (stamp?.text === key && stamp.masterKey === masterKey && equalBytes(stamp.storeId, storeId))
    return true;
  const body = canonicalJson({ ...value, mac: undefined });
  return checkRecordMac(masterKey, storeId, key, body, value.mac);
}

function fromParts(parts: readonly JsonValue[]): RecordKey | undefined {
  const [kind, a, b, c] = parts;
  if ((kind === 'registry' || kind === 'commit') && parts.length === 1) return { kind };
  if (kind === 'master-key' && typeof a === 'string' && parts.length === 2)
    return /^[0-9a-f]{32}$/.test(a) ? { kind, kid: a } : undefined;
  if (kind === 'audit-key' && isCount(a) && parts.length === 2) return { kind, id: a };
  if (kind === 'grant' || kind === 'user' || kind === 'token') return accessKey(kind, parts);
  if ((kind !== 'secret' && kind !== 'key') || typeof a !== 'string' || typeof b !== 'string') {
    return undefined;
  }
  const path = parsePath(a);
  const key = parseKey(b);
  if (!path.ok || !key.ok) return undefined;
  if (kind === 'key') return { kind, path: path.value, key: key.value };
  return isCount(c) ? { kind, path: path.value, key: key.value, version: c as Version } : undefined;
}

function accessKey(
  kind: AccessKey['kind'],
  [, name, ...rest]: readonly JsonValue[],
): AccessKey | undefined {
  if (typeof name !== 'string') return undefined;
  if (kind === 'token')
    return rest.length === 0 && /^[0-9a-z]{16}$/.test(name) ? { kind, id: name } : undefined;
  const principal = parsePrincipal(name);
  if (!principal.ok) return undefined;
  if (kind === 'user') return rest.length === 0 ? { kind, principal: principal.value } : undefined;
  const binding = parseBinding(rest);
  return binding && { kind, grant: { principal: principal.value, ...binding } };
}

function parseBinding([roleText, patternType, name, more]: readonly JsonValue[]):
  | RoleBinding
  | undefined {
  const role = typeof roleText === 'string' ? parseRole(roleText) : undefined;
  if (!role?.ok || more !== undefined) return undefined;
  if (!isResourceRole(role.value))
    return patternType === undefined ? { role: role.value } : undefined;
  if ((patternType !== 'LITERAL' && patternType !== 'PREFIXED') || typeof name !== 'string')
    return undefined;
  const resource = parsePattern(name, patternType);
  return resource.ok ? { role: role.value, resource: resource.value } : undefined;
}

const shapes: Record<RecordKey['kind'], (value: { [name: string]: JsonValue }) => boolean> = {
  registry: (v) =>
    isCount(v.format) && typeof v.storeId === 'string' && /^[0-9a-f]{32}$/.test(v.storeId),
  commit: (v) => typeof v.attemptId === 'string' && typeof v.at === 'string',
  'master-key': (v) =>
    isObject(v.kdf) &&
    typeof v.state === 'string' &&
    ['prepared', 'active', 'retiring', 'retired'].includes(v.state) &&
    typeof v.check === 'string',
  'audit-key': (v) => typeof v.sealed === 'string',
  secret: (v) =>
    (v.state === 'enabled' || v.state === 'deleted') &&
    typeof v.sealed === 'string' &&
    ['undefined', 'string'].includes(typeof v.expiresAt) &&
    isMade(v),
  grant: isMade,
  user: (v) =>
    isMade(v) &&
    (v.passwordId === undefined) === (v.sealed === undefined) &&
    ['undefined', 'string'].includes(typeof v.passwordId) &&
    ['undefined', 'string'].includes(typeof v.sealed),
  token: (v) =>
    isMade(v) &&
    typeof v.principal === 'string' &&
    typeof v.digest === 'string' &&
    typeof v.expiresAt === 'string' &&
    (v.limit === undefined || isBinding(v.limit)) &&
    (v.parent === undefined || isParent(v.parent)),
  key: (v) => isCount(v.lastVersion) && isRanges(v.destroyed) && isObject(v.metadata),
};

function isMade({ createdAt, createdBy }: { [name: string]: JsonValue }): boolean {
  return typeof createdAt === 'string' && typeof createdBy === 'string';
}

function isBinding(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  const { role = null, resource } = value;
  if (resource === undefined) return parseBinding([role]) !== undefined;
  if (!isObject(resource)) return false;
  return parseBinding([role, resource.patternType ?? null, resource.name ?? null]) !== undefined;
}

function isParent(value: JsonValue): boolean {
  return isObject(value) && (typeof value.token === 'string' || typeof value.password === 'string');
}

/** A number beyond double precision and a nesting beyond the stack have no canonical form. */
function isCanonical(value: JsonValue, text: string): boolean {
  try {
    return canonicalJson(value) === text;
  } catch {
    return false;
  }
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function isRanges(value: JsonValue | undefined): boolean {
  return (
    Array.isArray(value) &&
    value.every((range) => Array.isArray(range) && range.length === 2 && range.every(isCount))
  );
}

function isObject(value: JsonValue | undefined): value is { [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: JsonValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
