// Where a trail begins, and whether that is right. Old lines of a topic are removed by its retention, and nothing there says
// which; those of a file by `audit prune` alone, whose own line names the last one that went. So what is missing at the
// beginning of a file has to be told of by the last such line.
import type { ChainLine } from '../crypto/chain.ts';
import type { AuditEvent, EventPruned } from '../domain/audit-event.ts';
import { count } from '../domain/count.ts';
import type { Store } from '../store/store.ts';
import { movedEnd, type RegistryRecord } from './records.ts';

export interface KnownBegin {
  chains: Store['auditChains'];
  /** The least position that a line has. */
  begin: number;
  /** Lines that came from another store: in many chains, whatever this one has. */
  trail?: RegistryRecord['trail'];
}

export class TrailBegin {
  /** How many of the lines that are there came with a move. */
  readonly leftOfMoved: number;
  /** Positions without a line, from the first on. */
  readonly gone: number;
  readonly #moved: number;
  /** How many of them went since there is a registry in this store; of a topic nobody knows. */
  readonly #removed: number;
  readonly #isTopic: boolean;
  readonly #cameCut: boolean;
  #time: string | undefined;
  /** The first line of the store's own chain. */
  #first: ChainLine | undefined;
  #told: { pruned: EventPruned; event: AuditEvent } | undefined;

  constructor({ chains, begin, trail }: KnownBegin) {
    this.#isTopic = chains === 'many';
    this.#moved = movedEnd(trail);
    this.gone = begin - 1;
    this.#cameCut = trail?.wasCut ?? false;
    this.leftOfMoved = Math.max(0, this.#moved - this.gone);
    this.#removed = this.#isTopic ? 0 : this.gone - (this.#moved - (trail?.lines ?? 0));
  }

  /** Whether chains of several processes may begin with a later line than their first. */
  get mayManyBeginLater(): boolean {
    return this.#cameCut || (this.#isTopic ? this.gone > 0 : this.#removed > 0);
  }

  /** The same of the one chain of a file. */
  get mayOwnBeginLater(): boolean {
    return this.#removed > 0 && this.gone > this.#moved;
  }

  /** Whether it is known how many lines are missing. */
  get isCounted(): boolean {
    return !this.#cameCut && (!this.#isTopic || this.gone === 0);
  }

  /** Whether anything is missing that was older than this. */
  isBefore(time: string): boolean {
    return this.mayManyBeginLater && time < (this.#time ?? '');
  }

  /** Given each line that is part of the trail; `isOwn` where it stands in the one chain of a file. */
  take(link: ChainLine, event: AuditEvent, { isOwn }: { isOwn: boolean }): void {
    this.#time ??= event.time;
    if (!isOwn) return;
    this.#first ??= link;
    const { pruned } = event.data;
    if (pruned !== undefined) this.#told = { pruned, event };
  }

  /** Why the first line that is there cannot be the first: a clause about it. */
  fault(): string | undefined {
    if (this.#removed === 0 || (this.#removed > 0 && this.#isTold())) return undefined;
    return `comes behind ${count(this.gone, 'line')} that are gone, and no audit prune tells that it removed them`;
  }

  notes(): string[] {
    const notes: string[] = [];
    if (this.#isTopic && this.mayManyBeginLater)
      notes.push(
        `lines older than ${this.#time ?? 'all of these'} are gone: removed by the retention of the topic, or by somebody`,
      );
    else if (this.#cameCut && this.leftOfMoved > 0)
      notes.push(
        `lines older than ${this.#time ?? 'all of these'} were gone already when the registry was moved here`,
      );
    if (this.#told !== undefined && this.#removed > 0 && this.#isTold()) {
      const { pruned, event } = this.#told;
      const by = event.data.authenticationInfo.principal;
      notes.push(
        `before retention: ${count(pruned.removed, 'line')} older than ${pruned.before} ${pruned.removed === 1 ? 'was' : 'were'} removed by audit prune, the last time by ${by} at ${event.time}`,
      );
    }
    return notes;
  }

  #isTold(): boolean {
    if (this.#told?.pruned.removed !== this.gone) return false;
    if (!this.mayOwnBeginLater) return true;
    const { last } = this.#told.pruned;
    return this.#first?.prev === last.hash && this.#first.seq === last.seq + 1;
  }
}
