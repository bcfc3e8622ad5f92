// Refusals on their way to the audit trail. The first of a kind is written at once; those after it are counted, and the
// count is written a minute later: whoever asks again and again does not fill the trail.

const WINDOW_MS = 60_000;
/** Kinds that are counted at a time. Refusals of any further kind are counted under a wider one. */
const MOST_KINDS = 1_000;

/** In place of the client's address where refusals from several of them are counted together. */
export const SEVERAL_ADDRESSES = 'several addresses';

export interface Counting<T> {
  /** What refusals of one kind have in common: they are counted together. */
  kindOf(one: T): string;
  /** The refusal with fewer details, so that there are only few kinds. */
  widened(one: T): T;
  /** Resolves once the line is durable. */
  write(one: T, count: number): Promise<void>;
  /** Called with the error where a line could not be written. */
  tell(error: unknown): void;
  windowMs?: number | undefined;
}

interface Counted<T> {
  first: T;
  count: number;
}

export class CountedAudit<T> {
  readonly #counting: Counting<T>;
  readonly #counted = new Map<string, Counted<T>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(counting: Counting<T>) {
    this.#counting = counting;
  }

  /** Resolves once the refusal is written or counted. Does not fail: a refusal that could not be written stays counted. */
  async add(given: T): Promise<void> {
    const { kind, one } = this.#kindOf(given);
    this.#begin();
    const known = this.#counted.get(kind);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    this.#counted.set(kind, { first: one, count: 0 });
    await this.#write(one, 1);
  }

  /** Writes what was counted. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#closeWindow();
  }

  #begin(): void {
    const { windowMs = WINDOW_MS } = this.#counting;
    this.#timer ??= setTimeout(() => void this.#closeWindow(), windowMs).unref();
  }

  #kindOf(given: T): { kind: string; one: T } {
    const kind = this.#counting.kindOf(given);
    if (this.#counted.has(kind) || this.#counted.size < MOST_KINDS) return { kind, one: given };
    const one = this.#counting.widened(given);
    return { kind: this.#counting.kindOf(one), one };
  }

  async #closeWindow(): Promise<void> {
    this.#timer = undefined;
    const counted = [...this.#counted.values()].filter(({ count }) => count > 0);
    this.#counted.clear();
    for (const { first, count } of counted) await this.#write(first, count);
  }

  async #write(one: T, count: number): Promise<void> {
    try {
      await this.#counting.write(one, count);
    } catch (error) {
      this.#counting.tell(error);
      this.#keep(one, count);
    }
  }

  /** Counts it again, for the next window. */
  #keep(given: T, count: number): void {
    const { kind, one } = this.#kindOf(given);
    const known = this.#counted.get(kind);
    if (known !== undefined) known.count += count;
    else this.#counted.set(kind, { first: one, count });
    this.#begin();
  }
}
