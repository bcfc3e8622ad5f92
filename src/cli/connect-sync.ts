// `connect sync`, once: looks at every connector until nothing is left to do, and tells of each one.
import { setTimeout as wait } from 'node:timers/promises';
import { versionsOf, type Versions } from '../connect/plan.ts';
import { type Outcome, Sync } from '../connect/sync.ts';
import type { Connector } from '../connect/worker-answers.ts';
import type { ConnectWorker } from '../connect/worker.ts';
import { whyUnreadable } from './connect-check/probes.ts';
import { FileRecord } from './connect-record.ts';
import { type Io, note } from './io.ts';
import { openNames, type RegistryNames } from './registry-names.ts';
import { type Column, type Format, printRows } from './rows.ts';
import type { Settings } from './settings.ts';

export interface SyncPlan {
  settings: Settings;
  /** A new one, with its files read anew. */
  worker: () => ConnectWorker;
  file: string;
  providers: readonly string[];
  timeoutMs: number;
  assumeCurrent: boolean;
  dryRun: boolean;
}

/** Registry and worker, both asked once already. */
export interface Link {
  sync: Sync;
  names: RegistryNames;
  close(): Promise<void>;
}

export const columns: Column<Outcome>[] = [
  { name: 'connector', value: (row) => row.connector },
  { name: 'result', value: (row) => row.result },
  { name: 'why', value: (row) => row.why },
];

/** For how long a connector may be on its way before it is restarted: tasks move at every change of the group. */
const GRACE_MS = 5000;
const LOOK_EVERY_MS = 500;
/**
 * For two seconds after an outage the plugin takes the registry for down (`down.memory.ms`), and may serve the values of
 * before: a connector that is restarted then would run on with the old ones.
 */
export const PLUGIN_REMEMBERS_MS = 3000;
/** As often a secret may change again in the midst of it. */
const MOST_RESTARTS = 5;

/** Answers the exit code. Fails with the codes of registry and worker, behind what was done until then. */
export async function syncOnce(io: Io, plan: SyncPlan, format: Format): Promise<number> {
  const link = await openLink(io, plan);
  const outcomes = new Map<string, Outcome>();
  try {
    await untilNothingIsLeft(link.sync, plan, outcomes);
  } finally {
    await link.close();
    await printRows(io, format, columns, [...outcomes.values()]);
  }
  tellUnused(link.sync, plan, (text) => note(io, text));
  return [...outcomes.values()].some(({ result }) => result === 'failed' || result === 'missing')
    ? 1
    : 0;
}

export async function openLink(io: Io, plan: SyncPlan): Promise<Link> {
  const { settings, file, providers, timeoutMs, assumeCurrent, dryRun } = plan;
  const names = await openNames(io, settings);
  const worker = plan.worker();
  try {
    const { kafkaClusterId } = await worker.about();
    const record = new FileRecord(file, { registry: names.id, cluster: kafkaClusterId });
    record.read();
    const sync = new Sync({
      worker,
      record,
      timeoutMs,
      assumeCurrent,
      dryRun,
      latest: latestOf(names),
      isOurs: (provider) => providers.includes(provider),
      whyUnreadable: (connector, provider) => whyStillUnreadable(worker, connector, provider),
      graceMs: GRACE_MS,
      wait,
      now: () => performance.now(),
    });
    const close = async () => {
      worker.close();
      await names.close();
    };
    return { sync, names, close };
  } catch (error) {
    worker.close();
    await names.close();
    throw error;
  }
}

/** Behind the time for which the plugin remembers an outage. */
async function whyStillUnreadable(
  worker: ConnectWorker,
  { config }: Connector,
  provider: string,
): Promise<string | undefined> {
  const className = config.get('connector.class') ?? '';
  const until = performance.now() + PLUGIN_REMEMBERS_MS;
  for (;;) {
    const why = await whyUnreadable(worker, className, provider);
    if (why === undefined || performance.now() >= until) return why;
    await wait(LOOK_EVERY_MS);
  }
}

/** A slip in the name of a provider would look as if all were well. */
export function tellUnused(
  { providers }: Sync,
  plan: SyncPlan,
  tell: (text: string) => void,
): void {
  if (plan.providers.some((name) => providers.has(name))) return;
  const quoted = (names: Iterable<string>) => [...names].map((name) => `'${name}'`);
  const unused = `no connector refers to provider ${quoted(plan.providers).join(' or ')}`;
  const used = quoted(providers).sort().join(', ');
  tell(used === '' ? unused : `${unused}: those that connectors refer to are ${used}`);
}

/** The listing is asked for where something was committed since the last one. */
function latestOf(names: RegistryNames): () => Promise<Versions> {
  let known: { position: number; versions: Versions } | undefined;
  return async () => {
    const position = await names.position();
    if (known?.position !== position)
      known = { position, versions: versionsOf(await names.keys()) };
    return known.versions;
  };
}

/** A secret that changes in the midst of it is found by one more round. */
async function untilNothingIsLeft(
  sync: Sync,
  { dryRun }: SyncPlan,
  outcomes: Map<string, Outcome>,
): Promise<void> {
  for (let restarts = 0; restarts < MOST_RESTARTS; ) {
    let hasRestarted = false;
    for await (const outcome of sync.round()) {
      hasRestarted ||= outcome.result === 'restarted';
      const before = outcomes.get(outcome.connector);
      if (before === undefined || outcome.result !== 'current')
        outcomes.set(outcome.connector, outcome);
    }
    if (dryRun || (!hasRestarted && !sync.isRestless)) return;
    if (hasRestarted) restarts += 1;
    else await wait(LOOK_EVERY_MS);
  }
}
