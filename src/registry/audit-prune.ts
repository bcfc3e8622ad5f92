// Removing old lines of the trail. They go in commits, each with the line that tells of it, which names the last one that
// went: so what is left is proved from there on (trail-begin.ts), wherever a crash ends it. A trail that does not fit is
// kept as it is, since it may be what somebody wants to be rid of.
import { lineHash, readWritten } from '../crypto/chain.ts';
import type { AuditEvent, Caller, EventPruned, LineName } from '../domain/audit-event.ts';
import { SecretregError } from '../errors.ts';
import type { AuditLine } from '../store/store.ts';
import { verifyAudit } from './audit-read.ts';
import { type AuditSubject, statusOf } from './audit-trail.ts';
import type { Core } from './core.ts';

/** What would be removed. */
export interface Prunable {
  lines: number;
  /** Times of the first and the last of them; RFC 3339. */
  from: string;
  to: string;
  last: LineName;
  parts: readonly Part[];
}

/** What goes in one commit. */
interface Part {
  lines: number;
  pruned: EventPruned;
}

/** Nobody else can write while they are removed: 20,000 take a third of a second. */
const LINES_IN_A_COMMIT = 20_000;
const MINUTE_MS = 60_000;

/**
 * The lines from the first one on that are older than `before`, which is RFC 3339; undefined where there are none. Fails
 * with audit-kept where a store removes them by itself, and with audit-broken. A failure leaves a line.
 */
export async function prunable(
  core: Core,
  caller: Caller,
  before: string,
  { linesInACommit = LINES_IN_A_COMMIT } = {},
): Promise<Prunable | undefined> {
  try {
    refuseWhereKept(core, before);
    const { fault } = await verifyAudit(core);
    if (fault !== undefined) throw new SecretregError('audit-broken', fault);
    return await olderThan(core, before, linesInACommit);
  } catch (error) {
    await tell(core, caller, { method: 'audit.Prune' }, statusOf(error));
    throw error;
  }
}

/** Removes them. Fails with audit-broken where somebody has changed the trail meanwhile. */
export async function prune(core: Core, caller: Caller, found: Prunable): Promise<void> {
  for (const { lines, pruned } of found.parts)
    await core.commit(caller, ({ head }) => {
      const line = head.lineAt?.(pruned.removed);
      if (line === undefined || lineHash(line) !== pruned.last.hash) {
        const reason = 'was changed or removed while old lines were being removed';
        throw new SecretregError('audit-broken', { line: lines, reason });
      }
      const subject: AuditSubject = { method: 'audit.Prune', count: lines, pruned };
      const entries = [{ subject, status: 'ok' }];
      return { changes: [], entries, removeAuditTo: pruned.removed };
    });
}

/** That it was asked for, and nothing was old enough. */
export function tellOfNothing(core: Core, caller: Caller): Promise<void> {
  return tell(core, caller, { method: 'audit.Prune', count: 0 }, 'ok');
}

function tell(core: Core, caller: Caller, subject: AuditSubject, status: string): Promise<void> {
  return core.record(caller, [{ subject, status }]);
}

function refuseWhereKept({ store, clock }: Core, before: string): void {
  const { place } = store;
  const minutes = Math.round((clock().getTime() - Date.parse(before)) / MINUTE_MS);
  const line = store.auditRetention?.(Math.max(1, minutes) * MINUTE_MS);
  if (line !== undefined) throw new SecretregError('audit-kept', { place, line });
}

async function olderThan(
  core: Core,
  before: string,
  linesInACommit: number,
): Promise<Prunable | undefined> {
  const gone = (await core.store.auditBegin()) - 1;
  const parts: Part[] = [];
  let [begin, from, to] = [gone, '', ''];
  let last: (AuditLine & { chain: string; seq: number }) | undefined;
  const endPart = () => {
    if (last === undefined) return;
    const { position, line, chain, seq } = last;
    const name = { chain, seq, hash: lineHash(line) };
    parts.push({ lines: position - begin, pruned: { before, last: name, removed: position } });
    begin = position;
    last = undefined;
  };
  for await (const one of core.store.readAudit()) {
    const read = readWritten(core.auditKey, one.line);
    // No part of the trail: it goes with the lines around it.
    if (!read.ok) continue;
    const { time } = read.value.event as unknown as AuditEvent;
    if (time >= before) break;
    if (from === '') from = time;
    to = time;
    const { chain, seq } = read.value;
    last = { ...one, chain, seq };
    if (one.position - begin >= linesInACommit) endPart();
  }
  endPart();
  const end = parts.at(-1);
  return end && { lines: begin - gone, from, to, last: end.pruned.last, parts };
}
