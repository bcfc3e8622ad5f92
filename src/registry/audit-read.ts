// Reading the trail, and proving that it fits.
import { readWritten } from '../crypto/chain.ts';
import type { AuditEvent, ReadEvent } from '../domain/audit-event.ts';
import type { AuditFilter } from '../domain/registry.ts';
import { SecretregError } from '../errors.ts';
import { type AuditProof, type Known, proveLines, Prover } from './audit-proof.ts';
import type { Core } from './core.ts';

/**
 * Events that fit the filter, oldest first; whether lines are missing is left to `verifyAudit`. Lines that were not
 * written with the audit key are left out. Where nobody else can write lines they fail with audit-broken once all events
 * have been handed out; in a topic `tell` is given a note of them.
 */
export async function* readEvents(
  core: Core,
  filter: AuditFilter,
  tell: (note: string) => void,
): AsyncIterable<ReadEvent> {
  const known = await knownOf(core);
  const prover = new Prover(known);
  for await (const line of core.store.readAudit()) {
    const event = prover.take(line);
    if (event === undefined) continue;
    if (filter.since !== undefined && event.time < filter.since) continue;
    const { principal } = event.data.authenticationInfo;
    if (filter.principal !== undefined && principal !== filter.principal) continue;
    if (filter.path !== undefined && !isAbout(event, filter.path)) continue;
    yield { ...event, applied: known.isApplied(event) };
  }
  for (const note of prover.strayNotes()) tell(note);
  if (prover.forged !== undefined) {
    const reason = 'it was changed, or was not written with this audit key';
    throw new SecretregError('audit-broken', { line: prover.forged, reason });
  }
}

/** Every line in its chain, and among them the last one that the newest commit names. */
export async function verifyAudit(core: Core): Promise<AuditProof> {
  await core.catchUp();
  return proveLines(core.store.readAudit(), await knownOf(core));
}

async function knownOf(core: Core): Promise<Known> {
  return {
    key: core.auditKey,
    chains: core.store.auditChains,
    commit: core.state.commit,
    trail: core.state.registry?.trail,
    isCut: (await core.store.auditBegin()) > 1,
    isApplied: await appliedIn(core),
  };
}

/**
 * Where the log of lines is not the log of records, a crash may keep a line whose records never came about. Its commit's
 * number is then given again: of two attempts with one number the later one is the commit, where it stood first, since a
 * line can be written again by whoever can read it.
 */
async function appliedIn(core: Core): Promise<(event: AuditEvent) => boolean> {
  const wasMoved = core.state.registry?.trail !== undefined;
  if (core.store.auditChains === 'one' && !wasMoved) return () => true;
  const attempts = new Map<number, string[]>();
  for await (const { line } of core.store.readAudit()) {
    const read = readWritten(core.auditKey, line);
    if (!read.ok) continue;
    const { commit } = (read.value.event as unknown as AuditEvent).data;
    if (commit === undefined) continue;
    const ofNumber = attempts.get(commit.n) ?? [];
    if (!ofNumber.includes(commit.attemptId))
      attempts.set(commit.n, [...ofNumber, commit.attemptId]);
  }
  // What is newer than the map was written meanwhile.
  return ({ data: { commit } }) =>
    commit === undefined ||
    (attempts.get(commit.n)?.at(-1) ?? commit.attemptId) === commit.attemptId;
}

function isAbout(event: AuditEvent, path: string): boolean {
  const { resourceType, resourceName } = event.data.authorizationInfo;
  return resourceType === 'Secret' && resourceName === path;
}
