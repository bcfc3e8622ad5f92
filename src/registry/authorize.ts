// Whether a caller may do what it asks for, as the records stand at that moment: the grants of its principal, and for a
// token its own limit and those of the credentials that it was made with. Every one of these has to allow it.
import {
  type Action,
  allowing,
  type Grant,
  mayGrant,
  type Principal,
  type RoleBinding,
} from '../domain/access.ts';
import type { AuditMethod, Caller } from '../domain/audit-event.ts';
import type { SecretPath } from '../domain/names.ts';
import { SecretregError } from '../errors.ts';
import type { AuditSubject } from './audit-trail.ts';
import type { View } from './state.ts';
import { tokenLine } from './token-line.ts';

/** What a caller may do: allowed is what each level allows. The first level is the grants of the principal. */
export type Rights = readonly (readonly RoleBinding[])[];

/** A request that is allowed: by which role, and all that its caller may do. */
interface Allowed {
  rights: Rights;
  role: string;
}

/** Refuses with not-allowed, not-authenticated, or as if nothing were there. */
export class Denied extends Error {
  readonly answer: SecretregError;
  /** Which of several things that were asked for at once. */
  subject: AuditSubject | undefined;

  constructor(answer: SecretregError) {
    super(answer.message);
    this.answer = answer;
  }
}

/** Of the method: an action on the path or on the registry; `own`: everybody, for the use case looks closer; `holder`: whoever has the master key. */
const NEEDS: Record<AuditMethod, Action | 'own' | 'holder'> = {
  'registry.Init': 'holder',
  'registry.Backup': 'holder',
  'registry.Move': 'holder',
  'secret.Read': 'read',
  'secret.Check': 'read',
  'secret.Write': 'write',
  'secret.Delete': 'delete',
  'secret.Destroy': 'delete',
  'secret.Restore': 'write',
  'secret.List': 'list',
  'secret.GetMetadata': 'list',
  'secret.SetMetadata': 'write',
  'masterKey.List': 'rotate',
  'masterKey.Prepare': 'rotate',
  'masterKey.Rotate': 'rotate',
  'masterKey.Retire': 'rotate',
  'access.Authenticate': 'own',
  'access.Whoami': 'own',
  'access.ListGrants': 'own',
  'access.Grant': 'own',
  'access.Revoke': 'own',
  'access.ListUsers': 'own',
  'access.CreateUser': 'own',
  'access.SetPassword': 'own',
  'access.DeleteUser': 'own',
  'access.ListTokens': 'own',
  'access.CreateToken': 'own',
  'access.RevokeToken': 'own',
  'access.Check': 'own',
  'audit.Read': 'audit',
  // Whoever may read the trail must not be able to take away what it says of them.
  'audit.Prune': 'holder',
  'audit.ExportKey': 'holder',
};

const HOLDER: Rights = [[{ role: 'SystemAdmin' }]];

/** Whether a caller may do this now. Every subject has to be allowed; fails with Denied, which names the one that is not. */
export function allow(
  view: View,
  caller: Caller,
  subjects: readonly AuditSubject[],
  now: string,
): Allowed {
  const rights = rightsOf(view, caller, now);
  const [role = ''] = subjects.map((subject) => {
    try {
      return authorize(rights, caller, subject);
    } catch (error) {
      if (error instanceof Denied) error.subject = subject;
      throw error;
    }
  });
  return { rights, role };
}

/** The rights of the caller at this moment. Fails with Denied where its credential counts no more. */
export function rightsOf(view: View, caller: Caller, now: string): Rights {
  const { credential } = caller;
  if (credential.mechanism === 'master-key') return HOLDER;
  const grants: readonly Grant[] = view.grantsOf(caller.principal);
  switch (credential.mechanism) {
    case 'none':
      throw ended('there are none');
    case 'token':
      return [grants, ...limitsOf(view, caller.principal, credential.id, now)];
    case 'basic':
      requirePassword(view, caller.principal, credential.id);
      return [grants];
    case 'mtls':
    case 'jwt':
      if (credential.expiresAt <= now) throw ended('it has expired');
      return [grants];
  }
}

/** The role that allows the request; of what everybody may ask, the first that the caller has. Fails with Denied. */
function authorize(rights: Rights, caller: Caller, subject: AuditSubject): string {
  const need = NEEDS[subject.method];
  const path = subject.path as SecretPath | undefined;
  // A list over all paths shows of each only what its reader may see.
  if (need === 'own' || (need === 'list' && path === undefined)) return rights[0]?.[0]?.role ?? '';
  if (need === 'holder') {
    if (rights === HOLDER) return 'SystemAdmin';
    throw notAllowed(caller.principal, 'do what needs the master key');
  }
  const binding = allowedBy(rights, need, path);
  if (binding !== undefined) return binding.role;
  // What may not be seen is answered as what is not there; whoever asks for a write has named the path themselves.
  if (path !== undefined && need !== 'write' && !allowedBy(rights, 'list', path))
    throw new Denied(new SecretregError('path-not-found', { path }));
  throw notAllowed(caller.principal, told(need, path));
}

/** The grant that allows it, where every level does. */
export function allowedBy(
  rights: Rights,
  action: Action,
  path?: SecretPath,
): RoleBinding | undefined {
  return atEveryLevel(rights, (level) => allowing(level, action, path));
}

/** The grant that allows to give or take this one, where every level does. */
export function grantableBy(rights: Rights, holder: string, grant: Grant): RoleBinding | undefined {
  return atEveryLevel(rights, (level) => mayGrant(level, holder as Principal, grant));
}

/** What is found at the first level, where something is found at each. */
export function atEveryLevel(
  rights: Rights,
  find: (level: readonly RoleBinding[]) => RoleBinding | undefined,
): RoleBinding | undefined {
  const bindings = rights.map(find);
  return bindings.every((one) => one !== undefined) ? bindings[0] : undefined;
}

export function notAllowed(principal: string, what: string): Denied {
  return new Denied(new SecretregError('not-allowed', { principal, what }));
}

/** For messages: `read secrets under 'orders'`. */
export function told(action: Action, path?: SecretPath): string {
  const texts: Record<Action, string> = {
    read: 'read secrets',
    write: 'write secrets',
    delete: 'delete secrets',
    configure: 'configure the connector and so be handed the secrets',
    list: 'list secrets',
    listPaths: 'list paths',
    grant: 'manage grants',
    credentials: 'manage the users and tokens of others',
    rotate: 'change the master key',
    audit: 'read the audit trail',
  };
  return path === undefined ? texts[action] : `${texts[action]} under '${path}'`;
}

/** Of a token and of every token above it; a password above them has to be the one of that time. */
function limitsOf(view: View, principal: string, id: string, now: string): RoleBinding[][] {
  const limits: RoleBinding[][] = [];
  requireUser(view, principal);
  for (const { token } of tokenLine(view, id)) {
    if (token === undefined || token.principal !== principal) throw ended('it was revoked');
    if (token.expiresAt <= now) throw ended('it has expired');
    if (token.limit !== undefined) limits.push([token.limit]);
    const { parent } = token;
    if (parent !== undefined && 'password' in parent)
      requirePassword(view, principal, parent.password);
  }
  return limits;
}

function requireUser(view: View, principal: string): void {
  if (view.access({ kind: 'user', principal: principal as Principal }) === undefined)
    throw ended('its user was removed');
}

function requirePassword(view: View, principal: string, passwordId: string): void {
  const user = view.access({ kind: 'user', principal: principal as Principal });
  if (user?.passwordId !== passwordId) throw ended('the password was changed');
}

function ended(reason: string): Denied {
  return new Denied(new SecretregError('not-authenticated', { reason }));
}
