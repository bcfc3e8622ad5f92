// Who may do what. Grants only, their union counts, nothing is allowed that no grant allows; there are no rules that deny,
// and no regular expressions. Roles have Confluent's names, patterns are those of Kafka's ACLs (KIP-290).
import { parsePath, type SecretPath } from './names.ts';
import { ok, type Result, refused } from './result.ts';

declare const brand: unique symbol;
/** Who asks, as Kafka writes it: `User:alice`. */
export type Principal = string & { readonly [brand]: 'Principal' };

export const ROLES = [
  'SystemAdmin',
  'UserAdmin',
  'SecurityAdmin',
  'Operator',
  'AuditAdmin',
  'ResourceOwner',
  'DeveloperManage',
  'DeveloperWrite',
  'DeveloperRead',
] as const;

export type Role = (typeof ROLES)[number];

export const ACTIONS = [
  'read',
  'write',
  'delete',
  'configure',
  'list',
  'listPaths',
  'grant',
  'credentials',
  'rotate',
  'audit',
] as const;

/**
 * What a role allows. `configure`: to change the connector of that name, in a worker that asks
 * (`secret.registry.rest.authorize`); the worker then hands its secrets to that connector, so this is nearly as much as to
 * read them. `list`: to see names and metadata inside a path; `listPaths`: to see that the path exists; `grant`: to give and
 * take roles; `credentials`: to manage the users and tokens of others.
 */
export type Action = (typeof ACTIONS)[number];

/** The paths that a grant is about: one, or all that begin with a text; the literal name `*` is every path. */
export type ResourcePattern = {
  patternType: 'LITERAL' | 'PREFIXED';
  name: string;
};

/** A role given to a principal: with a resource where the role is one on secrets, and without one where it is one on the registry. */
export type Grant = {
  principal: Principal;
  role: Role;
  resource?: ResourcePattern;
};

/** A role and where it counts, whoever has it. */
export type RoleBinding = Omit<Grant, 'principal'>;

const RIGHTS: Record<Role, readonly Action[]> = {
  SystemAdmin: ACTIONS,
  UserAdmin: ['write', 'delete', 'list', 'listPaths', 'grant'],
  SecurityAdmin: ['listPaths', 'rotate', 'audit'],
  Operator: ['list', 'listPaths'],
  AuditAdmin: ['audit'],
  ResourceOwner: ['read', 'write', 'delete', 'configure', 'list', 'listPaths', 'grant'],
  DeveloperManage: ['delete', 'configure', 'list', 'listPaths'],
  DeveloperWrite: ['write', 'list', 'listPaths'],
  DeveloperRead: ['read', 'list', 'listPaths'],
};

const RESOURCE_ROLES: ReadonlySet<Role> = new Set<Role>([
  'ResourceOwner',
  'DeveloperManage',
  'DeveloperWrite',
  'DeveloperRead',
]);

/** Roles that nobody but a SystemAdmin gives: with one of them its holder could take any other, or see all of the trail's names. */
const ROLES_OF_ADMINS: ReadonlySet<Role> = new Set<Role>([
  'SystemAdmin',
  'SecurityAdmin',
  'UserAdmin',
]);

/** Whether the role is one on secrets, and its grant needs a resource. */
export function isResourceRole(role: Role): boolean {
  return RESOURCE_ROLES.has(role);
}

/** Whether the role allows the action at all, somewhere. */
export function roleAllows(role: Role, action: Action): boolean {
  return RIGHTS[role].includes(action);
}

/** Whether the action is one on the registry, which no role on secrets allows and a path means nothing for. */
export function isOnRegistry(action: Action): boolean {
  return ![...RESOURCE_ROLES].some((role) => roleAllows(role, action));
}

/** The first binding that allows the action, on this path where it is one on a path. Without a path a role on secrets allows nothing. */
export function allowing<B extends RoleBinding>(
  bindings: Iterable<B>,
  action: Action,
  path?: SecretPath,
): B | undefined {
  return firstAllowing(bindings, action, (pattern) => path !== undefined && covers(pattern, path));
}

/** The first binding that allows the action on every path there may be, or on the registry. */
export function allowingEverywhere<B extends RoleBinding>(
  bindings: Iterable<B>,
  action: Action,
): B | undefined {
  return firstAllowing(bindings, action, isAll);
}

function firstAllowing<B extends RoleBinding>(
  bindings: Iterable<B>,
  action: Action,
  isThere: (pattern: ResourcePattern) => boolean,
): B | undefined {
  for (const binding of bindings) {
    if (!roleAllows(binding.role, action)) continue;
    if (!isResourceRole(binding.role)) return binding;
    if (binding.resource !== undefined && isThere(binding.resource)) return binding;
  }
  return undefined;
}

/** Whether the bindings allow their holder to give this role, or to take it away. */
export function mayGrant(
  bindings: Iterable<RoleBinding>,
  holder: Principal,
  grant: Grant,
): RoleBinding | undefined {
  for (const binding of bindings) {
    if (binding.role === 'SystemAdmin') return binding;
    if (binding.role === 'UserAdmin') {
      if (grant.principal !== holder && !ROLES_OF_ADMINS.has(grant.role)) return binding;
    }
    if (binding.role === 'ResourceOwner') {
      const { resource } = grant;
      if (resource !== undefined && binding.resource !== undefined)
        if (isResourceRole(grant.role) && includes(binding.resource, resource)) return binding;
    }
  }
  return undefined;
}

/** Whether the pattern is about this path. */
export function covers(pattern: ResourcePattern, path: SecretPath): boolean {
  if (pattern.patternType === 'PREFIXED') return path.startsWith(pattern.name);
  return pattern.name === '*' || pattern.name === path;
}

/** Whether every path of `inner`, those to come too, is one of `outer`. */
export function includes(outer: ResourcePattern, inner: ResourcePattern): boolean {
  if (outer.patternType === 'PREFIXED') return !isAll(inner) && inner.name.startsWith(outer.name);
  return isAll(outer) || (inner.patternType === 'LITERAL' && inner.name === outer.name);
}

function isAll({ patternType, name }: ResourcePattern): boolean {
  return patternType === 'LITERAL' && name === '*';
}

/**
 * Parses `User:<name>`; the problem is a clause that follows the text, such as `is empty`. The name may hold what a path may,
 * and `:`, `=`, `{`, `}` and `\` too, since the subject of a certificate can be a name.
 */
export function parsePrincipal(text: string): Result<Principal, string> {
  if (!text.startsWith('User:')) return refused("does not begin with 'User:'");
  const name = text.slice('User:'.length);
  const checked = parsePath(name.replaceAll(/[:{}\\]/g, '_'));
  return checked.ok ? ok(text as Principal) : refused(`has a name that ${checked.problem}`);
}

/** Parses the name of a role as Confluent writes it. */
export function parseRole(text: string): Result<Role, string> {
  const role = ROLES.find((one) => one === text);
  return role === undefined ? refused(`is no role; there are ${ROLES.join(', ')}`) : ok(role);
}

/** Parses where a role counts: the name of a path, or the beginning of one with `PREFIXED`; `*` is every path. */
export function parsePattern(
  name: string,
  patternType: ResourcePattern['patternType'],
): Result<ResourcePattern, string> {
  if (name === '*') {
    return patternType === 'LITERAL'
      ? ok({ patternType, name })
      : refused('is every path already, as a LITERAL');
  }
  // What a name may not end with, the beginning of a name may: the blank of `orders eu`. No pattern looks for blanks: of a
  // million with something behind them, ` +$` would look from each.
  const isCut = patternType === 'PREFIXED' && name.endsWith(' ');
  const parsed = parsePath(isCut ? `${name.slice(0, -1)}_` : name);
  return parsed.ok ? ok({ patternType, name }) : refused(parsed.problem);
}

/** `role DeveloperRead on PREFIXED orders-`, for messages. */
export function showBinding({ role, resource }: RoleBinding): string {
  return resource === undefined ? role : `${role} on ${showPattern(resource)}`;
}

export function showPattern({ patternType, name }: ResourcePattern): string {
  return patternType === 'PREFIXED' ? `PREFIXED ${name}` : name;
}
