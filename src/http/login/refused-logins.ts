// Refused log-ins on their way to the audit trail. The first of a kind is written at once; those after it are counted,
// and the count is written a minute later: whoever guesses does not fill the trail.
import type { Credentials, RefusedLogins } from '../credentials.ts';

const WINDOW_MS = 60_000;
/** Kinds that are counted at a time; those beyond share one count for each mechanism. */
const MOST_KINDS = 1_000;
const ELSEWHERE = 'several addresses';

export class RefusedLoginsAudit {
  readonly #credentials: Pick<Credentials, 'failed'>;
  readonly #tell: (error: unknown) => void;
  readonly #windowMs: number;
  readonly #counted = new Map<string, RefusedLogins>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    credentials: Pick<Credentials, 'failed'>,
    tell: (error: unknown) => void,
    windowMs = WINDOW_MS,
  ) {
    this.#credentials = credentials;
    this.#tell = tell;
    this.#windowMs = windowMs;
  }

  /** Resolves once it is written or counted. Does not fail: who is refused is refused, and what was not written stays counted. */
  async add(login: Omit<RefusedLogins, 'count'>): Promise<void> {
    this.#timer ??= setTimeout(() => void this.#closeWindow(), this.#windowMs).unref();
    const kind = this.#kindOf(login);
    const known = this.#counted.get(kind.name);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    const first: RefusedLogins = { ...kind.login, count: 0 };
    this.#counted.set(kind.name, first);
    await this.#write({ ...first, count: 1 }, first);
  }

  /** Writes what was counted. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#closeWindow();
  }

  #kindOf(login: Omit<RefusedLogins, 'count'>): {
    name: string;
    login: Omit<RefusedLogins, 'count'>;
  } {
    const { mechanism, principal = '', clientAddress } = login;
    const name = [mechanism, clientAddress, principal].join(' ');
    if (this.#counted.has(name) || this.#counted.size < MOST_KINDS) return { name, login };
    const { principal: _, id: __, ...rest } = login;
    return {
      name: [mechanism, ELSEWHERE].join(' '),
      login: { ...rest, clientAddress: ELSEWHERE },
    };
  }

  async #closeWindow(): Promise<void> {
    this.#timer = undefined;
    const counted = [...this.#counted.values()].filter(({ count }) => count > 0);
    this.#counted.clear();
    for (const one of counted) await this.#write(one, one);
  }

  async #write(logins: RefusedLogins, onFailure: RefusedLogins): Promise<void> {
    try {
      await this.#credentials.failed(logins);
    } catch (error) {
      this.#tell(error);
      this.#keep(onFailure, logins.count);
    }
  }

  /** Counted again, for the next window. */
  #keep(logins: RefusedLogins, count: number): void {
    const { name, login } = this.#kindOf(logins);
    const known = this.#counted.get(name);
    if (known !== undefined) known.count += count;
    else this.#counted.set(name, { ...login, count });
    this.#timer ??= setTimeout(() => void this.#closeWindow(), this.#windowMs).unref();
  }
}
