// `connect sync --watch`: goes on until it is ended.
import { escapedJson } from '../domain/escaped-json.ts';
import { setTimeout as wait } from 'node:timers/promises';
import type { Outcome } from '../connect/sync.ts';
import {
  columns,
  type Link,
  openLink,
  PLUGIN_REMEMBERS_MS,
  type SyncPlan,
  tellUnused,
} from './connect-sync.ts';
import { type Io, print } from './io.ts';
import { type Format, line } from './rows.ts';
import { keepLooking } from './watching.ts';

interface WatchOptions {
  format: Format;
  intervalMs: number;
  /** A note for the person. */
  tell: (text: string) => void;
}

/** Without a change of a secret, the connectors are looked at as often: for those that failed, and new ones. */
const CONNECTORS_EVERY_MS = 10_000;

/** Fails only with what no waiting will mend: what was never right since it began. */
export async function watch(io: Io, plan: SyncPlan, options: WatchOptions): Promise<never> {
  const { intervalMs, tell } = options;
  const told = new Map<string, string>();
  let hasWorked = false;
  let watched: Watched | undefined;
  await keepLooking({
    intervalMs,
    tell,
    back: 'registry and worker answer again',
    async look(isBack) {
      watched ??= new Watched(await openLink(io, plan));
      if (isBack) await wait(PLUGIN_REMEMBERS_MS);
      for await (const outcome of watched.look()) await tellOutcome(io, options, told, outcome);
      if (!hasWorked) tellUnused(watched.link.sync, plan, tell);
      hasWorked = true;
    },
    async drop() {
      await watched?.close();
      // Opened anew, with the files of the log-ins read again; it may be another registry then.
      watched = undefined;
    },
  });
  throw new Error('a watch that nothing ends has ended');
}

class Watched {
  readonly link: Link;
  #position: number | undefined;
  #lookedAt = 0;

  constructor(link: Link) {
    this.link = link;
  }

  async *look(): AsyncGenerator<Outcome> {
    const { sync, names } = this.link;
    const position = await names.position();
    const now = performance.now();
    const isDue = now - this.#lookedAt >= CONNECTORS_EVERY_MS;
    if (position === this.#position && !isDue && !sync.isPending) return;
    yield* sync.round();
    this.#position = position;
    this.#lookedAt = now;
  }

  close(): Promise<void> {
    return this.link.close();
  }
}

/** Each thing once, until it changes; that all is well is not told. */
async function tellOutcome(
  io: Io,
  { format }: WatchOptions,
  told: Map<string, string>,
  outcome: Outcome,
): Promise<void> {
  const { connector, result } = outcome;
  const text = format === 'jsonl' ? `${escapedJson(outcome)}\n` : line(columns, outcome);
  const isNews = result === 'restarted' || told.get(connector) !== text;
  told.set(connector, text);
  if (isNews && result !== 'current') await print(io, text);
}
