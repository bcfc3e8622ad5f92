// Reading the trail, and proving that it fits.
import { setTimeout as wait } from 'node:timers/promises';
import { type AuditKey, readWritten } from '../crypto/chain.ts';
import type { AuditEvent, Caller, ReadEvent } from '../domain/audit-event.ts';
import type { AuditHead } from '../domain/audit-head.ts';
import type { AuditFilter, Following } from '../domain/registry.ts';
import { SecretregError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { type AuditProof, type Known, proveLines, Prover } from './audit-proof.ts';
import type { Core } from './core.ts';
import type { State } from './state.ts';

/** The trail as a caller reads it, this very request included. */
export async function* auditedEvents(
  core: Core,
  caller: Caller,
  filter: AuditFilter,
  options: ReadOptions,
): AsyncIterable<ReadEvent> {
  const { path, key } = filter;
  const subject = { method: 'audit.Read', ...(path && { path, ...(key && { key }) }) } as const;
  await core.audited(caller, subject, () => ({ result: undefined }));
  options.begun?.();
  const { next } = options;
  const more =
    next &&
    (async () => {
      if (!(await next())) return false;
      await core.requireStill(caller, subject);
      return true;
    });
  yield* readEvents(core, filter, { ...options, ...(more && { next: more }) });
}

export interface ReadOptions {
  /** Is given what is no event and should be known. */
  tell: (note: string) => void;
  begun?: () => void;
  /** Resolves when it is time to look for what was written meanwhile, or with false; without it, what is there now is all. */
  next?: () => Promise<boolean>;
}

/** How often a trail that is followed is looked at. */
const EVERY_MS = 500;

export function followed({ until, begun }: Following): Pick<ReadOptions, 'begun' | 'next'> {
  const next = () => wait(EVERY_MS, true, { signal: until }).catch(() => false);
  return { next, ...(begun && { begun }) };
}

/**
 * Events that fit the filter, oldest first; whether lines are missing is left to `verifyAudit`. A filter by time begins
 * to read there, however long the trail is. Lines that were not written with the audit key are left out. Where nobody else
 * can write lines they fail with audit-broken once all events have been handed out; in a topic `tell` is given a note of
 * them. Whether a change that was made while they are followed came about is not known yet: it is told as applied.
 */
async function* readEvents(
  core: Core,
  filter: AuditFilter,
  { tell, next }: ReadOptions,
): AsyncIterable<ReadEvent> {
  const since = filter.since === undefined ? undefined : await sinceIn(core.store, filter.since);
  const known = await knownOf(core, since);
  const prover = new Prover(known);
  const told = new Set<string>();
  let position = (since?.from ?? 1) - 1;
  for (;;) {
    for await (const line of core.store.readAudit(position + 1)) {
      ({ position } = line);
      const event = prover.take(line);
      if (event !== undefined && isWanted(event, filter))
        yield { ...event, applied: known.isApplied(event) };
    }
    for (const note of prover.strayNotes()) if (!told.has(note)) tell(note);
    for (const note of prover.strayNotes()) told.add(note);
    if (prover.forged !== undefined) {
      const reason = 'it was changed, or was not written with this audit key';
      throw new SecretregError('audit-broken', { line: prover.forged, reason });
    }
    if (next === undefined || !(await next())) return;
  }
}

/** Where reading begins, in place of all before it. */
interface Since {
  from: number;
  /** What is older says nothing of what is read: it may stand there written again. */
  oldest: string;
}

/** By so much the clocks of processes may differ. */
const SKEW_MS = 60_000;

async function sinceIn(store: Store, time: string): Promise<Since> {
  const from = await store.auditPositionAt(time);
  return { from, oldest: new Date(Date.parse(time) - SKEW_MS).toISOString() };
}

function isWanted(
  { time, subject, data }: AuditEvent,
  { since, until, principal, path, key, method, denied }: AuditFilter,
): boolean {
  if (since !== undefined && time < since) return false;
  if (until !== undefined && time >= until) return false;
  if (principal !== undefined && data.authenticationInfo.principal !== principal) return false;
  if (method !== undefined && data.methodName !== method) return false;
  if (denied && data.authorizationInfo.granted) return false;
  if (path !== undefined && !isAbout(data, path)) return false;
  return key === undefined || `${subject}/`.includes(`/key=${encodeURIComponent(key)}/`);
}

/** Every line in its chain, and among them the last one that the newest commit names, and one that somebody kept. */
export async function verifyAudit(core: Core, kept?: AuditHead): Promise<AuditProof> {
  await core.catchUp();
  return proveTrail(core, kept);
}

/** What the proof of a trail needs: of a core, or of what was read without the master key. */
interface Trail {
  store: Store;
  state: State;
  auditKey: AuditKey;
}

export async function proveTrail(trail: Trail, kept: AuditHead | undefined): Promise<AuditProof> {
  const known = await knownOf(trail);
  if (kept === undefined) return proveLines(trail.store.readAudit(), known);
  const keptSince = await trail.store.auditKeptSince?.();
  const all = { ...known, kept, ...(keptSince !== undefined && { keptSince }) };
  return proveLines(trail.store.readAudit(), all);
}

async function knownOf(trail: Trail, since?: Since): Promise<Known> {
  const { store, state, auditKey } = trail;
  const begin = await store.auditBegin();
  return {
    key: auditKey,
    chains: store.auditChains,
    commit: state.commit,
    trail: state.registry?.trail,
    begin,
    skipped: since === undefined ? 0 : skippedIn(store, since.from - begin),
    isApplied: await appliedIn(trail, since),
  };
}

/** The positions of a topic have gaps: nobody knows how many lines they are. */
function skippedIn({ auditChains }: Store, positions: number): number | 'unknown' {
  return auditChains === 'many' ? 'unknown' : Math.max(0, positions);
}

/**
 * Where the log of lines is not the log of records, a crash may keep a line whose records never came about. Its commit's
 * number is then given again: of two attempts with one number the later one is the commit, where it stood first, since a
 * line can be written again by whoever can read it. Where it stood first before what is read, its age tells.
 */
async function appliedIn(trail: Trail, since?: Since): Promise<(event: AuditEvent) => boolean> {
  const { store, state, auditKey } = trail;
  const wasMoved = state.registry?.trail !== undefined;
  if (store.auditChains === 'one' && !wasMoved) return () => true;
  const attempts = new Map<number, string[]>();
  for await (const { line } of store.readAudit(since?.from)) {
    const read = readWritten(auditKey, line);
    if (!read.ok) continue;
    const { time, data } = read.value.event as unknown as AuditEvent;
    const { commit } = data;
    if (commit === undefined || (since !== undefined && time < since.oldest)) continue;
    const ofNumber = attempts.get(commit.n) ?? [];
    if (!ofNumber.includes(commit.attemptId))
      attempts.set(commit.n, [...ofNumber, commit.attemptId]);
  }
  // What is newer than the map was written meanwhile.
  return ({ data: { commit } }) =>
    commit === undefined ||
    (attempts.get(commit.n)?.at(-1) ?? commit.attemptId) === commit.attemptId;
}

function isAbout({ authorizationInfo }: AuditEvent['data'], path: string): boolean {
  const { resourceType, resourceName } = authorizationInfo;
  return resourceType === 'Secret' && resourceName === path;
}
