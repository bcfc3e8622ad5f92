// The proof of a trail. Only lines that were written with the audit key decide anything. In a topic everybody who uses the
// registry may write lines, and nobody can take one away, so there a line of nobody who has the key, and a line that was
// written again, are no part of the trail: they are counted, and hide no fault behind them. A line that was changed is
// such a line, and leaves a gap.
import {
  type AuditKey,
  type ChainLine,
  ChainVerifier,
  lineHash,
  readWritten,
} from '../crypto/chain.ts';
import type { AuditEvent, LineName } from '../domain/audit-event.ts';
import type { AuditHead } from '../domain/audit-head.ts';
import { count } from '../domain/count.ts';
import type { AuditLine } from '../store/store.ts';
import type { CommitRecord } from './records.ts';
import { type KnownBegin, TrailBegin } from './trail-begin.ts';

export interface AuditProof {
  /** How many lines fit. */
  lines: number;
  /** The last line that fits. Kept elsewhere, it shows a trail that was cut off before it later. */
  head: AuditHead | undefined;
  /** Whether the head that was kept elsewhere is one of them. */
  hasKept: boolean;
  /** The first line that does not fit, counted from 1, and why: a clause about it. */
  fault: { line: number; reason: string } | undefined;
  /** What is no fault and should be known. */
  notes: string[];
}

export interface Known extends KnownBegin {
  /** How many lines before the first one that it is given are left out, since nobody asks for them. `unknown`: no line is told by its number. */
  skipped?: number | 'unknown';
  key: AuditKey;
  /** The newest commit. */
  commit: CommitRecord | undefined;
  isApplied: (event: AuditEvent) => boolean;
  /** A head of this trail that was kept elsewhere: it has to be there, with as many lines before it. */
  kept?: AuditHead;
  /** From this time on no line has been removed by the settings of the store; absent where nobody knows. */
  keptSince?: string;
}

export async function proveLines(
  trail: AsyncIterable<AuditLine>,
  known: Known,
): Promise<AuditProof> {
  const prover = new Prover(known);
  for await (const line of trail) prover.take(line);
  return prover.proof();
}

/** Given the lines of a trail from the first to the last. */
export class Prover {
  readonly #known: Known;
  readonly #verifiers = new Map<string, ChainVerifier>();
  /** Of the one chain, as far as it was not moved. */
  readonly #own: ChainVerifier;
  readonly #begin: TrailBegin;
  #lines = 0;
  #fitting = 0;
  #head: AuditProof['head'];
  /** The last line of the newest commit so far. */
  #commit: { attemptId: string; end: LineName } | undefined;
  #isAnchored = false;
  #isKeptThere = false;
  /** The number of the last line in the chain of the head that was kept. */
  #lastOfKept: number | undefined;
  #notApplied = 0;
  readonly #faults = new Places();
  #reason = '';
  readonly #foreign = new Places();
  readonly #again = new Places();
  #forged: number | undefined;

  constructor(known: Known) {
    this.#known = known;
    this.#begin = new TrailBegin(known);
    const { mayOwnBeginLater: mayBeginLater } = this.#begin;
    this.#own = new ChainVerifier(known.key, { mayBeginLater });
    this.#lines = typeof known.skipped === 'number' ? known.skipped : 0;
  }

  /** The first line that was not written with the key, counted from 1, where that is a fault. */
  get forged(): number | undefined {
    return this.#forged;
  }

  /** The event of the next line, where it is part of the trail. */
  take({ line }: AuditLine): AuditEvent | undefined {
    const { key, chains } = this.#known;
    this.#lines += 1;
    const isOfMany = chains === 'many' || this.#lines <= this.#begin.leftOfMoved;
    const read = readWritten(key, line);
    if (!read.ok) {
      this.#takeForeign(isOfMany, read.problem);
      return undefined;
    }
    const event = read.value.event as unknown as AuditEvent;
    this.#begin.take(read.value, event, { isOwn: !isOfMany });
    const verifier = isOfMany ? this.#verifierOf(read.value.chain) : this.#own;
    if (isOfMany && read.value.seq <= verifier.seq) {
      this.#again.add(this.#lines);
      return undefined;
    }
    this.#follow(verifier, read.value, line);
    if (this.#known.isApplied(event)) this.#followCommit(event, verifier, read.value);
    else this.#notApplied += 1;
    return event;
  }

  /** Lines that are no part of the trail. */
  strayNotes(): string[] {
    const notes: string[] = [];
    const isCounted = this.#known.skipped !== 'unknown';
    const of = ({ count: lines, first }: Places) =>
      `${count(lines, 'line')}${isCounted ? ` (the first is line ${first})` : ''}`;
    if (this.#foreign.count > 0)
      notes.push(`no part of the trail: ${of(this.#foreign)} not written with the audit key`);
    if (this.#again.count > 0)
      notes.push(
        `no part of the trail: ${of(this.#again)} written again, or behind a later one of the same chain`,
      );
    return notes;
  }

  proof(): AuditProof {
    const notes = this.#begin.notes();
    const misfit = this.#begin.fault();
    if (misfit !== undefined) this.#faultFirst(misfit);
    if (this.#notApplied > 0)
      notes.push(
        this.#notApplied === 1
          ? '1 line tells of a change that a crash left without effect'
          : `${this.#notApplied} lines tell of changes that a crash left without effect`,
      );
    notes.push(...this.strayNotes());
    const reason = this.#isAnchored ? undefined : this.#whyNotAnchored();
    if (reason !== undefined) this.#fault(this.#lines + 1, reason);
    const { kept } = this.#known;
    if (kept !== undefined && !this.#isKeptThere) this.#missKept(kept, notes);
    const { count: faults, first } = this.#faults;
    if (faults > 1) notes.push(`the trail does not fit at ${count(faults, 'place')}`);
    const fault = first === undefined ? undefined : { line: first, reason: this.#reason };
    const [lines, hasKept] = [this.#fitting, this.#isKeptThere];
    return { lines, head: this.#head, hasKept, fault, notes };
  }

  #takeForeign(isOfMany: boolean, reason: string): void {
    if (isOfMany) return this.#foreign.add(this.#lines);
    this.#forged ??= this.#lines;
    this.#fault(this.#lines, reason);
  }

  #verifierOf(chain: string): ChainVerifier {
    let verifier = this.#verifiers.get(chain);
    if (verifier === undefined) {
      verifier = new ChainVerifier(this.#known.key, {
        mayBeginLater: this.#begin.mayManyBeginLater,
      });
      this.#verifiers.set(chain, verifier);
    }
    return verifier;
  }

  /** A commit names the last line of the one before it, in whose chain ever: no commit's lines are missing as a whole. */
  #followCommit(event: AuditEvent, verifier: ChainVerifier, { chain, seq }: ChainLine): void {
    const { commit } = event.data;
    if (commit === undefined) return;
    const end = { chain, seq, hash: verifier.lastHash };
    const { before } = commit;
    const isFirst = commit.attemptId !== this.#commit?.attemptId;
    const mayBeGone = this.#commit === undefined && this.#begin.mayManyBeginLater;
    if (isFirst && before !== undefined && !mayBeGone && before.hash !== this.#commit?.end.hash)
      this.#fault(
        this.#lines,
        `follows a commit whose last line, line ${before.seq} of chain ${before.chain}, is not there`,
      );
    this.#commit = { attemptId: commit.attemptId, end };
  }

  #follow(verifier: ChainVerifier, link: ChainLine, line: string): void {
    const anchor = this.#known.commit?.audit;
    const reason = verifier.follow(link, line);
    if (reason === undefined) {
      this.#fitting += 1;
      const { chain, seq } = link;
      const { time } = link.event as unknown as AuditEvent;
      this.#head = { chain, seq, hash: verifier.lastHash, lines: this.#fittingEver, time };
    } else this.#fault(this.#lines, reason);
    const { kept } = this.#known;
    if (link.chain === kept?.chain) this.#lastOfKept = link.seq;
    if (link.chain === kept?.chain && link.seq === kept.seq) this.#takeKept(kept, lineHash(line));
    if (link.chain === anchor?.chain && link.seq === anchor.seq)
      this.#isAnchored ||= verifier.lastHash === anchor.hash;
  }

  #takeKept(kept: AuditHead, hash: string): void {
    this.#isKeptThere = true;
    if (hash !== kept.hash)
      this.#fault(this.#lines, 'is not the one that was kept: it was replaced');
    const missing = kept.lines - this.#fittingEver;
    if (missing > 0 && this.#begin.isCounted)
      this.#fault(
        this.#lines,
        `has ${count(missing, 'line')} less before it than when it was kept`,
      );
  }

  #missKept({ chain, seq, time }: AuditHead, notes: string[]): void {
    const { keptSince } = this.#known;
    const which = `the line that was kept, line ${seq} of chain ${chain}, is not there`;
    // What goes with the years is the beginning of a chain.
    const isBehindEnd = this.#lastOfKept !== undefined && seq > this.#lastOfKept;
    if (!this.#begin.isBefore(time) || isBehindEnd)
      this.#fault(this.#lines + 1, `${which}: the trail was cut off before it`);
    else if (keptSince !== undefined && time >= keptSince)
      this.#fault(1, `${which}, and the settings of the topic remove none of its age`);
    else notes.push('the line that was kept is older than what is left, and says nothing');
  }

  /** With those that were removed, where it is known how many. */
  get #fittingEver(): number {
    return this.#known.chains === 'one' ? this.#begin.gone + this.#fitting : this.#fitting;
  }

  #fault(line: number, reason: string): void {
    if (this.#faults.count === 0) this.#reason = reason;
    this.#faults.add(line);
  }

  /** Known only at the end, and of the first line. */
  #faultFirst(reason: string): void {
    this.#reason = reason;
    this.#faults.addFirst(1);
  }

  #whyNotAnchored(): string | undefined {
    const { commit } = this.#known;
    if (commit?.audit === undefined)
      return 'no commit says which line is the last: its record was removed';
    // The newest commit may be older than what retention leaves.
    if (!this.#begin.isCounted && this.#begin.isBefore(commit.at)) return undefined;
    return `the newest commit names line ${commit.audit.seq} of chain ${commit.audit.chain}, which is not there`;
  }
}

/** How many, and the first of them. */
class Places {
  count = 0;
  first: number | undefined;

  add(line: number): void {
    this.first ??= line;
    this.count += 1;
  }

  addFirst(line: number): void {
    this.first = line;
    this.count += 1;
  }
}
