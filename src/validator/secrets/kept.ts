// Answers that are kept from one file to the next, for as long as the process lives: a server must not be filled with them.

/** Keeps a number of answers about texts, none of them long. */
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

  /** What `make` gives for a text, or gave. It is given a text that it may keep. */
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

/** A part of a text holds the whole of it in memory, such as all of a file for the sake of one name. */
export function copied(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
