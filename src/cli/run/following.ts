// `run --watch`: the command is started anew, or told, when a value that it has is another one in the registry. Whatever
// goes wrong meanwhile, it goes on with what it has.
import { setTimeout as wait } from 'node:timers/promises';
import type { SecretValue } from '../../domain/secret-value.ts';
import { type Io, note } from '../io.ts';
import { openNames, type RegistryNames } from '../registry-names.ts';
import { withRegistryOf } from '../session.ts';
import { keepLooking } from '../watching.ts';
import { changedIn, Changes } from './changes.ts';
import { type Held, readSecrets, type Source, type Wanted } from './source.ts';

interface FollowingOptions {
  io: Io;
  source: Source;
  /** Opened once already, so that what can never work is told before the command is started. */
  names: RegistryNames;
  intervalMs: number;
  /** Hands the new values to the command; `changed` are the names of the secrets. */
  apply: (values: Map<string, SecretValue>, held: Held, changed: string[]) => Promise<void>;
}

/** A question to a registry that is away may be open for long; when the command has ended nobody waits for its answer. */
const LAST_LOOK_MS = 1000;

export class Following {
  readonly #options: FollowingOptions;
  readonly #changes: Changes;
  readonly #end = new AbortController();
  #names: RegistryNames | undefined;
  /** What the command has. */
  #applied: Held;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: FollowingOptions) {
    const { io, source, names } = options;
    this.#options = options;
    this.#names = names;
    this.#applied = source.held;
    this.#changes = new Changes({
      ...source,
      read: (wanted) => readAgain(io, source, wanted),
      tell: (text) => note(io, text),
    });
  }

  /** `fail` gets a fault of our own; after any other error it looks again. */
  begin(fail: (error: unknown) => Promise<void>): void {
    const { io, intervalMs } = this.#options;
    this.#looking = keepLooking({
      intervalMs,
      look: () => this.#look(),
      drop: () => this.#drop(),
      tell: (text) => note(io, text),
      back: 'the secrets are followed again',
      hasWorked: true,
      signal: this.#end.signal,
    }).catch(fail);
  }

  /** Answers false where a request is still open, which would keep this process from its end. */
  async end(): Promise<boolean> {
    this.#end.abort();
    const isOver = await Promise.race([
      this.#looking.then(() => true),
      wait(LAST_LOOK_MS, false, { ref: false }),
    ]);
    if (isOver) await this.#drop();
    return isOver;
  }

  /** What could not be handed over is tried again at the next look. */
  async #look(): Promise<void> {
    const { io, source, apply } = this.#options;
    this.#names ??= await openNames(io, source.settings);
    await this.#changes.look(this.#names);
    const held = new Map(this.#changes.held);
    const changed = changedIn(held, this.#applied);
    if (changed.length === 0 || this.#end.signal.aborted) return;
    await apply(await source.compose(held), held, changed);
    this.#applied = held;
  }

  async #drop(): Promise<void> {
    this.#changes.forget();
    await this.#names?.close();
    this.#names = undefined;
  }
}

/** Opens the registry for this read alone: the master key is not kept in memory for as long as the command runs. */
function readAgain(io: Io, { settings }: Source, wanted: Wanted): Promise<Held> {
  const [path, another] = wanted.keys();
  const scope = path !== undefined && another === undefined ? { path } : {};
  return withRegistryOf(io, settings, scope, ({ registry }) => readSecrets(io, registry, wanted));
}
