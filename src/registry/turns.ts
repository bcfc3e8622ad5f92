import { SecretregError } from '../errors.ts';

/** Lets a few callers work at a time and some more wait for their turn; beyond these it fails with too-many-requests. */
export class Turns {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #reason: string;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** `reason` is what those beyond are told. */
  constructor(atOnce: number, mostWaiting: number, reason: string) {
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
    this.#reason = reason;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#atOnce) this.#running += 1;
    else await this.#wait();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // A turn is handed on: whoever comes meanwhile does not overtake those who wait.
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= this.#mostWaiting) {
      throw new SecretregError('too-many-requests', { reason: this.#reason, retryAfter: 1 });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
