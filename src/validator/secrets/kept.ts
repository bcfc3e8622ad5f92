// Answers that are kept from one file to the next, for as long as the process lives. They must not fill the memory of a server.

/** Keeps a limited number of answers about short texts. */
export class Kept<T> {
  readonly #answers = new Map<string, T>();
  readonly #most: number;
  readonly #longest: number;

  constructor({ most, longest }: { most: number; longest: number }) {
    this.#most = most;
    this.#longest = longest;
  }

  get(text: string): T | undefined {
    return this.#answers.get(text);
  }

  /** The answer of `make` for a text, made once where it is kept. `make` is given a text that the answer may hold. */
  of(text: string, make: (text: string) => T): T {
    const known = this.#answers.get(text);
    if (known !== undefined || this.#answers.has(text)) return known as T;
    if (this.#answers.size >= this.#most || text.length > this.#longest) return make(text);
    const own = copied(text);
    const answer = make(own);
    this.#answers.set(own, answer);
    return answer;
  }
}

/** A copy of its own: a part of a text holds the whole text in memory, such as a file for the sake of one name. */
export function copied(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
