// How commits and the audit trail name each other, so that it is noticed when something is cut off the end of the trail: each
// commit names the last audit line there is, and the events of a commit say which commit it was.
import { lineHash, readLine } from '../crypto/chain.ts';
import type { EventCommit, LineName } from '../domain/audit-event.ts';
import type { ChainHead } from '../store/store.ts';
import type { CommitRecord } from './records.ts';

/** A commit as its events tell of it. Where the line before may stand in another process's chain, they name it. */
export function eventCommit(
  commit: { n: number; attemptId: string },
  { lineAt }: ChainHead,
  before: LineName | undefined,
): EventCommit {
  return before === undefined || lineAt !== undefined ? commit : { ...commit, before };
}

/**
 * Every commit names the last audit line there is, so that lines cut off behind it are noticed. Where the line that the
 * commit before names is gone, that one is named again: a later commit must not make a trail look whole.
 */
export function anchorOf(
  ownLine: string | undefined,
  { lastLine, lineAt }: ChainHead,
  before: LineName | undefined,
  moved = 0,
): Pick<CommitRecord, 'audit'> {
  if (before !== undefined && lineAt !== undefined) {
    // The one chain of a store stands behind the lines that came with a move.
    const line = lineAt(moved + before.seq);
    if (line === undefined || lineHash(line) !== before.hash) return { audit: before };
  }
  // Where each process has chains of its own, the end of one may be older than the line that was named before.
  const line = ownLine ?? (lineAt === undefined ? undefined : lastLine);
  const read = line === undefined ? undefined : readLine(line);
  if (line === undefined || !read?.ok) return before === undefined ? {} : { audit: before };
  const { chain, seq } = read.value;
  return { audit: { chain, seq, hash: lineHash(line) } };
}
