// A registry in a process of its own, asked from here.
import { type ChildProcess as Child, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Ask, Outcome } from './asks.ts';
import type { Process } from './process.ts';

export type Question = { id: number } & (
  | { what: 'ask'; asked: Ask; token?: string }
  | { what: 'make-token' }
  | { what: 'revoke-token'; token: string }
);

export type Answer =
  | { ready: true }
  | { id: number; outcome: Outcome; began: number; ended: number }
  | { id: number; broken: string };

/** In microseconds of the clock that all processes of a machine share. */
export interface Timed {
  outcome: Outcome;
  began: number;
  ended: number;
}

const PROGRAM = fileURLToPath(new URL('child.ts', import.meta.url));

type Unnumbered<Q> = Q extends unknown ? Omit<Q, 'id'> : never;

interface Waiting {
  resolve(timed: Timed): void;
  reject(error: Error): void;
}

export class ChildProcess implements Process {
  readonly #child: Child;
  readonly #waiting = new Map<number, Waiting>();
  readonly ended: Promise<unknown>;
  #last = 0;

  private constructor(child: Child) {
    this.#child = child;
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    // Not 'close', which does not come where the channel was closed from here.
    this.ended = once(child, 'exit').then(() => {
      process.removeListener('exit', end);
      for (const waiting of this.#waiting.values()) waiting.reject(new Ended());
      return this.#waiting.clear();
    });
    child.on('message', (answer: Answer) => this.#take(answer));
  }

  /** Resolves once it has opened its registry. */
  static async open(place: string, masterKey: number): Promise<ChildProcess> {
    const child = fork(PROGRAM, [place, String(masterKey)], { execArgv: [] });
    const opened = new ChildProcess(child);
    await Promise.race([
      once(child, 'message'),
      opened.ended.then(() => Promise.reject(new Ended())),
    ]);
    return opened;
  }

  async ask(asked: Ask, token?: string): Promise<Outcome> {
    return (await this.timed(asked, token)).outcome;
  }

  /** Fails with `Ended` where the process ends before it answers. */
  timed(asked: Ask, token?: string): Promise<Timed> {
    return this.#send({ what: 'ask', asked, ...(token !== undefined && { token }) });
  }

  async makeToken(): Promise<Outcome> {
    return (await this.#send({ what: 'make-token' })).outcome;
  }

  async revokeToken(token: string): Promise<Outcome> {
    return (await this.#send({ what: 'revoke-token', token })).outcome;
  }

  async close(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.ended;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  #send(question: Unnumbered<Question>): Promise<Timed> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // Where the process has gone, its end tells whoever waits.
      this.#child.send({ ...question, id }, () => undefined);
    });
  }

  #take(answer: Answer): void {
    if (!('id' in answer)) return;
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('broken' in answer) waiting?.reject(new Error(answer.broken));
    else waiting?.resolve(answer);
  }
}

/** Is never closed, but killed. */
export async function killed(opening: Promise<ChildProcess>): Promise<Process> {
  const child = await opening;
  return {
    ask: (asked, token) => child.ask(asked, token),
    makeToken: () => child.makeToken(),
    revokeToken: (token) => child.revokeToken(token),
    close: () => child.kill(),
  };
}

/** The process has ended, and nobody knows what became of the question. */
export class Ended extends Error {}
