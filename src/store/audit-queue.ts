// Audit lines that wait for a commit. All that wait when a commit begins share it, so that many concurrent reads cost
// one fsync.
import { setImmediate } from 'node:timers/promises';
import type { ChainHead } from './store.ts';

type Make = (head: ChainHead) => readonly string[];

interface Waiting {
  make: Make;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export class AuditQueue {
  #waiting: Waiting[] = [];

  /** Resolves once the lines are durable. `commit` commits the lines of everybody who waits by then. */
  add(make: Make, commit: (makeAll: Make) => Promise<unknown>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ make, resolve, reject });
    if (this.#waiting.length === 1) void this.#flush(commit);
    return promise;
  }

  async #flush(commit: (makeAll: Make) => Promise<unknown>): Promise<void> {
    let group: Waiting[] = [];
    let refused = new Map<Waiting, unknown>();
    // Requests that come over many connections at once are handled one after another in one turn of the event loop. A commit
    // before the end of that turn would be for one of them alone.
    await setImmediate();
    try {
      await commit((head) => {
        // This runs again after a lost lock: the group grows then, and all lines are made anew.
        group = [...group, ...this.#waiting.splice(0)];
        refused = new Map();
        return linesOf(group, head, refused);
      });
    } catch (error) {
      // A commit that failed before it took its group leaves that waiting. Lines that came later have a commit of their own.
      for (const one of group.length > 0 ? group : this.#waiting.splice(0)) one.reject(error);
      return;
    }
    for (const one of group) {
      if (refused.has(one)) one.reject(refused.get(one));
      else one.resolve();
    }
  }
}

/**
 * The lines of the whole group, each on top of those before. A `make` that throws adds none, and its error goes into `refused`.
 */
function linesOf(
  group: readonly Waiting[],
  head: ChainHead,
  refused: Map<Waiting, unknown>,
): string[] {
  const lines: string[] = [];
  for (const one of group) {
    try {
      lines.push(...one.make({ ...head, lastLine: lines.at(-1) ?? head.lastLine }));
    } catch (error) {
      refused.set(one, error);
    }
  }
  return lines;
}
