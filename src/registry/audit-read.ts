// Reading the trail, and proving that it fits.
import { ChainVerifier, isAuthenticLine, lineHash, readLine } from '../crypto/chain.ts';
import type { AuditEvent } from '../domain/audit-event.ts';
import type { AuditFilter } from '../domain/registry.ts';
import { SecretregError } from '../errors.ts';
import type { Core } from './core.ts';

export interface AuditProof {
  lines: number;
  /** The last line's number and hash; undefined where there is no line. */
  head: { seq: number; hash: string } | undefined;
  /** The first line that does not fit, counted from 1, and why. */
  fault: { line: number; reason: string } | undefined;
}

/**
 * Events that fit the filter, oldest first; whether lines are missing is left to `verifyAudit`. Lines that were not
 * written with the audit key are left out, and fail with audit-broken once all others have been handed out.
 */
export async function* readEvents(core: Core, filter: AuditFilter): AsyncIterable<AuditEvent> {
  let lines = 0;
  let forged: number | undefined;
  for await (const { line } of core.store.readAudit()) {
    lines += 1;
    const read = readLine(line);
    if (!read.ok || !isAuthenticLine(core.auditKey, line)) {
      forged ??= lines;
      continue;
    }
    const event = read.value.event as unknown as AuditEvent;
    if (filter.since !== undefined && event.time < filter.since) continue;
    if (filter.path !== undefined && !isAbout(event, filter.path)) continue;
    yield event;
  }
  if (forged !== undefined) {
    const reason = 'it was changed, or was not written with this audit key';
    throw new SecretregError('audit-broken', { line: forged, reason });
  }
}

/** Feeds every line to the verifier, then looks for the last line that the newest commit names. */
export async function verifyAudit(core: Core): Promise<AuditProof> {
  await core.catchUp();
  const anchor = core.state.commit?.audit;
  const verifier = new ChainVerifier(core.auditKey);
  let lines = 0;
  let last: string | undefined;
  let anchored = false;
  for await (const { line } of core.store.readAudit()) {
    lines += 1;
    const reason = verifier.check(line);
    if (reason !== undefined)
      return { lines, head: headOf(lines, last), fault: { line: lines, reason } };
    if (anchor !== undefined && lines === anchor.seq) anchored = lineHash(line) === anchor.hash;
    last = line;
  }
  const reason =
    anchor === undefined
      ? 'no commit says which line is the last: its record was removed'
      : `the newest commit names line ${anchor.seq}, which is not there`;
  const fault = anchored ? undefined : { line: lines + 1, reason };
  return { lines, head: headOf(lines, last), fault };
}

function headOf(seq: number, line: string | undefined): AuditProof['head'] {
  return line === undefined ? undefined : { seq, hash: lineHash(line) };
}

function isAbout(event: AuditEvent, path: string): boolean {
  const { resourceType, resourceName } = event.data.authorizationInfo;
  return resourceType === 'Secret' && resourceName === path;
}
