// A history: what some clients asked of processes that are killed meanwhile, and what they were answered.
import type { Ask, Outcome } from '../../registry/model/asks.ts';
import { ChildProcess, Ended } from '../../registry/model/child-process.ts';
import { empty, type Model, step } from '../../registry/model/model.ts';
import { isLinearizable, type Operation } from './linearizable.ts';

type Recorded = Operation<Ask, Outcome>;

/** What befalls meanwhile, beside kills of processes. */
export interface Incident {
  /** Once so many questions were answered. */
  after: number;
  happen(): Promise<void>;
}

interface Size {
  processes: number;
  /** That ask at the same time, of each process. */
  clients: number;
  operations: number;
  kills: number;
}

/** Paths do not know of each other, so each has a history of its own. */
const PATHS = ['p', 'q'];
const KEYS = ['a', 'b'];

export async function record(
  place: string,
  { processes, clients, operations, kills }: Size,
  random: () => number,
  incidents: readonly Incident[] = [],
): Promise<Recorded[]> {
  const made: Recorded[] = [];
  const slots = Array.from({ length: processes }, () => ({ at: ChildProcess.open(place, 0) }));
  await Promise.all(slots.map(({ at }) => at));
  let begun = 0;
  let answered = 0;
  const outages: Promise<void>[] = [];
  const waiting = [
    ...Array.from({ length: kills }, (_, i) => ({
      after: Math.ceil(((i + random()) * operations) / kills),
      happen: () => restart(slots[Math.floor(random() * processes)]!),
    })),
    ...incidents.map((incident) => ({
      after: incident.after,
      happen: () => {
        const outage = incident.happen();
        outages.push(outage);
        return outage;
      },
    })),
  ].toSorted((a, b) => a.after - b.after);
  const happening: Promise<void>[] = [];
  const client = async (slot: { at: Promise<ChildProcess> }) => {
    while (begun < operations) {
      begun += 1;
      const asked = question(random, begun);
      const child = await slot.at;
      const began = microseconds();
      made.push(await operation(child, asked, began));
      answered += 1;
      while ((waiting[0]?.after ?? Infinity) <= answered)
        happening.push(waiting.shift()?.happen() ?? Promise.resolve());
    }
  };
  try {
    await Promise.all(slots.flatMap((slot) => Array.from({ length: clients }, () => client(slot))));
    await Promise.all(happening);
  } finally {
    for (const { at } of slots) await (await at).kill();
  }
  return made;

  async function restart(slot: { at: Promise<ChildProcess> }): Promise<void> {
    const before = await slot.at;
    // A process that begins while a broker is away, for longer than it waits, would end at once.
    slot.at = before
      .kill()
      .then(() => Promise.all(outages))
      .then(() => ChildProcess.open(place, 0));
    await slot.at;
  }
}

/** Codes of answers that say it is not known what became of it. */
const UNKNOWN = 'outcome-unknown';

async function operation(child: ChildProcess, asked: Ask, began: number): Promise<Recorded> {
  try {
    const timed = await child.timed(asked);
    const isUnknown = 'code' in timed.outcome && timed.outcome.code === UNKNOWN;
    return { asked, began: timed.began, answer: isUnknown ? undefined : timed };
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    return { asked, began, answer: undefined };
  }
}

/** The same clock as that of the processes. */
function microseconds(): number {
  return Math.floor(Number(process.hrtime.bigint()) / 1000);
}

/** The paths whose history cannot be put in one order. */
export function violations(
  operations: readonly Recorded[],
): { path: string; history: Recorded[] }[] {
  return PATHS.map((path) => ({
    path,
    history: operations.filter((one) => pathOf(one.asked) === path && counts(one)),
  })).filter(({ history }) => !isLinearizable<Model, Ask, Outcome>(history, empty(), stepOf));
}

function stepOf(before: Model, asked: Ask): { state: Model; outcome: Outcome } {
  const { model, outcome } = step(before, asked);
  return { state: model, outcome };
}

/**
 * A read that nobody was answered says nothing. Where the store was away surely nothing was written: if something was, it is
 * met in what others read.
 */
function counts({ asked, answer }: Recorded): boolean {
  if (answer === undefined) return asked.do !== 'get' && asked.do !== 'list';
  return !('code' in answer.outcome && answer.outcome.code === 'store-unavailable');
}

function pathOf(asked: Ask): string | undefined {
  if ('writes' in asked) return asked.writes[0]?.path;
  if ('target' in asked) return asked.target.path;
  return 'path' in asked ? asked.path : undefined;
}

function question(random: () => number, number: number): Ask {
  const among = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  const path = among(PATHS);
  const key = among(KEYS);
  const value = `value ${number}`;
  const version = 1 + Math.floor(random() * 8);
  switch (
    among([
      'put',
      'put',
      'put',
      'put-over',
      'put-both',
      'get',
      'get',
      'get',
      'get-version',
      'list',
      'delete',
      'delete-version',
      'destroy',
      'restore',
    ] as const)
  ) {
    case 'put':
      return { do: 'put', writes: [{ path, key, value }] };
    case 'put-over':
      return { do: 'put', writes: [{ path, key, value, over: among(['none', version]) }] };
    case 'put-both':
      return { do: 'put', writes: KEYS.map((one) => ({ path, key: one, value })) };
    case 'get':
      return { do: 'get', path, key, version: 'latest' };
    case 'get-version':
      return { do: 'get', path, key, version };
    case 'list':
      return { do: 'list', path, deleted: true };
    case 'delete':
      return { do: 'delete', target: { path, key }, permanent: false };
    case 'delete-version':
      return { do: 'delete', target: { path, key, version }, permanent: false };
    case 'destroy':
      return { do: 'delete', target: { path, key, version }, permanent: true };
    case 'restore':
      return { do: 'restore', target: { path } };
  }
}
