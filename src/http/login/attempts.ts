// How often a user name may be tried from one address: a guess at a password is refused before it costs anything.
import { SecretregError } from '../../errors.ts';

const MOST_FAILURES = 10;
const WINDOW_MS = 60_000;
/** Names are the sender's to choose: beyond this many the oldest is forgotten. Each of them has cost a verification. */
const MOST_NAMES = 10_000;

interface Tries {
  /** Failed, or not known yet. */
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
   * Counts before the end is known: many guesses at once are not more than many in a row. Call what is returned on
   * success. Fails with too-many-requests.
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
    this.#tries.delete(name);
    this.#tries.set(name, tries);
    const [oldest] = this.#tries.keys();
    if (this.#tries.size > MOST_NAMES && oldest !== undefined) this.#tries.delete(oldest);
    return tries;
  }
}
