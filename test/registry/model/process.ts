// A process that uses a registry, as the tests with a model ask it: one of this very process over a store of its own.
import { parseToken } from '../../../src/crypto/tokens.ts';
import type { Caller } from '../../../src/domain/audit-event.ts';
import type { Core } from '../../../src/registry/core.ts';
import type { GivenKeys } from '../../../src/registry/keyring.ts';
import { openCore } from '../../../src/registry/open-registry.ts';
import type { Store } from '../../../src/store/store.ts';
import type { Session } from '../../contract/access.contract.ts';
import { caller, type Env, key } from '../fixture.ts';
import { sessionOf } from '../local-access.ts';
import { type Ask, ask, type Outcome, outcomeOf, RITA } from './asks.ts';

export interface Process {
  /** As whoever shows this token; without one, as whoever holds the master key. */
  ask(asked: Ask, token?: string): Promise<Outcome>;
  /** One of the user's. */
  makeToken(): Promise<Outcome>;
  revokeToken(token: string): Promise<Outcome>;
  close(): Promise<void>;
}

/** The master keys that a registry has one after another. A process that begins under one takes the next one too. */
export const keysFrom = (at: number): GivenKeys => ({
  key: keyAt(at),
  accepted: [keyAt(at + 1)],
});

export const keyAt = (at: number) => key(at * 7);

export class LocalProcess implements Process {
  readonly core: Core;

  private constructor(core: Core) {
    this.core = core;
  }

  static async open(store: Store, env: Env, keys: GivenKeys): Promise<LocalProcess> {
    try {
      return new LocalProcess(await openCore({ store, keys: () => keys, ...env }));
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  ask(asked: Ask, token?: string): Promise<Outcome> {
    return ask(this.#session(token), asked);
  }

  makeToken(): Promise<Outcome> {
    return tokenOf(this.#session());
  }

  revokeToken(token: string): Promise<Outcome> {
    return revoked(this.#session(), token);
  }

  close(): Promise<void> {
    return this.core.close();
  }

  #session(token?: string): Session {
    return sessionOf(this.core, token === undefined ? caller : userWith(token));
  }
}

/** What an authenticator makes of a token that it found good. */
function userWith(token: string): Caller {
  const { id = '' } = parseToken(token) ?? {};
  return { principal: RITA, credential: { mechanism: 'token', id }, userAgent: 'test' };
}

export function tokenOf({ access }: Session): Promise<Outcome> {
  return outcomeOf(async () => (await access.createToken({ principal: RITA })).token.reveal());
}

export function revoked({ access }: Session, token: string): Promise<Outcome> {
  const { id = '' } = parseToken(token) ?? {};
  return outcomeOf(async () => (await access.revokeToken(id)) ?? 'done');
}
