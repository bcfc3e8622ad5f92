// Requests of a known caller that are refused before any use case is asked, because of their body, their names or their
// conditions. The audit trail has them too, with as much of what they were about as could be read.
import type { AuditMethod, Caller } from '../domain/audit-event.ts';
import { parsePrincipal } from '../domain/access.ts';
import { parseKey, parsePath } from '../domain/names.ts';
import { parseVersion } from '../domain/version.ts';
import type { AuditSubject } from '../registry/audit-trail.ts';
import type { Core } from '../registry/core.ts';
import { METHODS } from './audit-methods.ts';
import { CountedAudit, SEVERAL_ADDRESSES } from './counted-audit.ts';

export interface RefusedRequest {
  caller: Caller;
  operationId: string;
  /** The parts of its URL, as they were sent. */
  params: Record<string, string>;
  /** The code that its sender is told. */
  status: string;
}

export interface RefusedRequests {
  /** Resolves once it is written or counted; at once where a use case was asked, which leaves lines of its own. */
  add: (request: RefusedRequest) => Promise<void>;
  /** Writes what was counted. */
  close(): Promise<void>;
}

interface Refusal {
  caller: Caller;
  subject: AuditSubject;
  status: string;
}

export function refusedRequests(core: Core, tell: (error: unknown) => void): RefusedRequests {
  const audit = new CountedAudit<Refusal>({
    // Those from several addresses are counted whatever their credential.
    kindOf: ({ caller: { principal, credential, clientAddress }, subject, status }) =>
      JSON.stringify([
        principal,
        subject,
        status,
        clientAddress,
        ...(clientAddress === SEVERAL_ADDRESSES ? [] : [credential]),
      ]),
    widened: ({ caller, subject: { method }, status }) => ({
      caller: { ...caller, clientAddress: SEVERAL_ADDRESSES },
      subject: { method },
      status,
    }),
    write: ({ caller, subject, status }, count) =>
      core.record(caller, [{ subject: { ...subject, count }, status, granted: false, role: '' }]),
    tell,
  });
  return {
    async add({ caller, operationId, params, status }) {
      const method = METHODS[operationId];
      if (method === undefined || core.hasAsked(caller)) return;
      await audit.add({ caller, subject: subjectOf(method, params), status });
    },
    close: () => audit.close(),
  };
}

/** Ends before the first name that is not valid: what was sent in its place may be anything. */
function subjectOf(method: AuditMethod, params: Record<string, string>): AuditSubject {
  const principal = parsePrincipal(params['principal'] ?? '');
  if (principal.ok) return { method, principal: principal.value };
  const path = parsePath(params['path'] ?? '');
  if (!path.ok) return { method };
  const key = parseKey(params['key'] ?? '');
  if (!key.ok) return { method, path: path.value };
  const version = parseVersion(params['version'] ?? '');
  return {
    method,
    path: path.value,
    key: key.value,
    ...(version.ok && { version: version.value }),
  };
}
