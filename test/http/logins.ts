// A registry in memory with users, and an authenticator over it, for tests that log in.
import { random } from '../../src/crypto/primitives.ts';
import { type Principal, parsePrincipal } from '../../src/domain/access.ts';
import type { AccessAdmin } from '../../src/domain/access-admin.ts';
import type { AuditEvent } from '../../src/domain/audit-event.ts';
import { SecretValue } from '../../src/domain/secret-value.ts';
import { SecretregError } from '../../src/errors.ts';
import {
  type Authentication,
  type AuthenticationOptions,
  type LoginEvent,
  startAuthentication,
} from '../../src/http/authenticate.ts';
import type { IncomingRequest } from '../../src/http/caller.ts';
import { jwtLogin } from '../../src/http/login/jwt.ts';
import { credentialsOf } from '../../src/http/registry-credentials.ts';
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import type { Core } from '../../src/registry/core.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { caller, collect, init, openAs } from '../registry/fixture.ts';
import { AUDIENCE, type Issuer } from './issuer.ts';

export interface LoginOptions extends Pick<AuthenticationOptions, 'certificates' | 'countingMs'> {
  issuer?: Issuer;
  jwksUrl?: string;
}

export class Logins {
  readonly core: Core;
  readonly access: AccessAdmin;
  readonly told: LoginEvent[] = [];
  readonly authentication: Authentication;
  #clock: Clock;
  #log: MemoryLog;

  private constructor(core: Core, log: MemoryLog, clock: Clock, options: LoginOptions) {
    this.core = core;
    this.#log = log;
    this.#clock = clock;
    this.access = accessAdminFor(core, caller);
    const { issuer, jwksUrl, ...others } = options;
    const tell = (event: LoginEvent) => void this.told.push(event);
    const settings = issuer && {
      issuer: issuer.url,
      audiences: [AUDIENCE],
      jwksUrl: new URL(jwksUrl ?? issuer.jwksUrl),
      principalClaim: 'sub',
      clockTolerance: 30,
    };
    this.authentication = startAuthentication({
      credentials: credentialsOf(core),
      random,
      tell,
      ...others,
      ...(settings && { jwt: jwtLogin(settings, core.clock, this.#tellReason) }),
    });
  }

  static async start(options: LoginOptions = {}): Promise<Logins> {
    const clock = { ahead: 0 };
    const env = { clock: () => new Date(Date.now() + clock.ahead), random };
    const log = new MemoryLog();
    await init(new MemoryStore(log), env);
    const { core } = await openAs(new MemoryStore(log), env);
    return new Logins(core, log, clock, options);
  }

  /** Lets time pass. */
  later(seconds: number): void {
    this.#clock.ahead += seconds * 1000;
  }

  /** The same registry in another process. */
  async elsewhere(): Promise<AccessAdmin> {
    const { clock } = this.core;
    const { core } = await openAs(new MemoryStore(this.#log), { clock, random });
    return accessAdminFor(core, caller);
  }

  async token(expiresAt?: string): Promise<{ id: string; token: string }> {
    const { id, token } = await this.access.createToken({
      principal: user('alice'),
      ...(expiresAt !== undefined && { expiresAt }),
    });
    return { id, token: token.reveal() };
  }

  async password(name: string, password: string): Promise<void> {
    await this.access.createUser(user(name), SecretValue.of(password));
  }

  /** The principal, or the code and text of the refusal. */
  async as(request: Partial<IncomingRequest>): Promise<string> {
    try {
      return (await this.authentication.authenticate({ ...PLAIN, ...request })).principal;
    } catch (error) {
      if (error instanceof SecretregError) return `${error.http} ${error.message}`;
      throw error;
    }
  }

  bearer(text: string): Promise<string> {
    return this.as({ authorization: [`Bearer ${text}`] });
  }

  basic(name: string, password: string, remoteAddress = '192.0.2.1'): Promise<string> {
    return this.as({ authorization: [basicHeader(name, password)], remoteAddress });
  }

  /** Why the last refused one was refused, as the log has it. */
  get reason(): string {
    const last = this.told.findLast((event) => event.kind === 'refused');
    return last?.kind === 'refused' ? `${last.mechanism}: ${last.reason}` : 'nothing was refused';
  }

  /** What the audit trail has of refused log-ins. */
  async audited(): Promise<AuditEvent['data'][]> {
    const events = await collect(registryFor(this.core, caller).audit());
    return events
      .map(({ data }) => data)
      .filter(({ methodName }) => methodName === 'access.Authenticate');
  }

  readonly #tellReason = (reason: string): void => {
    this.told.push({
      ...{ kind: 'refused', mechanism: 'jwt', reason },
      ...{ clientAddress: '', requestId: '' },
    });
  };
}

export function basicHeader(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

export function user(name: string): Principal {
  const parsed = parsePrincipal(`User:${name}`);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

interface Clock {
  ahead: number;
}

const PLAIN: IncomingRequest = {
  authorization: [],
  peerCertificate: () => undefined,
  remoteAddress: '192.0.2.1',
  userAgent: 'test',
  requestId: 'request-1',
};
