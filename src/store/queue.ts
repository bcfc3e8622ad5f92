/** Does one work after another, whatever became of those before. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves when all that was asked for so far is done. */
  get done(): Promise<unknown> {
    return this.#last;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
