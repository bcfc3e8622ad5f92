// Changes of who may do what, as functions on a draft. Each refuses before it changes anything.
import {
  type Grant,
  isResourceRole,
  type Principal,
  type RoleBinding,
  showBinding,
} from '../domain/access.ts';
import { isTokenId } from '../crypto/tokens.ts';
import type { GrantInfo, NewToken, TokenInfo, UserInfo } from '../domain/access-admin.ts';
import type { Caller } from '../domain/audit-event.ts';
import { parseDescription } from '../domain/metadata.ts';
import { SecretregError } from '../errors.ts';
import { allowedBy, grantableBy, notAllowed, type Rights, told } from './authorize.ts';
import type { Draft } from './draft.ts';
import type { TokenRecord, UserRecord } from './records.ts';
import type { View } from './state.ts';
import { tokenLine } from './token-line.ts';

/** Who changes, when, and with which rights. */
export interface AccessMoment {
  at: string;
  caller: Caller;
  rights: Rights;
}

/** The hash of a password, sealed for its user and its own id. */
export type SealedPassword = Required<Pick<UserRecord, 'passwordId' | 'sealed'>>;

export function grant(draft: Draft, wanted: Grant, now: AccessMoment): GrantInfo {
  refuseMalformed(wanted);
  requireGrantable(wanted, now);
  const key = { kind: 'grant', grant: wanted } as const;
  const before = draft.access(key);
  const made = before ?? madeBy(now);
  if (before === undefined) draft.putAccess(key, made);
  return { ...wanted, createdAt: made.createdAt, createdBy: made.createdBy };
}

export function revoke(draft: Draft, given: Grant, now: AccessMoment): void {
  refuseMalformed(given);
  requireGrantable(given, now);
  const key = { kind: 'grant', grant: given } as const;
  if (draft.access(key) === undefined) {
    const { principal } = given;
    throw new SecretregError('grant-not-found', { principal, what: showBinding(given) });
  }
  draft.putAccess(key, null);
}

export function createUser(
  draft: Draft,
  principal: Principal,
  password: SealedPassword | undefined,
  now: AccessMoment,
): UserInfo {
  requireCredentials(now);
  if (draft.access({ kind: 'user', principal }))
    throw new SecretregError('user-exists', { principal });
  const record: UserRecord = { ...madeBy(now), ...password };
  draft.putAccess({ kind: 'user', principal }, record);
  return userInfo(principal, record);
}

/** A user who logged in with a password may change it too. Ends the tokens that were made with the old one. */
export function setPassword(
  draft: Draft,
  principal: Principal,
  password: SealedPassword,
  now: AccessMoment,
): UserInfo {
  requirePasswordOf(principal, now);
  const before = requireUser(draft, principal);
  const { createdAt, createdBy } = before;
  const record: UserRecord = { createdAt, createdBy, ...password };
  draft.putAccess({ kind: 'user', principal }, record);
  removeTokens(draft, (_, token) => {
    const { parent } = token;
    return token.principal === principal && parent !== undefined && 'password' in parent;
  });
  return userInfo(principal, record);
}

/** Fails with Denied. A token may be in the hands of somebody else, who would have a password from then on. */
export function requirePasswordOf(principal: Principal, now: AccessMoment): void {
  const { caller } = now;
  if (principal !== caller.principal) return requireCredentials(now);
  if (caller.credential.mechanism === 'basic') return;
  const what =
    'set their own password unless logged in with the one that is to be changed; a SystemAdmin may';
  requireCredentials(now, what);
}

/** With all its tokens and grants: a user of the same name who is made later begins with nothing. */
export function deleteUser(draft: Draft, principal: Principal, now: AccessMoment): void {
  const isOwn = principal === now.caller.principal;
  requireCredentials(now, isOwn ? 'remove their own user: a SystemAdmin does that' : undefined);
  const user = { kind: 'user', principal } as const;
  const grants = draft.grantsOf(principal);
  const isUser = draft.access(user) !== undefined;
  if (!isUser && grants.length === 0) throw new SecretregError('user-not-found', { principal });
  for (const { key, value } of draft.accessRecords('token'))
    if (value.principal === principal) draft.putAccess(key, null);
  for (const own of grants) draft.putAccess({ kind: 'grant', grant: own }, null);
  if (isUser) draft.putAccess(user, null);
}

/** A token never outlives or exceeds the credential that makes it. Makes its user too, where it is none yet. */
export function createToken(
  draft: Draft,
  wanted: NewToken,
  made: { id: string; digest: string },
  now: AccessMoment,
): TokenInfo {
  const { caller } = now;
  const principal = wanted.principal ?? (caller.principal as Principal);
  const isOwn = principal === caller.principal && caller.credential.mechanism !== 'master-key';
  if (!isOwn) requireCredentials(now);
  if (isOwn && caller.credential.mechanism === 'jwt')
    throw notAllowed(principal, 'make tokens with a JWT, whose issuer decides how long it counts');
  if (wanted.limit) refuseMalformed(wanted.limit);
  if (wanted.description !== undefined) requireDescription(wanted.description);
  if (isOwn) requireShortLine(draft, caller);
  const record: TokenRecord = {
    ...madeBy(now),
    principal,
    digest: made.digest,
    expiresAt: endOf(draft, wanted, isOwn, now),
    ...(wanted.description !== undefined && { description: wanted.description }),
    ...(wanted.limit && { limit: wanted.limit }),
    ...(isOwn && parentOf(caller)),
  };
  makeRoom(draft, principal, now.at);
  if (draft.access({ kind: 'user', principal }) === undefined)
    draft.putAccess({ kind: 'user', principal }, madeBy(now));
  if (wanted.grant) grant(draft, { principal, ...wanted.grant }, now);
  draft.putAccess({ kind: 'token', id: made.id }, record);
  return tokenInfo(made.id, record);
}

/** With every token that its owner made with it. Others' tokens are not there for whoever may not manage them. */
export function revokeToken(draft: Draft, id: string, now: AccessMoment): void {
  const token = draft.access({ kind: 'token', id });
  if (token === undefined || !mayManageToken(draft, id, now))
    throw new SecretregError('token-not-found', { id: isTokenId(id) ? id : 'of this id' });
  removeTokens(draft, (one) => one === id);
}

/**
 * Whether the caller may see and revoke a token: everybody their own. But a token that has a limit may be in the hands of
 * somebody else, so with it only itself and those that were made with it.
 */
export function mayManageToken(
  view: View,
  id: string,
  { caller, rights }: Pick<AccessMoment, 'caller' | 'rights'>,
): boolean {
  if (allowedBy(rights, 'credentials')) return true;
  const { principal, credential } = caller;
  if (view.access({ kind: 'token', id })?.principal !== principal) return false;
  if (credential.mechanism !== 'token' || rights.length === 1) return true;
  return [...tokenLine(view, id)].some((one) => one.id === credential.id);
}

export function tokenInfo(id: string, record: TokenRecord): TokenInfo {
  const { principal, createdAt, createdBy, expiresAt, description, limit } = record;
  return {
    id,
    principal,
    createdAt,
    createdBy,
    expiresAt,
    ...(description !== undefined && { description }),
    ...(limit && { limit }),
  };
}

export function userInfo(principal: Principal, record: UserRecord): UserInfo {
  const { createdAt, createdBy, sealed } = record;
  return { principal, hasPassword: sealed !== undefined, createdAt, createdBy };
}

/** How long a token counts where nobody says. */
const DEFAULT_DAYS = 90;
const DAY = 86_400_000;

function endOf(draft: Draft, wanted: NewToken, isOwn: boolean, now: AccessMoment): string {
  const most = isOwn ? credentialEnd(draft, now.caller) : undefined;
  const usual = new Date(Date.parse(now.at) + DEFAULT_DAYS * DAY).toISOString();
  const end = wanted.expiresAt ?? (most !== undefined && most < usual ? most : usual);
  if (end <= now.at) throw new SecretregError('bad-token', { reason: `${end} is past already` });
  if (most !== undefined && end > most) {
    const reason = `it would outlive the credential that makes it, which ends at ${most}`;
    throw new SecretregError('bad-token', { reason });
  }
  return end;
}

function credentialEnd(draft: Draft, { credential }: Caller): string | undefined {
  if (credential.mechanism === 'token')
    return draft.access({ kind: 'token', id: credential.id })?.expiresAt;
  return 'expiresAt' in credential ? credential.expiresAt : undefined;
}

function parentOf({ credential }: Caller): Pick<TokenRecord, 'parent'> {
  if (credential.mechanism === 'token') return { parent: { token: credential.id } };
  if (credential.mechanism === 'basic') return { parent: { password: credential.id } };
  return {};
}

/** Anybody makes tokens, and every process keeps them all in memory. */
const MOST_TOKENS = 1000;

/** Removes tokens of the principal that have ended. Fails where too many are left. */
function makeRoom(draft: Draft, principal: Principal, now: string): void {
  const own = draft.accessRecords('token').filter(({ value }) => value.principal === principal);
  const ended = own.filter(({ value }) => value.expiresAt <= now);
  for (const { key } of ended) draft.putAccess(key, null);
  if (own.length - ended.length >= MOST_TOKENS) {
    const reason = `${principal} has ${MOST_TOKENS} that have not ended: some should be revoked first`;
    throw new SecretregError('bad-token', { reason });
  }
}

/** Each with all that were made with it. Anybody makes tokens, so it is one pass over them, however many there are. */
function removeTokens(draft: Draft, isFirst: (id: string, token: TokenRecord) => boolean): void {
  const madeWith = new Map<string, string[]>();
  const going: string[] = [];
  for (const { key, value } of draft.accessRecords('token')) {
    const { parent } = value;
    if (isFirst(key.id, value)) going.push(key.id);
    else if (parent && 'token' in parent) {
      const children = madeWith.get(parent.token) ?? [];
      children.push(key.id);
      madeWith.set(parent.token, children);
    }
  }
  for (const id of going) {
    draft.putAccess({ kind: 'token', id }, null);
    for (const child of madeWith.get(id) ?? []) going.push(child);
  }
}

/** With each request of a token all tokens of its line are looked at: so many at most. */
const LONGEST_LINE = 16;

function requireShortLine(draft: Draft, { credential }: Caller): void {
  if (credential.mechanism !== 'token') return;
  if ([...tokenLine(draft, credential.id)].length < LONGEST_LINE) return;
  const reason = `it would be the ${LONGEST_LINE + 1}th of a line of tokens, each made with the one before`;
  throw new SecretregError('bad-token', { reason });
}

function requireUser(draft: Draft, principal: Principal): UserRecord {
  const record = draft.access({ kind: 'user', principal });
  if (record === undefined) throw new SecretregError('user-not-found', { principal });
  return record;
}

/** `what`: to be told where it is not about others. */
export function requireCredentials(
  { caller, rights }: AccessMoment,
  what = told('credentials'),
): void {
  if (!allowedBy(rights, 'credentials')) throw notAllowed(caller.principal, what);
}

function requireGrantable(wanted: Grant, { caller, rights }: AccessMoment): void {
  if (grantableBy(rights, caller.principal, wanted)) return;
  const what = `give ${wanted.principal} the role ${showBinding(wanted)}, or take it away`;
  throw notAllowed(caller.principal, what);
}

function refuseMalformed({ role, resource }: RoleBinding): void {
  if (isResourceRole(role) === (resource !== undefined)) return;
  const reason = resource
    ? `${role} is a role on the whole registry, and takes no path`
    : `${role} is a role on paths: it needs one, or a prefix, or * for all`;
  throw new SecretregError('bad-grant', { reason });
}

function requireDescription(text: string): void {
  const parsed = parseDescription(text);
  if (!parsed.ok)
    throw new SecretregError('bad-token', { reason: `its description ${parsed.problem}` });
}

function madeBy({ at, caller }: AccessMoment): { createdAt: string; createdBy: string } {
  return { createdAt: at, createdBy: caller.principal };
}
