// What the records say of a credential that somebody shows, for whoever proves it. Nobody is asked here what they may do.
import type { Principal } from '../domain/access.ts';
import type { Caller } from '../domain/audit-event.ts';
import { Denied, rightsOf } from './authorize.ts';
import type { Core } from './core.ts';
import type { TokenRecord } from './records.ts';
import { openRecord } from './sealed-records.ts';

/** Of a token: whose it is, hex SHA-256 of its text, and its end (RFC 3339). */
export interface TokenRecordOf {
  principal: Principal;
  digest: string;
  expiresAt: string;
}

/** Of a password: its hash (PHC), its id, and the number of the commit that wrote it. */
export interface PasswordOf {
  id: string;
  phc: string;
  position: number;
}

/** The token of this id, also one that another process made a moment ago; undefined where what it was made with counts no more. */
export async function tokenOf(core: Core, id: string): Promise<TokenRecordOf | undefined> {
  const key = { kind: 'token', id } as const;
  if (core.state.access(key) === undefined) await core.catchUp();
  const record = core.state.access(key);
  if (record === undefined || !countsStill(core, id, record)) return undefined;
  return { principal: record.principal, digest: record.digest, expiresAt: record.expiresAt };
}

/** Whether its user, and all that it was made with, are there still. Its own end is for whoever asks. */
function countsStill(core: Core, id: string, { principal, createdAt }: TokenRecord): boolean {
  const caller: Caller = { principal, credential: { mechanism: 'token', id }, userAgent: '' };
  try {
    // At the moment that it was made nothing above it had ended.
    rightsOf(core.state, caller, createdAt);
    return true;
  } catch (error) {
    if (error instanceof Denied) return false;
    throw error;
  }
}

/** The password of a principal, as it is after everything that was committed before the call. */
export async function passwordOf(
  core: Core,
  principal: Principal,
): Promise<PasswordOf | undefined> {
  await core.catchUp();
  const key = { kind: 'user', principal } as const;
  const record = core.state.access(key);
  if (record?.sealed === undefined || record.passwordId === undefined) return undefined;
  const bytes = openRecord(core, key, { ...record, sealed: record.sealed });
  const position = core.state.current(key)?.n ?? 0;
  return { id: record.passwordId, phc: new TextDecoder().decode(bytes), position };
}

/** Leaves a line of so many logins that failed. `who` is what was claimed, shortened, where it can be a principal. */
export function recordFailedLogins(
  core: Core,
  caller: Caller,
  { status, count }: { status: string; count: number },
): Promise<void> {
  return core.record(caller, [
    {
      subject: { method: 'access.Authenticate', count },
      status,
      granted: false,
      role: '',
    },
  ]);
}
