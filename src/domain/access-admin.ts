// What a caller may ask about access: grants, users, tokens. Two implementations, as of `Registry`.
import type { Action, Grant, Principal, RoleBinding } from './access.ts';
import type { SecretPath } from './names.ts';
import type { SecretValue } from './secret-value.ts';

/** Times are RFC 3339 in UTC with milliseconds. */
export interface GrantInfo extends Grant {
  createdAt: string;
  createdBy: string;
}

export interface UserInfo {
  principal: Principal;
  /** Whether the user can log in with a password. */
  hasPassword: boolean;
  createdAt: string;
  createdBy: string;
}

export interface TokenInfo {
  /** The part of the token that is no secret: `srt_<id>_…`. */
  id: string;
  principal: Principal;
  createdAt: string;
  createdBy: string;
  expiresAt: string;
  description?: string;
  /** What it is limited to beside the rights of its owner. */
  limit?: RoleBinding;
}

export interface NewToken {
  /** Whose token it is; the caller's own without. Others' are for whoever has the right `credentials`. */
  principal?: Principal;
  /** RFC 3339; never after the end of the credential that makes it. */
  expiresAt?: string;
  description?: string;
  /** Fewer rights than its owner has. */
  limit?: RoleBinding;
  /** A role that its owner gets in the same commit: a grant, which needs that right. */
  grant?: RoleBinding;
}

export interface Identity {
  principal: Principal;
  /** How the caller proved it. */
  mechanism: string;
  grants: RoleBinding[];
  /** Of a token: its id, its end, and what it is limited to. */
  token?: Pick<TokenInfo, 'id' | 'expiresAt' | 'limit'>;
}

export interface Decision {
  allowed: boolean;
  /** The grant that allows it. */
  by?: RoleBinding;
}

/**
 * Every call is audited before it is answered. Besides what each method names, every call can fail with not-allowed and
 * with the codes of the store and of the master key.
 */
export interface AccessAdmin {
  whoami(): Promise<Identity>;
  /** The caller's own grants, and those that it may give. */
  grants(filter?: { principal?: Principal }): Promise<GrantInfo[]>;
  /** Gives a role; one that is there already is answered as it is. */
  grant(grant: Grant): Promise<GrantInfo>;
  /** Takes a role away. Fails with grant-not-found. */
  revoke(grant: Grant): Promise<void>;
  users(): Promise<UserInfo[]>;
  /** Fails with user-exists. */
  createUser(principal: Principal, password?: SecretValue): Promise<UserInfo>;
  /** Sets or changes a password; tokens that were made with the old one end. Fails with user-not-found. */
  setPassword(principal: Principal, password: SecretValue): Promise<UserInfo>;
  /**
   * Removes a user with its grants and tokens, or the grants of who logs in without being one (certificate, JWT). Fails with
   * user-not-found.
   */
  deleteUser(principal: Principal): Promise<void>;
  /** The caller's own, or with the right `credentials` everybody's. */
  tokens(filter?: { principal?: Principal }): Promise<TokenInfo[]>;
  /** The token is told once, and nowhere kept. */
  createToken(token: NewToken): Promise<TokenInfo & { token: SecretValue }>;
  /** Fails with token-not-found. */
  revokeToken(id: string): Promise<void>;
  /** Whether a principal (the caller without) may do this on the path, or without one on every path. */
  check(question: { principal?: Principal; action: Action; path?: SecretPath }): Promise<Decision>;
  /** Every grant that allows it: on the path, or without one on any. */
  whoCan(action: Action, path?: SecretPath): Promise<GrantInfo[]>;
}
