// A store whose steps are counted, in a process that kills itself at one of them.
import { writeSync } from 'node:fs';
import type { Store } from '../../src/store/store.ts';
import { wrapped } from '../contract/wrapped-store.ts';

/** Each step is a line on stdout; the process dies of SIGKILL right `before` or `after` one of them. */
export class Steps {
  readonly #when: string | undefined;
  readonly #at: number;
  #step = 0;

  constructor(when: string | undefined, at: string | undefined) {
    this.#when = when;
    this.#at = Number(at);
  }

  begin(what: string): void {
    this.#step += 1;
    writeSync(1, `${what}\n`);
  }

  die(now: 'before' | 'after'): void {
    if (now === this.#when && this.#step === this.#at) process.kill(process.pid, 'SIGKILL');
  }
}

/** The steps are what changes the store; `before` a commit is between what is decided and its commit. */
export function killing(store: Store, steps: Steps, name = 'the store'): Store {
  const decided =
    <H, C>(decide: (head: H) => C) =>
    (head: H): C => {
      const changes = decide(head);
      steps.die('before');
      return changes;
    };
  const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    steps.begin(`${what} ${name}`);
    const done = await work();
    steps.die('after');
    return done;
  };
  return {
    ...wrapped(store),
    open: (apply, options) => {
      if (!options?.create) return store.open(apply, options);
      return step('make', () => {
        steps.die('before');
        return store.open(apply, options);
      });
    },
    transact: (decide) => step('commit to', () => store.transact(decided(decide))),
    appendAudit: (make) => step('append lines to', () => store.appendAudit(decided(make))),
    removeResidue: () =>
      step('clean', () => {
        steps.die('before');
        return store.removeResidue();
      }),
  };
}
