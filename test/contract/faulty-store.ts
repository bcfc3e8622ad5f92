// A store each of whose calls can fail, by a script, over any engine: what the registry above makes of it must be right.
import { SecretregError } from '../../src/errors.ts';
import { Gate } from '../../src/store/memory.ts';
import type { ChainHead, Store } from '../../src/store/store.ts';
import { wrapped } from './wrapped-store.ts';

/**
 * `before`: the call fails, and did nothing. `after`: it is done, and fails all the same. `unknown-…`: of a commit, what
 * became of it cannot be found out. `rejected`: of a commit, after it was decided on. `again`: what was decided is dropped,
 * and decided anew. `slow`: it waits at a gate.
 */
export type Fault =
  | 'before'
  | 'after'
  | 'unknown-unwritten'
  | 'unknown-written'
  | 'rejected'
  | 'again'
  | 'slow';

export type Call = Exclude<
  keyof Store,
  | 'place'
  | 'auditChains'
  | 'givesReplaced'
  | 'removal'
  | 'counters'
  | 'auditRetention'
  | 'auditKeptSince'
  | 'copyTo'
>;

/** What can befall a call. What reads and fails at the end has been applied; a commit that has would not be refused. */
const FAULTS: Readonly<Record<Call, readonly Fault[]>> = {
  open: ['before', 'after'],
  catchUp: ['before', 'after', 'slow'],
  reread: ['before', 'after'],
  transact: ['before', 'unknown-unwritten', 'unknown-written', 'rejected', 'again', 'slow'],
  appendAudit: ['before', 'unknown-unwritten', 'unknown-written', 'rejected', 'again', 'slow'],
  auditBegin: ['before', 'after'],
  auditPositionAt: ['before', 'after'],
  readAudit: ['before', 'after'],
  inspect: ['before', 'after'],
  removeResidue: ['before', 'after'],
  close: ['after'],
};

/** Of all calls, how many fail; of those that are seldom made every other one. */
const RATE = 0.3;
const RARE: ReadonlySet<Call> = new Set([
  'auditBegin',
  'auditPositionAt',
  'readAudit',
  'inspect',
  'removeResidue',
]);

/** Draws what befalls a call, and counts it. */
export class Tally {
  readonly #calls = new Map<Call, number>();
  readonly #faults = new Map<string, number>();

  draw(call: Call, random: () => number): Fault | undefined {
    const nth = (this.#calls.get(call) ?? 0) + 1;
    this.#calls.set(call, nth);
    if (RARE.has(call) ? nth % 2 === 0 : random() >= RATE) return undefined;
    // Each in its turn, so that a short run has all of them.
    const counts = FAULTS[call].map((fault) => this.#faults.get(`${call} ${fault}`) ?? 0);
    const fault = FAULTS[call][counts.indexOf(Math.min(...counts))];
    const what = `${call} ${fault}`;
    this.#faults.set(what, (this.#faults.get(what) ?? 0) + 1);
    return fault;
  }

  get injected(): number {
    return [...this.#faults.values()].reduce((sum, count) => sum + count, 0);
  }

  /** What never came about, such as `open before`. */
  get missing(): string[] {
    return Object.entries(FAULTS)
      .flatMap(([call, faults]) => faults.map((fault) => `${call} ${fault}`))
      .filter((what) => !this.#faults.has(what));
  }
}

export interface Script {
  /** What befalls this call now. */
  next(call: Call): Fault | undefined;
  /** A call waits here, until somebody lets it pass. */
  wait(gate: Gate): void;
}

export function faulty(store: Store, script: Script): Store {
  const { place } = store;
  const failed = () =>
    new SecretregError('store-unavailable', { place, reason: 'the script says so' });
  const unknown = () => new SecretregError('outcome-unknown', { place, attempt: 'of the script' });

  const plain = async <T>(call: Call, work: () => Promise<T>): Promise<T> => {
    const fault = script.next(call);
    if (fault === 'before') throw failed();
    if (fault === 'slow') await atGate();
    const done = await work();
    if (fault === 'after') throw failed();
    return done;
  };
  const atGate = () => {
    const gate = new Gate();
    script.wait(gate);
    return gate.pass();
  };
  const commit = async <C, T>(
    call: 'transact' | 'appendAudit',
    decide: (head: ChainHead) => C,
    work: (decide: (head: ChainHead) => C) => Promise<T>,
  ): Promise<T> => {
    const fault = script.next(call);
    if (fault === 'before') throw failed();
    if (fault === 'slow') await atGate();
    const done = await work((head) => {
      const changes = decide(head);
      // Nothing is written where `decide` throws.
      if (fault === 'unknown-unwritten') throw unknown();
      if (fault === 'rejected')
        throw new SecretregError('commit-rejected', { place, reason: 'the script says so' });
      return fault === 'again' ? decide(head) : changes;
    });
    if (fault === 'unknown-written') throw unknown();
    return done;
  };

  return {
    ...wrapped(store),
    open: (apply, options) => plain('open', () => store.open(apply, options)),
    catchUp: () => plain('catchUp', () => store.catchUp()),
    reread: () => plain('reread', () => store.reread()),
    transact: (decide) => commit('transact', decide, (one) => store.transact(one)),
    appendAudit: (make) => commit('appendAudit', make, (one) => store.appendAudit(one)),
    auditBegin: () => plain('auditBegin', () => store.auditBegin()),
    auditPositionAt: (time) => plain('auditPositionAt', () => store.auditPositionAt(time)),
    async *readAudit(from) {
      const fault = script.next('readAudit');
      if (fault === 'before') throw failed();
      yield* store.readAudit(from);
      if (fault === 'after') throw failed();
    },
    inspect: () => plain('inspect', () => store.inspect()),
    removeResidue: () => plain('removeResidue', () => store.removeResidue()),
    close: () => plain('close', () => store.close()),
  };
}
