// The shapes of a registry's answers.
import {
  type Grant,
  parsePattern,
  parsePrincipal,
  type Principal,
  type ResourcePattern,
  type RoleBinding,
  ROLES,
} from '../domain/access.ts';
import type { Decision, GrantInfo, Identity, TokenInfo, UserInfo } from '../domain/access-admin.ts';
import type { ReadEvent } from '../domain/audit-event.ts';
import { parseKey, parsePath } from '../domain/names.ts';
import type {
  FitAnswer,
  KeyInfo,
  Metadata,
  SecretVersion,
  VersionInfo,
} from '../domain/registry.ts';
import type { Result } from '../domain/result.ts';
import { SecretValue } from '../domain/secret-value.ts';
import { tokenIdIn } from '../domain/token-text.ts';
import {
  type Obstacle,
  OBSTACLES,
  type Surroundings,
  SURROUNDINGS,
} from '../domain/surroundings.ts';
import type { Version } from '../domain/version.ts';
import {
  flag,
  list,
  Malformed,
  object,
  oneOf,
  type Shape,
  text,
  whole,
} from '../exchange/shapes.ts';

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

/** A version that was just written. It is enabled, which the answer does not say. */
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

export const fit: Shape<FitAnswer> = object(
  { key, surroundings: oneOf(Object.keys(SURROUNDINGS) as Surroundings[]) },
  { obstacle: oneOf(Object.keys(OBSTACLES) as Obstacle[]) },
);

export const metadata: Shape<Metadata> = object(
  {},
  { description: text, owner: text, tags: list(text), expiresAt: text, rotateEveryDays: whole },
);

export const keyInfo: Shape<KeyInfo> = object(
  { path, key, versions: list(versionInfo), metadata },
  { damaged: list(version) },
);

/** An event is handed on as it came. Only the members by which it is shown are checked. */
export const event: Shape<ReadEvent> = (value) => {
  object({
    id: text,
    time: text,
    subject: text,
    applied: flag,
    data: object({
      methodName: text,
      authenticationInfo: object({ principal: text }),
      authorizationInfo: object({
        granted: flag,
        resourceType: text,
        patternType: text,
        resourceName: text,
      }),
      result: object({ status: text }),
    }),
  })(value);
  return value as ReadEvent;
};

const pattern: Shape<ResourcePattern> = (value) => {
  const { patternType, name } = object({
    patternType: oneOf(['LITERAL', 'PREFIXED']),
    name: text,
  })(value);
  return parsed((given) => parsePattern(given, patternType))(name);
};

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

/** The text of the token is printed as it is, so nothing else may stand in its place. */
export const newToken: Shape<TokenInfo & { token: SecretValue }> = (value) => {
  const { token } = object({ token: text })(value);
  if (tokenIdIn(token) === undefined) throw new Malformed();
  return { ...tokenInfo(value), token: SecretValue.of(token) };
};

export const identity: Shape<Identity> = object(
  { principal, mechanism: text, grants: list(binding) },
  { token: object({ id: text, expiresAt: text }, { limit: binding }) },
);

export const decision: Shape<Decision> = object({ allowed: flag }, { by: binding });
