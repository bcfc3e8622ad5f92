// AccessAdmin over REST: the same questions that the local registry answers.
import type { Action, Grant, Principal, RoleBinding } from '../domain/access.ts';
import type {
  AccessAdmin,
  Decision,
  GrantInfo,
  Identity,
  NewToken,
  TokenInfo,
  UserInfo,
} from '../domain/access-admin.ts';
import type { SecretPath } from '../domain/names.ts';
import type { SecretValue } from '../domain/secret-value.ts';
import { withQuery } from './addresses.ts';
import { list, nothing } from '../exchange/shapes.ts';
import * as answers from './answers.ts';
import type { Connection } from './connection.ts';

export class HttpAccess implements AccessAdmin {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  whoami(): Promise<Identity> {
    return this.#connection.ask({ method: 'GET', path: '/access/whoami' }, answers.identity);
  }

  grants(filter: { principal?: Principal } = {}): Promise<GrantInfo[]> {
    return this.#connection.ask(
      { method: 'GET', path: withQuery('/access/grants', ofPrincipal(filter)), about: filter },
      list(answers.grantInfo),
    );
  }

  grant(grant: Grant): Promise<GrantInfo> {
    const { principal } = grant;
    const body = { principal, ...bindingOf(grant) };
    return this.#connection.ask(
      { method: 'POST', path: '/access/grants', body, about: { principal, grant } },
      answers.grantInfo,
    );
  }

  revoke(grant: Grant): Promise<void> {
    const { principal, role, resource } = grant;
    const query: [string, string][] = [
      ['principal', principal],
      ['role', role],
      ...Object.entries(resource ?? {}),
    ];
    return this.#connection.ask(
      { method: 'DELETE', path: withQuery('/access/grants', query), about: { principal, grant } },
      nothing,
    );
  }

  users(): Promise<UserInfo[]> {
    return this.#connection.ask({ method: 'GET', path: '/access/users' }, list(answers.userInfo));
  }

  createUser(principal: Principal, password?: SecretValue): Promise<UserInfo> {
    const body = { principal, ...(password && { password: password.reveal() }) };
    return this.#connection.ask(
      { method: 'POST', path: '/access/users', body, about: { principal } },
      answers.userInfo,
    );
  }

  setPassword(principal: Principal, password: SecretValue): Promise<UserInfo> {
    return this.#connection.ask(
      {
        method: 'PUT',
        path: `${userAddress(principal)}/password`,
        body: { password: password.reveal() },
        about: { principal, isPassword: true },
      },
      answers.userInfo,
    );
  }

  deleteUser(principal: Principal): Promise<void> {
    return this.#connection.ask(
      { method: 'DELETE', path: userAddress(principal), about: { principal } },
      nothing,
    );
  }

  tokens(filter: { principal?: Principal } = {}): Promise<TokenInfo[]> {
    return this.#connection.ask(
      { method: 'GET', path: withQuery('/access/tokens', ofPrincipal(filter)), about: filter },
      list(answers.tokenInfo),
    );
  }

  createToken(token: NewToken): Promise<TokenInfo & { token: SecretValue }> {
    const { principal, grant, limit, ...rest } = token;
    const body = {
      ...rest,
      ...(principal !== undefined && { principal }),
      ...(grant && { grant: bindingOf(grant) }),
      ...(limit && { limit: bindingOf(limit) }),
    };
    return this.#connection.ask(
      {
        method: 'POST',
        path: '/access/tokens',
        body,
        about: principal === undefined ? {} : { principal },
      },
      answers.newToken,
    );
  }

  revokeToken(id: string): Promise<void> {
    return this.#connection.ask(
      { method: 'DELETE', path: `/access/tokens/${encodeURIComponent(id)}`, about: { id } },
      nothing,
    );
  }

  check(question: { principal?: Principal; action: Action; path?: SecretPath }): Promise<Decision> {
    return this.#connection.ask(
      { method: 'POST', path: '/access/check', body: question, isSafe: true },
      answers.decision,
    );
  }

  whoCan(action: Action, path?: SecretPath): Promise<GrantInfo[]> {
    const query: [string, string][] = [
      ['action', action],
      ...(path === undefined ? [] : [['path', path] as [string, string]]),
    ];
    return this.#connection.ask(
      { method: 'GET', path: withQuery('/access/who-can', query) },
      list(answers.grantInfo),
    );
  }
}

/** Only these members: the server refuses one that it does not know. */
function bindingOf({ role, resource }: RoleBinding): RoleBinding {
  return { role, ...(resource && { resource }) };
}

function userAddress(principal: Principal): string {
  return `/access/users/${encodeURIComponent(principal)}`;
}

function ofPrincipal({ principal }: { principal?: Principal }): [string, string][] {
  return principal === undefined ? [] : [['principal', principal]];
}
