import { SecretregError } from '../../errors.ts';

/** Lets a few do their work at a time; a bounded number waits, and beyond that it fails with too-many-requests. */
export class Turns {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, mostWaiting: number) {
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
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
      throw new SecretregError('too-many-requests', {
        reason: 'too many passwords are being verified',
        retryAfter: 1,
      });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
