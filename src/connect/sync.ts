// Brings the connectors of a group to the newest versions of their secrets: only a restart of a connector with all its
// tasks reaches the tasks dependably. One connector after another, each watched to its end, so that one bad secret
// does not take all of them down at once.
import { compare } from '../domain/compare.ts';
import { hasCode } from '../errors.ts';
import {
  type Decision,
  decide,
  type Held,
  heldBy,
  isSame,
  providersIn,
  type SecretRef,
  secretsIn,
  type Versions,
} from './plan.ts';
import { restart, type RestartOptions } from './restart.ts';
import type { Connector } from './worker-answers.ts';
import type { ConnectWorker } from './worker.ts';

/** What each connector is known to run with. Several processes may use one: what others wrote is kept. */
export interface SyncRecord {
  read(): ReadonlyMap<string, readonly Held[]>;
  /** Takes an entry for what stands there, and leaves all the others as they are now. */
  set(connector: string, held: readonly Held[]): void;
  /** Forgets connectors that are there no more. */
  keepOnly(connectors: ReadonlySet<string>): void;
  /** Fails where `set` would. */
  requireWritable(): void;
}

export interface SyncOptions extends RestartOptions {
  worker: ConnectWorker;
  /** The latest versions, as they are at the call. */
  latest: () => Promise<Versions>;
  record: SyncRecord;
  isOurs: (provider: string) => boolean;
  /** Why a provider of the worker cannot read secrets: what is restarted then does not come back, or runs on with old ones. */
  whyUnreadable: (connector: Connector, provider: string) => Promise<string | undefined>;
  /** Takes a connector of which nothing is known for one that runs with the latest versions. */
  assumeCurrent: boolean;
  /** Tells what would be restarted, and changes nothing. */
  dryRun: boolean;
  /** For how long a connector may be on its way before it is restarted. */
  graceMs: number;
}

export interface Outcome {
  connector: string;
  result: 'current' | 'restarted' | 'would-restart' | 'recorded' | 'left' | 'missing' | 'failed';
  why: string;
}

/** After a restart that failed, and twice that after the next one. */
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 300_000;

export class Sync {
  readonly #options: SyncOptions;
  /** Connectors that failed, and how long they are left alone, unless their secrets move. */
  readonly #pauses = new Map<string, { held: readonly Held[]; pause: number; until: number }>();
  /** Since when a connector is on its way. */
  readonly #restless = new Map<string, number>();
  /** In the references of all connectors, as the last round saw them. */
  #providers: ReadonlySet<string> = new Set();
  /** The latest versions, read in this round since the last restart in it. */
  #versions: Versions | undefined;
  /** Of providers, why they cannot read secrets, as the worker said in this round since the last restart that failed. */
  readonly #unreadable = new Map<string, string | undefined>();

  constructor(options: SyncOptions) {
    this.#options = options;
  }

  /** Whether a connector is on its way, and has to be looked at again. */
  get isRestless(): boolean {
    return this.#restless.size > 0;
  }

  /** Whether something has to be done again before anything else changes. */
  get isPending(): boolean {
    const now = this.#options.now();
    return this.isRestless || [...this.#pauses.values()].some(({ until }) => until <= now);
  }

  /** The providers that connectors refer to, whosever they are. */
  get providers(): ReadonlySet<string> {
    return this.#providers;
  }

  /** One look at every connector that refers to secrets. Fails with the codes of the registry and of the worker, where that cannot be asked. */
  async *round(): AsyncGenerator<Outcome> {
    const { worker, record, isOurs, dryRun } = this.#options;
    this.#versions = await this.#options.latest();
    this.#unreadable.clear();
    const connectors = await worker.connectors();
    this.#providers = new Set(
      [...connectors.values()].flatMap(({ config }) => providersIn(config)),
    );
    if (!dryRun) record.keepOnly(new Set(connectors.keys()));
    for (const map of [this.#pauses, this.#restless])
      for (const name of map.keys()) if (!connectors.has(name)) map.delete(name);
    for (const [name, connector] of [...connectors].sort(([a], [b]) => compare(a, b))) {
      const secrets = secretsIn(connector.config, isOurs);
      if (secrets.length > 0) yield* this.#bring(name, connector, secrets);
    }
  }

  async *#bring(
    name: string,
    connector: Connector,
    secrets: readonly SecretRef[],
  ): AsyncGenerator<Outcome> {
    const { record, assumeCurrent, dryRun } = this.#options;
    // The restarts of others took their time, and another process may have done it meanwhile.
    const versions = (this.#versions ??= await this.#options.latest());
    const decision = decide({ connector, secrets, versions, held: record.read().get(name) });
    const held = heldBy(secrets, versions);
    const told = (result: Outcome['result'], why = ''): Outcome => ({
      connector: name,
      result,
      why,
    });
    if (decision.act !== 'wait') this.#restless.delete(name);
    if (decision.act === 'leave' || decision.act === 'report') this.#pauses.delete(name);
    switch (decision.act) {
      case 'nothing':
        if (!this.#isPaused(name, held)) this.#pauses.delete(name);
        return yield told('current');
      case 'leave':
        return yield told('left', decision.why);
      case 'report':
        return yield told('missing', decision.why);
      case 'wait':
        if (!dryRun && !this.#isStuck(name)) return;
        return yield* this.#restart(name, connector, held, decision);
      case 'restart':
        if (decision.because === 'unknown' && assumeCurrent) {
          if (!dryRun) record.set(name, held);
          return yield told('recorded', heldText(held));
        }
        return yield* this.#restart(name, connector, held, decision);
    }
  }

  async *#restart(
    name: string,
    connector: Connector,
    held: readonly Held[],
    decision: Extract<Decision, { act: 'wait' | 'restart' }>,
  ): AsyncGenerator<Outcome> {
    const { why } = decision;
    if (this.#options.dryRun) return yield { connector: name, result: 'would-restart', why };
    if (this.#isPaused(name, held)) return;
    const useless = await this.#whyUseless(connector);
    if (useless !== undefined)
      return yield { connector: name, result: 'failed', why: `${useless} (${why})` };
    const ended = await this.#restarted(name, connector);
    this.#versions = undefined;
    this.#restless.delete(name);
    if (ended === undefined) return;
    const isByVersions = decision.act === 'restart' && decision.because !== 'failed';
    if (!ended.done || !isByVersions) this.#pause(name, held);
    if (!ended.done) {
      this.#unreadable.clear();
      return yield { connector: name, result: 'failed', why: `${ended.why} (${why})` };
    }
    // What was the latest before the restart: a version that came meanwhile may or may not have been read.
    this.#options.record.set(name, held);
    yield { connector: name, result: 'restarted', why };
  }

  /** A restart that brings nothing, or is not remembered, takes a connector down again and again. */
  async #whyUseless(connector: Connector): Promise<string | undefined> {
    const { record, isOurs, whyUnreadable } = this.#options;
    record.requireWritable();
    for (const provider of new Set(providersIn(connector.config).filter(isOurs))) {
      if (!this.#unreadable.has(provider))
        this.#unreadable.set(provider, await whyUnreadable(connector, provider));
      const why = this.#unreadable.get(provider);
      if (why !== undefined)
        return `it is left as it is, for the worker cannot read secrets: ${why}`;
    }
    return undefined;
  }

  /** A connector that fails for another reason than its secrets is not restarted over and over. */
  #pause(name: string, held: readonly Held[]): void {
    const before = this.#pauses.get(name)?.pause;
    const pause = Math.min(before === undefined ? FIRST_PAUSE_MS : before * 2, LONGEST_PAUSE_MS);
    this.#pauses.set(name, { held, pause, until: this.#options.now() + pause });
  }

  #isPaused(name: string, held: readonly Held[]): boolean {
    const pause = this.#pauses.get(name);
    return pause !== undefined && isSame(pause.held, held) && this.#options.now() < pause.until;
  }

  /** Undefined where there is no such connector any more. */
  async #restarted(name: string, connector: Connector) {
    try {
      return await restart(this.#options.worker, name, connector, this.#options);
    } catch (error) {
      if (hasCode(error, 'worker-refused') && error.params.status === 404) return undefined;
      const why = refusalOf(error) ?? (await this.#ofThisAlone(error));
      if (why === undefined) throw error;
      return { done: false as const, why };
    }
  }

  /** Kafka 4 answers no request about a connector whose name has a slash; a proxy may answer one of many in its own way. */
  async #ofThisAlone(error: unknown): Promise<string | undefined> {
    if (!hasCode(error, 'worker-unreachable')) return undefined;
    return (await this.#options.worker.isThere()) ? error.params.reason : undefined;
  }

  #isStuck(name: string): boolean {
    const { now, graceMs } = this.#options;
    const since = this.#restless.get(name) ?? now();
    this.#restless.set(name, since);
    return now() - since >= graceMs;
  }
}

/** Of this connector alone: a worker may let some be restarted by this log-in, and others not. */
function refusalOf(error: unknown): string | undefined {
  if (hasCode(error, 'worker-not-allowed', 'worker-log-in-refused'))
    return `the worker does not take it from this log-in (${error.params.status})`;
  if (hasCode(error, 'worker-refused'))
    return `the worker refused it (${error.params.status}): ${error.params.reason}`;
  return undefined;
}

function heldText(held: readonly Held[]): string {
  return held.map(({ path, key, version }) => `${path}:${key} ${version}`).join(', ');
}
