// A change of the master key inside a process that goes on serving. It runs on a handle of its own, as that of another
// process would; the served registry follows, because it was given both keys before.
import { setTimeout as delay } from 'node:timers/promises';
import type { MasterKeyInput } from '../crypto/master-key.ts';
import type { Caller } from '../domain/audit-event.ts';
import { type ErrorCode, SecretregError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { allowedBy } from './authorize.ts';
import type { Core } from './core.ts';
import { descriptor, type GivenKeys, inputOf } from './keyring.ts';
import {
  openRotation,
  type Progress,
  type Report,
  type RotationStatus,
  rotationStatus,
} from './rotation.ts';

export interface RotationProgress {
  /** The key that is changed to. */
  kid: string;
  state: 'running' | 'done' | 'failed';
  /** Records that were re-encrypted, and how many there were to do. */
  done: number;
  total: number;
  /** Why it failed. */
  error?: ErrorCode;
}

export interface LiveRotationOptions {
  core: Core;
  /** Those that this process holds now. */
  keys: () => GivenKeys;
  /** Another handle on the same log. */
  openStore: () => Promise<Store>;
}

export class LiveRotation {
  readonly #core: Core;
  readonly #keys: () => GivenKeys;
  readonly #openStore: () => Promise<Store>;
  #progress: RotationProgress | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor({ core, keys, openStore }: LiveRotationOptions) {
    this.#core = core;
    this.#keys = keys;
    this.#openStore = openStore;
  }

  /** How many records are under each key. */
  keys(caller: Caller): Promise<RotationStatus['keys']> {
    return this.#core.audited(caller, { method: 'masterKey.List' }, () => ({
      result: rotationStatus(this.#core.state).keys,
    }));
  }

  /** The last change that was asked for here; undefined where there was none. */
  status(caller: Caller): Promise<RotationProgress | undefined> {
    return this.#core.audited(caller, { method: 'masterKey.List' }, () => ({
      result: this.#progress,
    }));
  }

  /** Begins, or goes on with, the change to a key that this process holds. Fails with master-key-not-held or rotation-running. */
  async start(caller: Caller, kid: string): Promise<RotationProgress> {
    const role = await this.#core.audited(caller, { method: 'masterKey.Rotate' }, (rights) => {
      this.#requireNoneRunning();
      const to = inputOf(this.#core.state, this.#inputs(), kid);
      if (to === undefined) throw new SecretregError('master-key-not-held', { kid });
      return { result: { to, role: allowedBy(rights, 'rotate')?.role ?? '' } };
    });
    // Another one may have begun while this one was audited.
    this.#requireNoneRunning();
    return this.#begin({ caller, ...role }, kid);
  }

  /**
   * Begins, or goes on with, the change from the old key that was given to the key itself: answers undefined where the
   * registry is under that one already. Fails with rotation-running.
   */
  startFromOldKey(caller: Caller): RotationProgress | undefined {
    this.#requireNoneRunning();
    const { state } = this.#core;
    const { key: to } = this.#keys();
    const active = descriptor(state, 'active')?.kid ?? '';
    const isUnder = inputOf(state, [to], active) !== undefined;
    if (isUnder && descriptor(state, 'retiring') === undefined) return undefined;
    return this.#begin({ caller, to, role: 'SystemAdmin' }, isUnder ? active : '');
  }

  /** Resolves when nothing runs any more, with how the last change that was asked for here has ended. */
  async settled(): Promise<RotationProgress | undefined> {
    await this.#running;
    return this.#progress;
  }

  #begin(
    change: { caller: Caller; to: MasterKeyInput; role: string },
    kid: string,
  ): RotationProgress {
    const progress: RotationProgress = { kid, state: 'running', done: 0, total: 0 };
    this.#progress = progress;
    this.#running = this.#run(change, progress);
    return { ...progress };
  }

  #requireNoneRunning(): void {
    if (this.#progress?.state === 'running')
      throw new SecretregError('rotation-running', { kid: this.#progress.kid });
  }

  #inputs(): MasterKeyInput[] {
    const { key, oldKey, accepted = [] } = this.#keys();
    return [key, ...(oldKey ? [oldKey] : []), ...accepted];
  }

  /** The key to change from: of those given the active one, or the one that is retiring in a change that was interrupted. */
  #from(to: MasterKeyInput): MasterKeyInput {
    const { state } = this.#core;
    const kid = descriptor(state, 'retiring')?.kid ?? descriptor(state, 'active')?.kid ?? '';
    return inputOf(state, this.#inputs(), kid) ?? to;
  }

  async #run(
    { to, caller, role }: { to: MasterKeyInput; caller: Caller; role: string },
    progress: RotationProgress,
  ): Promise<void> {
    let store: Store | undefined;
    try {
      store = await this.#openStore();
      const { clock, random } = this.#core;
      const given = { key: this.#from(to) };
      const rotation = await openRotation({ store, given, to, caller, role, clock, random });
      // That of a passphrase is known when its salt is.
      progress.kid = rotation.to;
      await rotation.run(takingTurns((now) => Object.assign(progress, now)));
      progress.state = 'done';
    } catch (error) {
      progress.state = 'failed';
      progress.error = error instanceof SecretregError ? error.code : 'ours';
    } finally {
      await store?.close().catch(() => undefined);
    }
  }
}

/** A batch is one stretch of work in which nothing is answered: after each one, whoever waits gets as long as it took. */
function takingTurns(report: (progress: Progress) => void): Report {
  let begun = performance.now();
  return async (progress) => {
    report(progress);
    await delay(performance.now() - begun);
    begun = performance.now();
  };
}
