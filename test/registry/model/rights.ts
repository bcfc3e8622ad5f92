// Who may do what, as the model has it.
import type { Ask, AskedGrant } from './asks.ts';
import type { Model } from './model.ts';

/** What each question needs. */
const NEEDS: Record<Ask['do'], 'read' | 'list' | 'write' | 'delete' | 'grant' | 'credentials'> = {
  put: 'write',
  import: 'write',
  get: 'read',
  'get-every': 'read',
  'get-all': 'read',
  check: 'read',
  paths: 'list',
  list: 'list',
  history: 'list',
  delete: 'delete',
  restore: 'write',
  metadata: 'list',
  'set-metadata': 'write',
  grant: 'grant',
  revoke: 'grant',
  'forget-user': 'credentials',
};

const ROLES: Partial<Record<AskedGrant['role'], readonly string[]>> = {
  ResourceOwner: ['read', 'write', 'delete', 'list'],
  DeveloperManage: ['delete', 'list'],
  DeveloperWrite: ['write', 'list'],
  DeveloperRead: ['read', 'list'],
};

/** With which code whoever shows the token is refused, whatever stands there. */
export function refusalOf(model: Model, asked: Ask, token: number): string | undefined {
  if (!model.user.tokens.includes(token)) return 'not-authenticated';
  if ('grant' in asked) return mayGive(model, asked.grant) ? undefined : 'not-allowed';
  const need = NEEDS[asked.do];
  if (need === 'credentials') return 'not-allowed';
  const denied = pathsOf(asked).find((one) => !may(model, need, one));
  if (denied === undefined) return undefined;
  // What may not be seen is not there.
  return need !== 'write' && !sees(model, denied) ? 'path-not-found' : 'not-allowed';
}

/** An owner gives and takes roles on what is its own, all of it. */
function mayGive({ grants }: Model, { on: wanted }: AskedGrant): boolean {
  const isEvery = wanted.name === '*';
  return grants.some(({ role, on }) => {
    if (role !== 'ResourceOwner') return false;
    if (on.patternType === 'PREFIXED') return !isEvery && wanted.name.startsWith(on.name);
    return on.name === '*' || (wanted.patternType === 'LITERAL' && wanted.name === on.name);
  });
}

function may({ grants }: Model, need: string, path: string): boolean {
  return grants.some(
    ({ role, on }) =>
      ROLES[role]?.includes(need) === true &&
      (on.patternType === 'PREFIXED' ? path.startsWith(on.name) : ['*', path].includes(on.name)),
  );
}

export const sees = (model: Model, path: string): boolean => may(model, 'list', path);

function pathsOf(asked: Ask): string[] {
  if ('writes' in asked) return asked.writes.map(({ path }) => path);
  if ('target' in asked) return [asked.target.path];
  return 'path' in asked && asked.path !== undefined ? [asked.path] : [];
}

export const isSame = (a: AskedGrant, b: AskedGrant): boolean =>
  a.role === b.role && a.on.patternType === b.on.patternType && a.on.name === b.on.name;
