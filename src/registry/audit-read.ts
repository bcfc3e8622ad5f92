// Reading the trail, and proving that it fits.
import { type AuditKey, ChainVerifier, isWrittenWith, readLine } from '../crypto/chain.ts';
import type { AuditEvent, ReadEvent } from '../domain/audit-event.ts';
import type { AuditFilter } from '../domain/registry.ts';
import { SecretregError } from '../errors.ts';
import type { AuditLine, Store } from '../store/store.ts';
import type { Core } from './core.ts';
import type { CommitRecord, RegistryRecord } from './records.ts';

export interface AuditProof {
  lines: number;
  /** Number in its chain and hash of the last line that fits. Kept elsewhere, it shows a trail that was cut off behind it. */
  head: { seq: number; hash: string } | undefined;
  /** The first line that does not fit, counted from 1, and why: a clause about it. */
  fault: { line: number; reason: string } | undefined;
  /** What is no fault and should be known. */
  notes: string[];
}

/**
 * Events that fit the filter, oldest first; whether lines are missing is left to `verifyAudit`. Lines that were not
 * written with the audit key are left out, and fail with audit-broken once all others have been handed out.
 */
export async function* readEvents(core: Core, filter: AuditFilter): AsyncIterable<ReadEvent> {
  const isApplied = await appliedIn(core);
  let lines = 0;
  let forged: number | undefined;
  for await (const { line } of core.store.readAudit()) {
    lines += 1;
    const read = readLine(line);
    if (!read.ok || !isWrittenWith(core.auditKey, read.value)) {
      forged ??= lines;
      continue;
    }
    const event = read.value.event as unknown as AuditEvent;
    if (filter.since !== undefined && event.time < filter.since) continue;
    if (filter.path !== undefined && !isAbout(event, filter.path)) continue;
    yield { ...event, applied: isApplied(event) };
  }
  if (forged !== undefined) {
    const reason = 'it was changed, or was not written with this audit key';
    throw new SecretregError('audit-broken', { line: forged, reason });
  }
}

/** Every line in its chain, and among them the last one that the newest commit names. */
export async function verifyAudit(core: Core): Promise<AuditProof> {
  await core.catchUp();
  const isApplied = await appliedIn(core);
  return proveLines(core.store.readAudit(), {
    key: core.auditKey,
    chains: core.store.auditChains,
    commit: core.state.commit,
    trail: core.state.registry?.trail,
    isApplied,
  });
}

interface Known {
  key: AuditKey;
  chains: Store['auditChains'];
  /** The newest commit. */
  commit: CommitRecord | undefined;
  /** Lines that came from another store: in many chains, whatever this one has. */
  trail?: RegistryRecord['trail'];
  isApplied: (event: AuditEvent) => boolean;
}

export async function proveLines(
  trail: AsyncIterable<AuditLine>,
  { key, chains, commit, trail: moved, isApplied }: Known,
): Promise<AuditProof> {
  const verifiers = new Map<string, ChainVerifier>();
  const anchor = commit?.audit;
  const proof: AuditProof = { lines: 0, head: undefined, fault: undefined, notes: [] };
  let anchored = false;
  let notApplied = 0;
  // In one chain all goes on where the last line that was moved ended.
  let chain = '';
  let begin: { wasCut: boolean; time: string } | undefined;
  for await (const { position, line } of trail) {
    proof.lines += 1;
    const read = readLine(line);
    const event = read.ok ? (read.value.event as unknown as AuditEvent) : undefined;
    const wasMoved = proof.lines <= (moved?.lines ?? 0);
    begin ??= {
      wasCut: (chains === 'many' && position > 1) || (moved?.wasCut ?? false),
      time: event?.time ?? '',
    };
    if ((chains === 'many' || wasMoved) && read.ok) chain = read.value.chain;
    let verifier = verifiers.get(chain);
    if (verifier === undefined) {
      verifier = new ChainVerifier(key, {
        mayBeginLater: begin.wasCut && (chains === 'many' || wasMoved),
      });
      verifiers.set(chain, verifier);
    }
    const reason = verifier.check(line);
    if (reason !== undefined) return { ...proof, fault: { line: proof.lines, reason } };
    proof.head = { seq: verifier.seq, hash: verifier.lastHash };
    const isAnchor = read.ok && read.value.chain === anchor?.chain && read.value.seq === anchor.seq;
    if (isAnchor) anchored = verifier.lastHash === anchor.hash;
    if (event !== undefined && !isApplied(event)) notApplied += 1;
  }
  if (begin?.wasCut) proof.notes.push(`lines older than ${begin.time} were removed by retention`);
  if (notApplied > 0)
    proof.notes.push(
      notApplied === 1
        ? '1 line tells of a change that a crash left without effect'
        : `${notApplied} lines tell of changes that a crash left without effect`,
    );
  if (anchored) return proof;
  const reason = whyNotAnchored(commit, begin);
  return reason === undefined ? proof : { ...proof, fault: { line: proof.lines + 1, reason } };
}

function whyNotAnchored(
  commit: CommitRecord | undefined,
  begin: { wasCut: boolean; time: string } | undefined,
): string | undefined {
  if (commit?.audit === undefined)
    return 'no commit says which line is the last: its record was removed';
  // The newest commit may be older than what retention leaves.
  if (begin?.wasCut && commit.at < begin.time) return undefined;
  return `the newest commit names line ${commit.audit.seq} of chain ${commit.audit.chain}, which is not there`;
}

/**
 * Where the log of lines is not the log of records, a crash may keep a line whose records never came about. Its commit's
 * number is then given again: of two attempts with one number the later one is the commit.
 */
async function appliedIn(core: Core): Promise<(event: AuditEvent) => boolean> {
  const wasMoved = core.state.registry?.trail !== undefined;
  if (core.store.auditChains === 'one' && !wasMoved) return () => true;
  const attempts = new Map<number, string>();
  for await (const { line } of core.store.readAudit()) {
    const read = readLine(line);
    const commit = read.ok ? (read.value.event as unknown as AuditEvent).data?.commit : undefined;
    if (commit !== undefined) attempts.set(commit.n, commit.attemptId);
  }
  // What is newer than the map was written meanwhile.
  return ({ data: { commit } }) =>
    commit === undefined || (attempts.get(commit.n) ?? commit.attemptId) === commit.attemptId;
}

function isAbout(event: AuditEvent, path: string): boolean {
  const { resourceType, resourceName } = event.data.authorizationInfo;
  return resourceType === 'Secret' && resourceName === path;
}
