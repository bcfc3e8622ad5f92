// What an authenticator has to know of the registry, and where refused log-ins go.
import type { Principal } from '../domain/access.ts';

export interface Credentials {
  /** The token of this id, as it counts now: undefined where there never was one, and where it or its user is gone. */
  tokenOf(id: string): Promise<StoredToken | undefined>;
  /** The password of this user; undefined where there is no such user, and where it has no password. */
  passwordOf(principal: Principal): Promise<StoredPassword | undefined>;
  now(): Date;
  /** Writes refused log-ins into the audit trail; resolves once that is durable. Fails with the codes of the store. */
  failed(logins: RefusedLogins): Promise<void>;
}

export interface StoredToken {
  principal: Principal;
  /** Hex SHA-256 of the whole token. */
  digest: string;
  /** RFC 3339. */
  expiresAt: string;
}

export interface StoredPassword {
  /** Changes with the password. */
  id: string;
  /** scrypt in PHC form. */
  phc: string;
  /** The number of the commit that wrote the password: it rises with each change. */
  position: number;
}

export type Mechanism = 'none' | 'token' | 'basic' | 'mtls' | 'jwt';

/** Refused log-ins that have all this in common, told as one. */
export interface RefusedLogins {
  mechanism: Mechanism;
  /** `too-many-requests`: nothing was looked at. */
  status: 'not-authenticated' | 'too-many-requests';
  /** Whose credential was tried, if there is such a user: what was typed as another name may be a password. */
  principal?: Principal;
  /** The id of that credential, where it is known. */
  id?: string;
  clientAddress: string;
  /** What the first of them sent. */
  userAgent: string;
  requestId: string;
  count: number;
}
