// Access as one caller may see and change it, over the records of a registry.
import { hashPassword } from '../crypto/passwords.ts';
import { isTokenId, newToken } from '../crypto/tokens.ts';
import { seal } from '../crypto/seal.ts';
import {
  type Action,
  allowing,
  allowingEverywhere,
  type Grant,
  isOnRegistry,
  type Principal,
  type RoleBinding,
  roleAllows,
} from '../domain/access.ts';
import type {
  AccessAdmin,
  Decision,
  GrantInfo,
  Identity,
  NewToken,
  TokenInfo,
  UserInfo,
} from '../domain/access-admin.ts';
import type { Caller } from '../domain/audit-event.ts';
import type { SecretPath } from '../domain/names.ts';
import { SecretValue } from '../domain/secret-value.ts';
import { SecretregError } from '../errors.ts';
import {
  type AccessMoment,
  createToken,
  createUser,
  deleteUser,
  grant,
  mayManageToken,
  requireCredentials,
  requirePasswordOf,
  revoke,
  revokeToken,
  type SealedPassword,
  setPassword,
  tokenInfo,
  userInfo,
} from './access-changes.ts';
import { type AuditSubject, hex } from './audit-trail.ts';
import {
  allowedBy,
  atEveryLevel,
  Denied,
  grantableBy,
  notAllowed,
  type Rights,
  rightsOf,
  told,
} from './authorize.ts';
import type { Core } from './core.ts';
import type { Draft } from './draft.ts';
import { passwordPlace } from './records.ts';
import { Turns } from './turns.ts';

export function accessAdminFor(core: Core, caller: Caller): AccessAdmin {
  return new LocalAccessAdmin(core, caller);
}

class LocalAccessAdmin implements AccessAdmin {
  readonly #core: Core;
  readonly #caller: Caller;

  constructor(core: Core, caller: Caller) {
    this.#core = core;
    this.#caller = caller;
  }

  whoami(): Promise<Identity> {
    return this.#answer({ method: 'access.Whoami' }, (rights) => {
      const { principal, credential } = this.#caller;
      const record =
        credential.mechanism === 'token'
          ? this.#core.state.access({ kind: 'token', id: credential.id })
          : undefined;
      return {
        principal: principal as Principal,
        mechanism: credential.mechanism,
        grants: (rights[0] ?? []).map(({ role, resource }) => bindingOf(role, resource)),
        ...(record &&
          credential.mechanism === 'token' && {
            token: {
              id: credential.id,
              expiresAt: record.expiresAt,
              ...(record.limit && { limit: record.limit }),
            },
          }),
      };
    });
  }

  grants(filter: { principal?: Principal } = {}): Promise<GrantInfo[]> {
    const subject: AuditSubject = { method: 'access.ListGrants', ...filter };
    return this.#answer(subject, (rights) => this.#allGrants(filter.principal, rights));
  }

  grant(wanted: Grant): Promise<GrantInfo> {
    const { principal } = wanted;
    const subject: AuditSubject = { method: 'access.Grant', principal, grant: wanted };
    return this.#change(subject, (draft, now) => grant(draft, wanted, now));
  }

  revoke(given: Grant): Promise<void> {
    const { principal } = given;
    const subject: AuditSubject = { method: 'access.Revoke', principal, grant: given };
    return this.#change(subject, (draft, now) => revoke(draft, given, now));
  }

  users(): Promise<UserInfo[]> {
    return this.#answer({ method: 'access.ListUsers' }, (rights) =>
      this.#core.state
        .accessRecords('user')
        .filter(({ key }) => this.#mayManage(key.principal, rights))
        .map(({ key, value }) => userInfo(key.principal, value))
        .sort((a, b) => (a.principal < b.principal ? -1 : 1)),
    );
  }

  async createUser(principal: Principal, password?: SecretValue): Promise<UserInfo> {
    const subject: AuditSubject = { method: 'access.CreateUser', principal };
    const hashed =
      password &&
      (await this.#hash(principal, password, subject, (now) => requireCredentials(now)));
    return this.#change(subject, (draft, now) =>
      createUser(
        draft,
        principal,
        hashed === undefined ? undefined : this.#sealed(principal, hashed),
        now,
      ),
    );
  }

  async setPassword(principal: Principal, password: SecretValue): Promise<UserInfo> {
    const subject: AuditSubject = { method: 'access.SetPassword', principal };
    const hashed = await this.#hash(principal, password, subject, (now) =>
      requirePasswordOf(principal, now),
    );
    return this.#change(subject, (draft, now) =>
      setPassword(draft, principal, this.#sealed(principal, hashed), now),
    );
  }

  deleteUser(principal: Principal): Promise<void> {
    return this.#change({ method: 'access.DeleteUser', principal }, (draft, now) =>
      deleteUser(draft, principal, now),
    );
  }

  tokens(filter: { principal?: Principal } = {}): Promise<TokenInfo[]> {
    return this.#answer({ method: 'access.ListTokens', ...filter }, (rights) =>
      this.#core.state
        .accessRecords('token')
        .filter(({ key }) =>
          mayManageToken(this.#core.state, key.id, { caller: this.#caller, rights }),
        )
        .filter(({ value }) => !filter.principal || value.principal === filter.principal)
        .map(({ key, value }) => tokenInfo(key.id, value))
        .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1)),
    );
  }

  async createToken(wanted: NewToken): Promise<TokenInfo & { token: SecretValue }> {
    const { id, token, digest } = newToken(this.#core.random);
    const principal = wanted.principal ?? this.#caller.principal;
    const subject: AuditSubject = {
      method: 'access.CreateToken',
      principal,
      token: id,
      ...(wanted.grant && { grant: wanted.grant }),
    };
    const info = await this.#change(subject, (draft, now) =>
      createToken(draft, wanted, { id, digest }, now),
    );
    return { ...info, token: SecretValue.of(token) };
  }

  revokeToken(id: string): Promise<void> {
    // Whoever gives the token in place of its id has not written it into the trail.
    const subject: AuditSubject = {
      method: 'access.RevokeToken',
      ...(isTokenId(id) && { token: id }),
    };
    return this.#change(subject, (draft, now) => revokeToken(draft, id, now));
  }

  check(question: { principal?: Principal; action: Action; path?: SecretPath }): Promise<Decision> {
    const { principal, action, path } = question;
    const subject: AuditSubject = {
      method: 'access.Check',
      ...(path !== undefined && { path }),
      ...(principal !== undefined && { principal }),
    };
    return this.#answer(subject, (rights) => {
      const isOwn = principal === undefined || principal === this.#caller.principal;
      if (!isOwn) this.#requireGrants(rights, action, path);
      const levels = isOwn ? rights : [this.#core.state.grantsOf(principal)];
      const by = atEveryLevel(levels, (level) =>
        path === undefined ? allowingEverywhere(level, action) : allowing(level, action, path),
      );
      return by === undefined
        ? { allowed: false }
        : { allowed: true, by: bindingOf(by.role, by.resource) };
    });
  }

  whoCan(action: Action, path?: SecretPath): Promise<GrantInfo[]> {
    const subject: AuditSubject = { method: 'access.Check', ...(path !== undefined && { path }) };
    return this.#answer(subject, (rights) => {
      this.#requireGrants(rights, action, path);
      return this.#grantRecords().filter((one) =>
        path === undefined
          ? roleAllows(one.role, action)
          : allowing([one], action, path) !== undefined,
      );
    });
  }

  #allGrants(principal: Principal | undefined, rights: Rights): GrantInfo[] {
    const seesAll = allowedBy(rights, 'grant') !== undefined;
    const own = this.#caller.principal;
    return this.#grantRecords()
      .filter((one) => principal === undefined || one.principal === principal)
      .filter(
        (one) => seesAll || one.principal === own || grantableBy(rights, own, one) !== undefined,
      );
  }

  #grantRecords(): GrantInfo[] {
    return this.#core.state
      .accessRecords('grant')
      .map(
        ({ key, value: { createdAt, createdBy } }): GrantInfo =>
          Object.assign({}, key.grant, { createdAt, createdBy }),
      )
      .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  }

  #mayManage(principal: Principal, rights: Rights): boolean {
    return principal === this.#caller.principal || allowedBy(rights, 'credentials') !== undefined;
  }

  /** Whoever owns a path may ask who can do something there, and not who administers the registry. */
  #requireGrants(rights: Rights, action: Action, path: SecretPath | undefined): void {
    const where = isOnRegistry(action) ? undefined : path;
    if (allowedBy(rights, 'grant', where)) return;
    throw notAllowed(this.#caller.principal, `ask what others may do: ${told('grant', where)}`);
  }

  /**
   * Before the commit, for it takes a tenth of a second of a core and 32 MiB; so only for whoever may, and a few at a time.
   * The commit asks again.
   */
  async #hash(
    principal: Principal,
    password: SecretValue,
    subject: AuditSubject,
    require: (now: AccessMoment) => void,
  ): Promise<string> {
    const core = this.#core;
    const denied = await this.#denied(require);
    // A commit that changes nothing leaves the line of a denial.
    if (denied !== undefined)
      return this.#change(subject, () => {
        throw denied;
      });
    const problem = nameProblem(principal) ?? passwordProblem(password.reveal());
    if (problem !== undefined) throw new SecretregError('bad-password', { reason: problem });
    return hashingIn(core).take(() => hashPassword(password.reveal(), core.random(16)));
  }

  /** Why the caller may not, as the records stand now. Whoever has the master key may. */
  async #denied(require: (now: AccessMoment) => void): Promise<Denied | undefined> {
    const core = this.#core;
    const caller = this.#caller;
    if (caller.credential.mechanism === 'master-key') return undefined;
    await core.catchUp();
    const at = core.clock().toISOString();
    try {
      require({ at, caller, rights: rightsOf(core.state, caller, at) });
      return undefined;
    } catch (error) {
      if (error instanceof Denied) return error;
      throw error;
    }
  }

  /** In the commit, under the key that is the active one there. */
  #sealed(principal: Principal, hashed: string): SealedPassword {
    const { random, storeId, keyring } = this.#core;
    const passwordId = hex(random(8));
    const place = { storeId, ...passwordPlace(principal, passwordId) };
    const plaintext = new TextEncoder().encode(hashed);
    const sealed = seal(keyring.active, place, plaintext, random(32), 'password');
    return { passwordId, sealed: Buffer.from(sealed).toString('base64') };
  }

  #answer<T>(subject: AuditSubject, answer: (rights: Rights) => T): Promise<T> {
    return this.#core.audited(this.#caller, subject, (rights) => ({ result: answer(rights) }));
  }

  #change<T>(subject: AuditSubject, run: (draft: Draft, now: AccessMoment) => T): Promise<T> {
    const caller = this.#caller;
    return this.#core.change({
      caller,
      subject,
      run: (draft, { at, rights }) => ({ result: run(draft, { at, rights, caller }) }),
    });
  }
}

const MOST_HASHING = 4;
const HASHING = new WeakMap<Core, Turns>();

function hashingIn(core: Core): Turns {
  const turns = HASHING.get(core) ?? new Turns(MOST_HASHING, 0, 'too many passwords are being set');
  HASHING.set(core, turns);
  return turns;
}

/** RFC 7617: what stands before the first colon is the user. */
function nameProblem(principal: Principal): string | undefined {
  if (!principal.slice('User:'.length).includes(':')) return undefined;
  return `is for ${principal}, and nobody whose name has a colon can log in with a password (RFC 7617); with a token they can`;
}

/** Passwords are for people; whatever a machine uses is a token. NIST SP 800-63B asks for length and for nothing else. */
const LEAST_PASSWORD = 12;
const MOST_PASSWORD_BYTES = 1024;

function passwordProblem(password: string): string | undefined {
  if (Array.from(password).length < LEAST_PASSWORD)
    return `has fewer than ${LEAST_PASSWORD} characters`;
  if (new TextEncoder().encode(password).length > MOST_PASSWORD_BYTES)
    return `has more than ${MOST_PASSWORD_BYTES} bytes`;
  return undefined;
}

function bindingOf(role: RoleBinding['role'], resource: RoleBinding['resource']): RoleBinding {
  return resource === undefined ? { role } : { role, resource };
}

function orderOf({ principal, role, resource }: Grant): string {
  return JSON.stringify([principal, role, resource?.name, resource?.patternType]);
}
