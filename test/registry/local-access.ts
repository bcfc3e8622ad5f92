// Callers of a local registry by their tokens.
import { parseToken } from '../../src/crypto/tokens.ts';
import type { Caller } from '../../src/domain/audit-event.ts';
import type { SecretValue } from '../../src/domain/secret-value.ts';
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import type { Core } from '../../src/registry/core.ts';
import { registryFor } from '../../src/registry/registry.ts';
import type { AccessHarness, Session } from '../contract/access.contract.ts';
import { caller } from './fixture.ts';

export function sessionOf(core: Core, as: Caller): Session {
  return { registry: registryFor(core, as), access: accessAdminFor(core, as) };
}

/** What an authenticator does with a token, but for its proof. */
export function callerWith(core: Core, token: SecretValue): Caller {
  const { id = '' } = parseToken(token.reveal()) ?? {};
  const principal = core.state.access({ kind: 'token', id })?.principal ?? 'User:unknown';
  return { principal, credential: { mechanism: 'token', id }, userAgent: 'test' };
}

export function localAccess(core: Core, cleanup: () => Promise<void>): AccessHarness {
  return {
    holder: sessionOf(core, caller),
    with: async (token) => sessionOf(core, callerWith(core, token)),
    cleanup,
  };
}
