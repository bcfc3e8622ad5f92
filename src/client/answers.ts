// The shapes of answers, parsed at this border. What a newer server says beside them is passed over.
import {
  type Grant,
  parsePrincipal,
  type Principal,
  type RoleBinding,
  ROLES,
} from '../domain/access.ts';
import type { Decision, GrantInfo, Identity, TokenInfo, UserInfo } from '../domain/access-admin.ts';
import type { ReadEvent } from '../domain/audit-event.ts';
import { parseKey, parsePath } from '../domain/names.ts';
import type { KeyInfo, Metadata, SecretVersion, VersionInfo } from '../domain/registry.ts';
import type { Result } from '../domain/result.ts';
import { SecretValue } from '../domain/secret-value.ts';
import type { Version } from '../domain/version.ts';

/** Parses a part of an answer. Fails with Malformed. */
export type Shape<T> = (value: unknown) => T;

export class Malformed extends Error {}

type Members = Record<string, Shape<unknown>>;
type Parsed<M extends Members> = { [N in keyof M]: ReturnType<M[N]> };

export const text: Shape<string> = (value) => {
  if (typeof value !== 'string') throw new Malformed();
  return value;
};

export const whole: Shape<number> = (value) => {
  if (!Number.isSafeInteger(value)) throw new Malformed();
  return value as number;
};

const flag: Shape<boolean> = (value) => {
  if (typeof value !== 'boolean') throw new Malformed();
  return value;
};

/** No body, or one that says nothing. */
export const nothing: Shape<void> = () => undefined;

export function list<T>(shape: Shape<T>): Shape<T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new Malformed();
    return value.map((one) => shape(one));
  };
}

export function oneOf<const T extends string>(allowed: readonly T[]): Shape<T> {
  return (value) => {
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw new Malformed();
    return found;
  };
}

/** An object with these members, and with those of `optional` that it has. */
export function object<M extends Members, O extends Members = Members>(
  members: M,
  optional?: O,
): Shape<Parsed<M> & Partial<Parsed<O>>> {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed();
    const given = new Map(Object.entries(value));
    const needed = Object.entries(members).map(
      ([name, shape]) => [name, shape(given.get(name))] as const,
    );
    const more = Object.entries(optional ?? {}).flatMap(([name, shape]) =>
      given.has(name) ? [[name, shape(given.get(name))] as const] : [],
    );
    return Object.fromEntries([...needed, ...more]) as Parsed<M> & Partial<Parsed<O>>;
  };
}

function parsed<T>(parse: (text: string) => Result<T, string>): Shape<T> {
  return (value) => {
    const it = parse(text(value));
    if (!it.ok) throw new Malformed();
    return it.value;
  };
}

export const path = parsed(parsePath);
const key = parsed(parseKey);
const principal: Shape<Principal> = parsed(parsePrincipal);

const version: Shape<Version> = (value) => {
  if (whole(value) < 1) throw new Malformed();
  return value as Version;
};

/** A version that was just written: enabled, which is not said. */
export const written: Shape<VersionInfo> = (value) => ({
  ...object({ path, key, version, createdAt: text, createdBy: text })(value),
  state: 'enabled',
});

export const versionInfo: Shape<VersionInfo> = object(
  { path, key, version, state: oneOf(['enabled', 'deleted']), createdAt: text, createdBy: text },
  { deletedAt: text, deletedBy: text },
);

export const secretVersion: Shape<SecretVersion> = (value) => {
  const { secret, ...rest } = object({
    path,
    key,
    version,
    createdAt: text,
    createdBy: text,
    secret: text,
  })(value);
  return { ...rest, value: SecretValue.of(secret) };
};

export const metadata: Shape<Metadata> = object(
  {},
  { description: text, owner: text, tags: list(text), expiresAt: text, rotateEveryDays: whole },
);

export const keyInfo: Shape<KeyInfo> = object({ path, key, versions: list(versionInfo), metadata });

/** An event is long, is read as it stands, and is shown by the members that are looked at here. */
export const event: Shape<ReadEvent> = (value) => {
  object({
    id: text,
    time: text,
    subject: text,
    applied: flag,
    data: object({
      methodName: text,
      authenticationInfo: object({ principal: text }),
      result: object({ status: text }),
    }),
  })(value);
  return value as ReadEvent;
};

const pattern = object({ patternType: oneOf(['LITERAL', 'PREFIXED']), name: text });

const binding: Shape<RoleBinding> = object({ role: oneOf(ROLES) }, { resource: pattern });

const grant: Shape<Grant> = object({ principal, role: oneOf(ROLES) }, { resource: pattern });

export const grantInfo: Shape<GrantInfo> = (value) => ({
  ...grant(value),
  ...object({ createdAt: text, createdBy: text })(value),
});

export const userInfo: Shape<UserInfo> = object({
  principal,
  hasPassword: flag,
  createdAt: text,
  createdBy: text,
});

export const tokenInfo: Shape<TokenInfo> = object(
  { id: text, principal, createdAt: text, createdBy: text, expiresAt: text },
  { description: text, limit: binding },
);

export const newToken: Shape<TokenInfo & { token: SecretValue }> = (value) => ({
  ...tokenInfo(value),
  token: SecretValue.of(object({ token: text })(value).token),
});

export const identity: Shape<Identity> = object(
  { principal, mechanism: text, grants: list(binding) },
  { token: object({ id: text, expiresAt: text }, { limit: binding }) },
);

export const decision: Shape<Decision> = object({ allowed: flag }, { by: binding });
