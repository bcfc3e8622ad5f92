// How often a user name may be tried from one address: a guess at a password is refused before it costs anything.
import { SecretregError } from '../../errors.ts';
import { putNewest } from './newest.ts';

const MOST_FAILURES = 10;
const WINDOW_MS = 60_000;
/** Senders choose the names, so beyond this many the oldest is forgotten. Each new name costs a verification. */
const MOST_NAMES = 10_000;

interface Tries {
  /** Of log-ins that failed, or are not decided yet. */
  count: number;
  endsAt: number;
}

export class Attempts {
  readonly #tries = new Map<string, Tries>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Fails with too-many-requests. */
  require(name: string): void {
    const tries = this.#current(name);
    if (tries === undefined || tries.count < MOST_FAILURES) return;
    throw new SecretregError('too-many-requests', {
      reason: `${MOST_FAILURES} log-ins of this user from this address failed within a minute`,
      retryAfter: Math.max(1, Math.ceil((tries.endsAt - this.#now()) / 1000)),
    });
  }

  /**
   * Counts a log-in before its outcome is known, so that many guesses at once count as much as many in a row. Call the function
   * that is returned on success. Fails with too-many-requests.
   */
  begin(name: string): () => void {
    this.require(name);
    const tries = this.#current(name) ?? this.#add(name);
    tries.count += 1;
    return () => {
      tries.count -= 1;
      if (tries.count === 0 && this.#tries.get(name) === tries) this.#tries.delete(name);
    };
  }

  #current(name: string): Tries | undefined {
    const tries = this.#tries.get(name);
    return tries !== undefined && tries.endsAt > this.#now() ? tries : undefined;
  }

  #add(name: string): Tries {
    const tries = { count: 0, endsAt: this.#now() + WINDOW_MS };
    putNewest(this.#tries, name, tries, MOST_NAMES);
    return tries;
  }
}
