// Random moves of two processes on one registry, each held against what the model says. Where two things are asked at
// the same time either may come first, so there may be several states that the registry can be in: those that fit all
// that it has answered.
import fc from 'fast-check';
import { expect } from 'vitest';
import type { CommitFault, Gate } from '../../../src/store/memory.ts';
import type { Ask, Outcome } from './asks.ts';
import { empty, type Model, step } from './model.ts';
import type { Process } from './process.ts';

export type Fault = Exclude<CommitFault, Gate>;

/** Where a registry stands, and how it is used. */
export interface Place {
  /** A process that begins under the master key of this number. */
  open(at: 0 | 1, masterKey: number): Promise<Process>;
  rotate(from: number): Promise<void>;
  /** What befalls the next commit of a change, or the next line of a read. */
  plant?(what: 'change' | 'read', fault: Fault): void;
  /** What this way of asking tells of an answer, where that is less than all. */
  told?(asked: Ask, outcome: Outcome): Outcome;
  /** With all processes closed: the trail holds, and nothing is damaged. */
  verify(masterKey: number): Promise<void>;
  remove(): Promise<void>;
}

export type Move =
  | { move: 'ask'; at: 0 | 1; asked: Ask; by: 'holder' | number; fault: Fault }
  | { move: 'together'; asked: readonly [Ask, Ask] }
  | { move: 'token'; at: 0 | 1 }
  | { move: 'revoke-token'; at: 0 | 1; token: number }
  | { move: 'restart'; at: 0 | 1 }
  | { move: 'rotate' };

/** What is known of the registry, and of the two processes. */
export interface Known {
  worlds: Model[];
  tokens: number;
  masterKey: number;
  /** Under which master key each process began. */
  began: [number, number];
}

export interface Real {
  place: Place;
  processes: [Process, Process];
  tokens: string[];
  /** How often each was asked and answered so: `get ok`, `put version-moved-on`. */
  met: Map<string, number>;
}

export const known = (): Known => ({
  worlds: [empty()],
  tokens: 0,
  masterKey: 0,
  began: [0, 0],
});

/** What a process is told that has neither the active master key nor the one before. */
const WITHOUT_KEY: Outcome = { code: 'wrong-master-key' };

export class Made implements fc.AsyncCommand<Known, Real> {
  readonly #move: Move;

  readonly #rotations: number;

  constructor(move: Move, rotations: number) {
    this.#move = move;
    this.#rotations = rotations;
  }

  check({ tokens, masterKey }: Readonly<Known>): boolean {
    const move = this.#move;
    if (move.move === 'rotate') return masterKey < this.#rotations;
    if (move.move === 'ask') return move.by === 'holder' || move.by < tokens;
    return move.move !== 'revoke-token' || move.token < tokens;
  }

  async run(is: Known, real: Real): Promise<void> {
    const move = this.#move;
    switch (move.move) {
      case 'ask':
        return askOne(is, real, move);
      case 'together':
        return askBoth(is, real, move.asked);
      case 'token':
        return makeToken(is, real, move.at);
      case 'revoke-token':
        return revokeToken(is, real, move);
      case 'restart':
        await real.processes[move.at].close();
        real.processes[move.at] = await real.place.open(move.at, is.masterKey);
        is.began[move.at] = is.masterKey;
        return;
      case 'rotate':
        await real.place.rotate(is.masterKey);
        is.masterKey += 1;
    }
  }

  toString(): string {
    return JSON.stringify(this.#move);
  }
}

interface Possible {
  model: Model;
  outcome: Outcome;
}

async function askOne(
  is: Known,
  { place, processes, tokens, met }: Real,
  { at, asked, by, fault }: Extract<Move, { move: 'ask' }>,
): Promise<void> {
  const what = isChange(asked) ? 'change' : 'read';
  const befalls = place.plant === undefined || !hasKey(is, at) ? 'none' : fault;
  if (befalls !== 'none') place.plant?.(what, befalls);
  const [shown, token] = by === 'holder' ? [] : [by, tokens[by]];
  const outcome = await processes[at].ask(asked, token);
  const end = `${asked.do} ${'code' in outcome ? outcome.code : 'ok'}`;
  met.set(end, (met.get(end) ?? 0) + 1);
  settle(is, outcome, (world) => {
    if (!hasKey(is, at)) return [{ model: world, outcome: WITHOUT_KEY }];
    const right = step(world, asked, shown);
    const told = { ...right, outcome: place.told?.(asked, right.outcome) ?? right.outcome };
    return [underFault(world, told, befalls, { what, isHolder: by === 'holder' })];
  });
}

/** What is answered where a commit has failed; harmless faults are none that anybody sees. */
function underFault(
  before: Model,
  right: Possible,
  fault: Fault,
  { what, isHolder }: { what: 'change' | 'read'; isHolder: boolean },
): Possible {
  if (['none', 'claim-lost', 'fails-written'].includes(fault)) return right;
  const code =
    fault === 'rejected'
      ? 'commit-rejected'
      : fault === 'fails-unwritten'
        ? 'store-unavailable'
        : 'outcome-unknown';
  const model = fault === 'unknown-written' ? right.model : before;
  // Whoever does not hold the key is told no more of the store than that the line of a read is missing; and of a read nobody is
  // told that its outcome is unknown.
  const isUnaudited = what === 'read' && (!isHolder || code === 'outcome-unknown');
  return { model, outcome: { code: isUnaudited ? 'audit-unavailable' : code } };
}

async function askBoth(
  is: Known,
  { place, processes }: Real,
  both: readonly [Ask, Ask],
): Promise<void> {
  const outcomes = await Promise.all(processes.map((one, at) => one.ask(both[at]!)));
  settle(is, outcomes, (world) =>
    [
      [0, 1],
      [1, 0],
    ].map((order) => {
      let model = world;
      const told: Outcome[] = [];
      for (const at of order as (0 | 1)[]) {
        const asked = both[at];
        const right = hasKey(is, at) ? step(model, asked) : { model, outcome: WITHOUT_KEY };
        model = right.model;
        told[at] = place.told?.(asked, right.outcome) ?? right.outcome;
      }
      return { model, outcome: told };
    }),
  );
}

async function makeToken(is: Known, { processes, tokens }: Real, at: 0 | 1): Promise<void> {
  const made = await processes[at].makeToken();
  if (!hasKey(is, at)) return expect(made).toEqual(WITHOUT_KEY);
  tokens.push(String((made as { is: unknown }).is));
  const number = is.tokens;
  is.tokens += 1;
  for (const { user } of is.worlds) {
    user.isThere = true;
    user.tokens.push(number);
  }
}

async function revokeToken(
  is: Known,
  { processes, tokens }: Real,
  { at, token }: { at: 0 | 1; token: number },
): Promise<void> {
  const outcome = await processes[at].revokeToken(tokens[token] ?? '');
  settle(is, outcome, (world) => {
    if (!hasKey(is, at)) return [{ model: world, outcome: WITHOUT_KEY }];
    const model = structuredClone(world);
    model.user.tokens = model.user.tokens.filter((one) => one !== token);
    const wasThere = model.user.tokens.length < world.user.tokens.length;
    return [{ model, outcome: wasThere ? { is: 'done' } : { code: 'token-not-found' } }];
  });
}

/** Keeps the states that fit what was answered; there has to be one. */
function settle<T>(
  is: Known,
  outcome: T,
  possible: (world: Model) => { model: Model; outcome: T }[],
): void {
  const all = is.worlds.flatMap(possible);
  const fitting = all.filter((one) => isEqual(one.outcome, outcome));
  // Shown by vitest as a difference, from the likeliest one.
  if (fitting.length === 0) expect(outcome).toEqual(all[0]?.outcome);
  const byText = new Map(fitting.map(({ model }) => [JSON.stringify(model), model]));
  is.worlds = [...byText.values()];
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const hasKey = ({ masterKey, began }: Known, at: 0 | 1): boolean =>
  masterKey - (began[at] ?? 0) <= 1;

const CHANGES: ReadonlySet<Ask['do']> = new Set<Ask['do']>([
  'put',
  'import',
  'delete',
  'restore',
  'set-metadata',
  'grant',
  'revoke',
  'forget-user',
]);

function isChange(asked: Ask): boolean {
  return CHANGES.has(asked.do);
}
