// A trial of a registry whose store fails: random commands of two processes, and after each of them an observer whose store
// does not fail. What it sees is held against what the commands were told.
import { verifyAudit } from '../../src/registry/audit-read.ts';
import type { Core } from '../../src/registry/core.ts';
import { secretMeta } from '../../src/registry/records.ts';
import { registryFor } from '../../src/registry/registry.ts';
import type { Gate } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';
import { caller, codeOf, type Env, environment, init, key, openAs } from '../registry/fixture.ts';
import { type Call, faulty, type Tally } from './faulty-store.ts';
import { allOf } from './store.contract.ts';

/** By path, key and version: its state and value. */
export type Picture = Record<string, string>;

/** What one command would do, and what its caller was told. */
export interface Told {
  requestId: string;
  code: string;
  /** What it would put there. */
  effect: Picture;
}

/** From then on a restart fails no more. */
const TRIES = 10;

export class FaultTrial {
  readonly #newStore: () => Store;
  readonly #random: () => number;
  readonly #tally: Tally;
  readonly #env: Env = environment();
  readonly #processes: Core[] = [];
  readonly #told: Told[] = [];
  #observer: Core | undefined;
  #requests = 0;
  #held: Gate[] = [];
  #running = 0;

  private constructor(newStore: () => Store, random: () => number, tally: Tally) {
    this.#newStore = newStore;
    this.#random = random;
    this.#tally = tally;
  }

  static async begin(
    newStore: () => Store,
    random: () => number,
    tally: Tally,
  ): Promise<FaultTrial> {
    const trial = new FaultTrial(newStore, random, tally);
    await init(newStore(), trial.#env);
    trial.#observer = (await openAs(newStore(), trial.#env)).core;
    for (const at of [0, 1]) trial.#processes[at] = await trial.#open();
    return trial;
  }

  process(at: number): Core {
    return this.#processes[at] as Core;
  }

  /** Does something as a process, and answers what it was told. `effect` is what it asked for, where that is a change. */
  async ask<T>(
    at: number,
    work: (as: ReturnType<typeof registryFor>, core: Core) => Promise<T>,
    effectOf: (answer: T | undefined) => Picture = () => ({}),
  ): Promise<{ told: Told; answer: T | undefined }> {
    this.#requests += 1;
    const requestId = `request-${this.#requests}`;
    const core = this.process(at);
    let answer: T | undefined;
    this.#running += 1;
    const doing = work(registryFor(core, { ...caller, requestId }), core).then(
      (one) => (answer = one),
    );
    const code = await codeOf(doing);
    this.#running -= 1;
    this.#release();
    const told = { requestId, code, effect: effectOf(answer) };
    this.#told.push(told);
    return { told, answer };
  }

  async restart(at: number): Promise<void> {
    // It is closed in any case, as a process that ends is.
    await codeOf(this.process(at).close());
    this.#processes[at] = await this.#open();
  }

  /** What is there for somebody whose store does not fail. */
  async observe(): Promise<Picture> {
    const observer = this.#observer as Core;
    await observer.catchUp();
    return pictureOf(observer);
  }

  /** Closes all, opens anew and answers what is there then, and which answers are missing in the trail. */
  async end(): Promise<{ picture: Picture; faults: unknown[]; unaudited: string[] }> {
    for (const core of [...this.#processes, this.#observer as Core]) await codeOf(core.close());
    const { core } = await openAs(this.#newStore(), this.#env, { key: key() });
    const { fault } = await verifyAudit(core);
    const done = new Map<string, boolean>();
    for (const { line } of await allOf(core.store.readAudit())) {
      const { data } = JSON.parse(line) as Line;
      if (data.result.status === 'ok') done.set(data.request.requestId, true);
    }
    const unaudited = this.#told.flatMap(({ requestId, code, effect }) => {
      const isThere = done.has(requestId);
      if (code === 'no error' && !isThere) return [`${requestId} was answered unaudited`];
      const isChange = Object.keys(effect).length > 0;
      const isRefused = ['store-unavailable', 'commit-rejected'].includes(code);
      return isChange && isRefused && isThere
        ? [`${requestId} was refused, and stands there as done`]
        : [];
    });
    const picture = pictureOf(core);
    const faults = [fault, ...core.state.alarms].filter((one) => one !== undefined);
    await core.close();
    return { picture, faults, unaudited };
  }

  async #open(): Promise<Core> {
    for (let tries = 0; ; tries += 1) {
      const store = this.#newStore();
      const script = {
        next: (call: Call) => (tries < TRIES ? this.#tally.draw(call, this.#random) : undefined),
        wait: (gate: Gate) => {
          this.#held.push(gate);
          this.#release();
        },
      };
      try {
        return (await openAs(faulty(store, script), this.#env)).core;
      } catch (error) {
        await store.close();
        if (tries >= TRIES) throw error;
      }
    }
  }

  /** Whoever waits at a gate does so as long as somebody else is doing something. */
  #release(): void {
    if (this.#held.length < this.#running) return;
    for (const gate of this.#held.splice(0)) gate.release();
  }
}

interface Line {
  data: { request: { requestId: string }; result: { status: string } };
}

function pictureOf(core: Core): Picture {
  const picture: Picture = {};
  for (const path of core.state.paths()) {
    for (const { key, versions, lastVersion } of core.state.entries(path)) {
      picture[`${path} ${key}`] = String(lastVersion);
      for (const [version, found] of versions) {
        if (!('record' in found)) throw new Error(`${path}:${key} ${version} is damaged`);
        const { record } = found;
        const place = { path, key, version, meta: secretMeta(record) };
        const value = Buffer.from(core.open(place, record.sealed, 'it')).toString();
        picture[`${path} ${key} ${version}`] = `${record.state} ${value}`;
      }
    }
  }
  return picture;
}
