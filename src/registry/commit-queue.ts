// Requests to change something that wait for a commit. A commit costs an fsync, whatever is in it, so those that are asked
// for at the same time share one; where the store refuses a shared one as a whole, each is tried alone.
import { setImmediate } from 'node:timers/promises';
import type { Caller } from '../domain/audit-event.ts';
import { hasCode } from '../errors.ts';
import type { AuditSubject } from './audit-trail.ts';
import type { Rights } from './authorize.ts';
import type { Draft } from './draft.ts';

/** A request to change something. */
export interface Request<T> {
  caller: Caller;
  subject: AuditSubject;
  /** Other paths that it touches: each has to be allowed as well. */
  alsoNeeds?: readonly AuditSubject[];
  /** Computes on the draft; throws to refuse. It may run more than once. */
  run(draft: Draft, context: RequestContext): Outcome<T>;
}

/** When it is made, in which commit, as which of the requests in it, and what its caller may do. */
export interface RequestContext {
  at: string;
  commit: number;
  request: number;
  rights: Rights;
}

export interface Outcome<T> {
  result: T;
  /** What the audit should tell of it, where that is more than the request's subject. */
  subjects?: AuditSubject[];
}

export interface Waiting {
  request: Request<unknown>;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

/** How a request has ended; its caller is told once that is durable. */
export type Settled = { result: unknown } | { error: unknown };

/** Requests in one commit: bounds the time for which the right to write is held. */
const MOST_IN_A_COMMIT = 256;

export class CommitQueue {
  readonly #commit: (batch: readonly Waiting[]) => Promise<readonly Settled[]>;
  readonly #waiting: Waiting[] = [];
  #flushing = false;

  /** `commit` commits requests as one, and says how each has ended; those behind the last that it settles wait for the next. */
  constructor(commit: (batch: readonly Waiting[]) => Promise<readonly Settled[]>) {
    this.#commit = commit;
  }

  /** Resolves with what the request has run to, once that is committed. */
  add<T>(request: Request<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ request, resolve: resolve as (result: unknown) => void, reject });
      if (!this.#flushing) void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#flushing = true;
    // One turn of the event loop gathers what is asked for at the same time, also over many connections.
    await setImmediate();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MOST_IN_A_COMMIT);
      await this.#commitBatch(batch);
    }
    this.#flushing = false;
  }

  async #commitBatch(batch: readonly Waiting[]): Promise<void> {
    let settled: readonly Settled[];
    try {
      settled = await this.#commit(batch);
    } catch (error) {
      if (hasCode(error, 'commit-rejected') && batch.length > 1) {
        for (const one of batch) await this.#commitBatch([one]);
        return;
      }
      for (const one of batch) one.reject(error);
      return;
    }
    // What found no room in this commit goes first in the next one.
    this.#waiting.unshift(...batch.slice(settled.length));
    for (const [i, one] of settled.entries()) {
      if ('error' in one) batch[i]?.reject(one.error);
      else batch[i]?.resolve(one.result);
    }
  }
}
