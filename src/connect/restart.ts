// A restart of one connector, watched until it has come to its end.
import { failedOf, restlessOf } from './plan.ts';
import type { ConnectorStatus } from './worker-answers.ts';
import type { ConnectWorker } from './worker.ts';

export interface RestartOptions {
  /** For how long it may be neither running nor failed. */
  timeoutMs: number;
  wait: (milliseconds: number) => Promise<void>;
  /** Milliseconds of a clock that only goes forward. */
  now: () => number;
}

/** `why` follows the name of the connector. */
export type Restarted = { done: true } | { done: false; why: string };

const LOOK_EVERY_MS = 100;
/**
 * A worker answers before it begins, and shows the states of before until then. A part that was seen in another state
 * has begun; of the others that is believed after this time.
 */
const SETTLED_MS = 3000;
/**
 * Where a reference cannot be resolved in the midst of a restart, the worker leaves the connector RESTARTING for ever. The
 * plugin remembers for two seconds that the registry was down, so that this happens just after it came back. After this
 * time it is asked for once more, and then ever more rarely: there are connectors that are slow to start.
 */
const AGAIN_AFTER_MS = 5000;

/** Fails with the codes of the worker. */
export async function restart(
  worker: Pick<ConnectWorker, 'restart' | 'status'>,
  name: string,
  before: ConnectorStatus,
  { timeoutMs, wait, now }: RestartOptions,
): Promise<Restarted> {
  const begun = new Begun(before);
  const since = now();
  await worker.restart(name);
  let again = AGAIN_AFTER_MS;
  for (;;) {
    const status = await worker.status(name);
    begun.look(status);
    const elapsed = now() - since;
    if (elapsed >= SETTLED_MS || begun.isAll(status)) {
      const end = endOf(status);
      if (end !== undefined) return end;
    }
    if (elapsed > timeoutMs) {
      const seconds = Math.round(elapsed / 1000);
      return { done: false, why: `${restlessOf(status) ?? 'it is not ready'} for ${seconds} s` };
    }
    if (elapsed >= again) {
      await worker.restart(name);
      again *= 3;
    }
    await wait(LOOK_EVERY_MS);
  }
}

/** Undefined while it is on its way. */
function endOf(status: ConnectorStatus): Restarted | undefined {
  const failed = failedOf(status);
  if (failed !== undefined) return { done: false, why: `${failed} after the restart` };
  if (status.state === 'PAUSED' || status.state === 'STOPPED')
    return { done: false, why: `somebody made it ${status.state} meanwhile` };
  return restlessOf(status) === undefined ? { done: true } : undefined;
}

/** Which parts of a connector were seen in another state than before the restart. */
class Begun {
  readonly #before: ReadonlyMap<string, string>;
  readonly #seen = new Set<string>();

  constructor(before: ConnectorStatus) {
    this.#before = new Map(parts(before));
  }

  look(status: ConnectorStatus): void {
    for (const [part, state] of parts(status))
      if (state !== this.#before.get(part)) this.#seen.add(part);
  }

  /** Without any task nobody can say yet whether some are still to come. */
  isAll(status: ConnectorStatus): boolean {
    return status.tasks.length > 0 && parts(status).every(([part]) => this.#seen.has(part));
  }
}

function parts({ state, tasks }: ConnectorStatus): [string, string][] {
  return [['', state], ...tasks.map((task): [string, string] => [String(task.id), task.state])];
}
