// Claims the right to write, commits what was decided, and finds out by reading what became of it. Nothing is taken for
// committed because a broker said so.
import { count } from '../../domain/count.ts';
import { hasCode, SecretregError } from '../../errors.ts';
import type { ChainHead, Changes } from '../store.ts';
import { type AuditLog, Chain, messageOf } from './audit-log.ts';
import { Claim, type Outcome, type Sent } from './claim.ts';
import type { Connection } from './connection.ts';
import { type Deadline, deadlineIn, inTime, isOutOfTime, isOver, pause } from './deadline.ts';
import { verdictOf } from './failure.ts';
import { type Message, READ_COMMITTED } from './kafkajs-internals.ts';
import { LARGEST_RECORD, sizeOf } from './message-batches.ts';
import { endOf } from './offsets.ts';
import { headersOf, type RecordLog } from './record-log.ts';
import { settle } from './settle.ts';
import type { TopicCheck } from './topic-check.ts';
import type { Topics } from './topics.ts';

/** How long the answered end of a transaction may take until all can see it, before its outcome is looked into. */
const SEEN_WITHIN_MS = 1500;
/** A turn counts as at least this long, though with a broker nearby it is shorter. */
const LEAST_TURN_MS = 75;
/** With more losses than this nobody waits any longer. */
const MOST_LOSSES = 6;
/** How long somebody who wants to stop waits to be told what became of a change. */
const PATIENCE_AFTER_ABORT_MS = 1000;

export interface WriterParts {
  connection: Connection;
  topics: Topics;
  log: RecordLog;
  auditLog: AuditLog;
  check: TopicCheck;
  /** How long a commit may take and, once more, how long it may take to find out what became of it. */
  timeoutMs: number;
}

/** One commit among those of other writers. */
interface Contest {
  deadline: Deadline;
  /** How often somebody else took the claim meanwhile. */
  losses: number;
}

export class Writer {
  readonly #parts: WriterParts;
  readonly #chain = new Chain();
  #claim: Claim | undefined;
  /** How long each took the last time; together they are a turn. */
  #claimMs = 0;
  #commitMs = 0;
  taken = 0;
  /** Claims that somebody else took, or that were given up. */
  lost = 0;
  /** Transactions that a dead broker had left undecided. */
  settled = 0;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** Claims, decides and commits until it is known that it is committed, or surely is not. */
  async commit(decide: (head: ChainHead) => Changes, signal?: AbortSignal): Promise<void> {
    const deadline = deadlineIn(this.#parts.timeoutMs, signal);
    const contest: Contest = { deadline, losses: 0 };
    for (;;) {
      const isHeld = this.#claim !== undefined;
      await this.#takeClaim(contest);
      let changes = decide(this.#chain.head);
      if (changes.records.length === 0 && isHeld) {
        await this.#catchUp(deadline);
        changes = decide(this.#chain.head);
      }
      if (changes.records.length === 0) return this.#append(changes.audit, deadline);
      const outcome = await this.#attempt(changes, deadline);
      if (outcome.is === 'committed') return;
      this.lost += 1;
      if (outcome.is === 'lost' && isTakenOver(outcome)) contest.losses += 1;
      if (isOver(deadline)) throw this.#neverInTurn(contest, outcome);
      await this.#letOthersGo(contest);
    }
  }

  /** Resolves with the claim in hand, and with everything read that was committed before it. */
  async #takeClaim(contest: Contest): Promise<void> {
    const { connection, check } = this.#parts;
    const { deadline } = contest;
    if (deadline.signal?.aborted) throw new SecretregError('interrupted', {});
    try {
      await connection.untilDeadline(deadline, () => check.ifDue());
      if (this.#claim === undefined) this.#claim = await this.#newClaim(contest);
    } catch (error) {
      if (isOfContest(error) && contest.losses > 0) throw this.#neverInTurn(contest);
      throw await connection.failure(error, 'write');
    }
  }

  /**
   * A claim that was kept may be lost by now, and what others wrote since not read. A commit would be refused then; where
   * nothing is committed, nobody says so.
   */
  async #catchUp(deadline: Deadline): Promise<void> {
    const { connection, log } = this.#parts;
    try {
      await connection.untilDeadline(deadline, () => log.catchUp());
    } catch (error) {
      throw await connection.failure(error, 'write');
    }
  }

  async #newClaim(contest: Contest): Promise<Claim> {
    const { connection, topics, check, log } = this.#parts;
    const { deadline } = contest;
    for (;;) {
      const begun = performance.now();
      try {
        const claim = await Claim.take(connection, topics, deadline);
        if (await settle(connection, topics, claim, deadline)) this.settled += 1;
        await connection.untilDeadline(deadline, () => check.requireSameTopics());
        await connection.untilDeadline(deadline, () => log.catchUp());
        this.taken += 1;
        this.#claimMs = performance.now() - begun;
        return claim;
      } catch (error) {
        const verdict = verdictOf(error);
        if (!TAKEN_AGAIN.has(verdict) || isOver(deadline)) throw error;
        if (verdict === 'claim-lost') contest.losses += 1;
      }
      await this.#letOthersGo(contest);
    }
  }

  /**
   * Whoever lost the claim waits until the one who took it has committed, or has had the time for it: twice as long as a
   * turn takes here, and twice that with each loss, for their commit may be larger. Several that write without a rest would
   * otherwise fence each other before any of them comes to an end. Then all who wait take it at once, and the last one has
   * it: whoever has lost it more often takes it later. Time for a turn of one's own is kept.
   */
  async #letOthersGo({ deadline: { at, signal }, losses }: Contest): Promise<void> {
    const { log } = this.#parts;
    const before = log.position;
    const turn = Math.max(LEAST_TURN_MS, this.#claimMs + this.#commitMs);
    const over = performance.now() + turn * 2 ** losses * (1 + Math.random());
    const last = at - turn;
    const patience = { at: Math.min(over, last), signal };
    while (log.position === before && !isOver(patience)) {
      await pause(5 + Math.random() * 15, signal);
      if (signal?.aborted) return;
      // Where a broker does not answer, the next call reports it.
      await inTime(patience, () => log.catchUp()).catch(() => undefined);
    }
    const later = (turn / 2) * (Math.min(losses, MOST_LOSSES) / MOST_LOSSES);
    await pause(Math.min(later, Math.max(0, last - performance.now())), signal);
  }

  async #attempt(changes: Changes, deadline: Deadline): Promise<Outcome> {
    const begun = performance.now();
    try {
      const sent = await this.#send(changes, deadline);
      if (sent.is === 'lost') return sent;
      const outcome = await withPatience(deadline, (patience) =>
        this.#outcomeOf(sent, changes.attemptId, patience),
      );
      // Only the time of a commit about which nothing had to be found out.
      if (outcome === sent) this.#commitMs = performance.now() - begun;
      if (outcome.is === 'committed') this.#chain.extend(changes.audit);
      // One topic may have the end of a transaction that the other one lost: its lines may be there.
      else this.#chain.end();
      return outcome;
    } catch (error) {
      // What is left open is void with the next claim.
      this.#claim = undefined;
      if (hasCode(error, 'outcome-unknown')) this.#chain.end();
      throw error;
    }
  }

  async #send(changes: Changes, deadline: Deadline): Promise<Outcome> {
    const headers = headersOf(changes);
    const records = changes.records.map(({ key, value }): Message => {
      return { key: Buffer.from(key), value: value && Buffer.from(value), headers };
    });
    const audit = changes.audit.map((line) => messageOf(line, headers));
    this.#refuseLarge([...records, ...audit]);
    const claim = this.#claim;
    if (claim === undefined) throw new SecretregError('ours', { reason: 'no claim' });
    this.#parts.log.expect(records);
    try {
      const outcome = await claim.commit(records, audit, deadline);
      if (outcome.is !== 'committed') this.#claim = undefined;
      return outcome;
    } catch (error) {
      throw await this.#rejected(error);
    }
  }

  /** A new claim ends whatever is open; what can be read then is all there ever will be of the attempt. */
  async #outcomeOf(sent: Sent, attemptId: string, patience: Deadline): Promise<Outcome> {
    const { connection, timeoutMs } = this.#parts;
    if (sent.is === 'committed' && (await this.#canBeRead(sent.ends, patience))) return sent;
    this.#claim = undefined;
    try {
      const at = Math.max(patience.at, performance.now() + timeoutMs);
      this.#claim = await this.#newClaim({ deadline: { ...patience, at }, losses: 0 });
    } catch (cause) {
      const params = { place: connection.place, attempt: attemptId };
      throw new SecretregError('outcome-unknown', params, { cause });
    }
    return this.#isRead(sent.ends)
      ? { is: 'committed', ends: sent.ends }
      : { is: 'lost', cause: undefined };
  }

  /** True where the records have been read here, as everybody can, and the audit lines cannot be lost any more. */
  async #canBeRead(ends: Sent['ends'], { at, signal }: Deadline): Promise<boolean> {
    const { connection, topics, log } = this.#parts;
    const patience = { at: Math.min(at, performance.now() + SEEN_WITHIN_MS), signal };
    try {
      await Promise.all([
        connection.untilDeadline(patience, () => log.readTo(ends.get(topics.records) ?? 0)),
        this.#isDecided(topics.audit, ends.get(topics.audit) ?? 0, patience),
      ]);
    } catch {
      return false;
    }
    return this.#isRead(ends);
  }

  #isRead(ends: Sent['ends']): boolean {
    const { log, topics } = this.#parts;
    return log.isRead(ends.get(topics.records) ?? 0);
  }

  /** The end of a transaction is answered before it is written to each topic. */
  async #isDecided(topic: string, end: number, deadline: Deadline): Promise<void> {
    const { connection } = this.#parts;
    const stableEnd = () => endOf(connection, topic, READ_COMMITTED);
    while ((await connection.untilDeadline(deadline, stableEnd)) < end) {
      if (isOver(deadline)) throw new SecretregError('ours', { reason: 'it is not decided' });
      await pause(2, deadline.signal);
    }
  }

  async #append(lines: readonly string[], deadline: Deadline): Promise<void> {
    await this.#parts.auditLog.append(this.#chain, lines, deadline);
  }

  #refuseLarge(messages: readonly Message[]): void {
    if (messages.every((message) => sizeOf(message) <= LARGEST_RECORD)) return;
    throw new SecretregError('commit-rejected', {
      place: this.#parts.connection.place,
      reason: `a record is longer than ${LARGEST_RECORD} bytes`,
    });
  }

  async #rejected(error: unknown): Promise<SecretregError> {
    const { connection } = this.#parts;
    const failure = await connection.failure(error, 'write');
    if (verdictOf(error) !== 'rejected') return failure;
    const { reason } = failure.params as { reason: string };
    return new SecretregError(
      'commit-rejected',
      { place: connection.place, reason },
      { cause: error, ...(failure.hint !== undefined && { hint: failure.hint }) },
    );
  }

  #neverInTurn({ deadline, losses }: Contest, outcome?: Outcome): SecretregError {
    const { connection, timeoutMs } = this.#parts;
    const cause = outcome?.is === 'lost' && !isTakenOver(outcome) ? outcome.cause : undefined;
    if (cause !== undefined && !(isOfContest(cause) && losses > 0))
      return connection.unavailable(cause);
    const seconds = Math.round((deadline.ms ?? timeoutMs) / 100) / 10;
    const reason = `other writers took the right to write ${count(losses, 'time')} within ${seconds} s`;
    return new SecretregError('store-unavailable', { place: connection.place, reason });
  }
}

/** True where nothing went wrong but that the time is over: also while the broker ends what somebody else began. */
function isOfContest(error: unknown): boolean {
  return isOutOfTime(error) || verdictOf(error) === 'retry';
}

/** True where somebody else took the claim, and nothing else went wrong. */
function isTakenOver({ cause }: { cause: unknown }): boolean {
  return cause === undefined || verdictOf(cause) === 'claim-lost';
}

/** Claims that were taken over before they were of use, and answers of which nobody knows what they mean. */
const TAKEN_AGAIN: ReadonlySet<string> = new Set(['claim-lost', 'unexplained']);

/** Work that finds out what became of a commit goes on where the caller wants to stop, unless that takes too long. */
async function withPatience<T>(
  { at, signal }: Deadline,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const abort = () => {
    timer = setTimeout(() => late.abort(), PATIENCE_AFTER_ABORT_MS);
  };
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await work({ at, signal: late.signal });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
