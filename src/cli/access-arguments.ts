// Principals, roles, patterns and actions from the command line, parsed once at this border.
import {
  type Action,
  ACTIONS,
  type Grant,
  parsePattern,
  parsePrincipal,
  parseRole,
  type Principal,
  type ResourcePattern,
  type Role,
  type RoleBinding,
} from '../domain/access.ts';
import { shellWord } from '../domain/shell-word.ts';
import { SecretregError } from '../errors.ts';
import type { Column } from './rows.ts';

export function principalArgument(text: string): Principal {
  const parsed = parsePrincipal(text);
  if (parsed.ok) return parsed.value;
  // `user:` is meant as the type, not as the beginning of a name.
  const meant = parsePrincipal(`User:${text.replace(/^user:/i, '')}`);
  const hint = meant.ok ? shellWord(meant.value) : undefined;
  throw new SecretregError('bad-principal', { principal: text, reason: parsed.problem }, { hint });
}

function roleArgument(text: string): Role {
  const parsed = parseRole(text);
  if (parsed.ok) return parsed.value;
  throw new SecretregError('bad-grant', { reason: `'${text}' ${parsed.problem}` });
}

export function actionArgument(text: string): Action {
  const action = ACTIONS.find((one) => one === text);
  if (action !== undefined) return action;
  throw new SecretregError('wrong-use', {
    reason: `'${text}' is no action; there are ${ACTIONS.join(', ')}`,
  });
}

export function grantArguments(
  principal: string,
  role: string,
  name: string | undefined,
  prefix: boolean | undefined,
): Grant {
  if (prefix && name === undefined)
    throw new SecretregError('wrong-use', { reason: '--prefix needs the beginning of paths' });
  return {
    principal: principalArgument(principal),
    ...bindingArguments(role, prefix ? { prefix: name } : { path: name }),
  };
}

/** A role with where it counts: a path, or the beginning of paths. */
export function bindingArguments(
  role: string,
  where: { path?: string | undefined; prefix?: string | undefined },
): RoleBinding {
  const { path, prefix } = where;
  if (path !== undefined && prefix !== undefined)
    throw new SecretregError('wrong-use', {
      reason: 'a role counts on a path or on the beginning of paths, not on both',
    });
  const name = path ?? prefix;
  const parsed = { role: roleArgument(role) };
  if (name === undefined) return parsed;
  return { ...parsed, resource: pattern(name, prefix === undefined ? 'LITERAL' : 'PREFIXED') };
}

function pattern(name: string, patternType: ResourcePattern['patternType']): ResourcePattern {
  const parsed = parsePattern(name, patternType);
  if (parsed.ok) return parsed.value;
  throw new SecretregError('bad-grant', { reason: `the path '${name}' ${parsed.problem}` });
}

/** What a listing shows of a role and where it counts; names as in Kafka's ACLs. */
export function bindingColumns<R>(of: (row: R) => RoleBinding | undefined): Column<R>[] {
  return [
    { name: 'role', value: (row) => of(row)?.role },
    {
      name: 'resource',
      heading: 'pattern',
      value: (row) => of(row)?.resource?.patternType,
      json: (row) => of(row)?.resource,
    },
    { name: 'path', value: (row) => of(row)?.resource?.name, json: () => undefined },
  ];
}
