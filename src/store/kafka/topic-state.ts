// What stands in the topics, for an operator who asks: copies, transactions that are still open, and replaced records
// that the log cleaner has not removed yet. The last one reads the whole topic.
import type { StoreFact } from '../store.ts';
import { count } from '../../domain/count.ts';
import type { Connection } from './connection.ts';
import { fetchBatches } from './fetch.ts';
import { READ_COMMITTED, READ_UNCOMMITTED } from './kafkajs-internals.ts';
import { endOf } from './offsets.ts';
import { Reader } from './reader.ts';
import { batchesOf } from './record-batches.ts';
import { type Config, topicConfig } from './topic-check.ts';
import { NEVER_MS } from './topic-settings.ts';
import { partitionOf } from './topics.ts';

/** How many brokers have the topic, and how many a write waits for. */
export async function copiesFact(connection: Connection, topic: string): Promise<StoreFact> {
  const config = await topicConfig(await connection.leader(topic), topic);
  const { replicas = [], isr = [] } = (await partitionOf(connection, topic)) ?? {};
  const copies = {
    all: replicas.length,
    inSync: isr.length,
    least: Number(config.get('min.insync.replicas')),
  };
  const name = 'copies';
  const text = `${topic} ${copiesText(copies)}`;
  if (config.get('unclean.leader.election.enable') === 'true' && copies.all > 1) {
    const why = 'unclean.leader.election.enable lets a copy lead that lacks acknowledged writes';
    return { name, state: 'fail', text: `${text}; ${why}` };
  }
  const { state, why } = judgeCopies(copies);
  return { name, state, text: why === '' ? text : `${text}: ${why}` };
}

export interface Copies {
  all: number;
  inSync: number;
  /** min.insync.replicas. */
  least: number;
}

export function copiesText({ all, inSync, least }: Copies): string {
  return `is on ${count(all, 'broker')}, ${inSync} in sync; a write waits for ${waitedFor({ all, least })}`;
}

/** A broker takes min.insync.replicas for no more than there are copies (`effectiveMinIsr` of Kafka's Partition.scala). */
function waitedFor({ all, least }: Pick<Copies, 'all' | 'least'>): number {
  return Math.min(all, least);
}

/** Three copies, of which a write waits for two, are the fewest that can spare a broker. */
export function judgeCopies(copies: Copies): Judgement {
  const { all, least } = copies;
  const { state, why } = judgeWaiting(copies, waitedFor(copies));
  if (least <= all) return { state, why };
  const more = `min.insync.replicas is ${least}, more than there are copies: Kafka 4 takes it for ${all}, older brokers may refuse each write`;
  return { state, why: `${more}; ${why}` };
}

interface Judgement {
  state: StoreFact['state'];
  why: string;
}

function judgeWaiting({ all, inSync }: Copies, waits: number): Judgement {
  if (inSync < waits)
    return { state: 'fail', why: 'nothing can be written until more of them are in sync' };
  if (inSync < all) return { state: 'warn', why: 'a copy is behind' };
  const safe = '3 copies, of which a write waits for 2, survive the loss of one';
  if (waits < 2)
    return { state: 'warn', why: `what was acknowledged can be lost with one broker; ${safe}` };
  if (all <= waits) return { state: 'warn', why: `writing stops when one broker is away; ${safe}` };
  return { state: 'ok', why: '' };
}

/** Whether everything in a topic is decided, and since when it is not: nobody reads what stands behind an undecided record. */
export async function undecidedFact(
  connection: Connection,
  topic: string,
  now: Date,
): Promise<StoreFact> {
  const end = await endOf(connection, topic, READ_UNCOMMITTED);
  const stable = await endOf(connection, topic, READ_COMMITTED);
  const name = 'last stable offset';
  if (stable >= end)
    return { name, state: 'ok', text: `${topic} is decided up to its end, ${end}` };
  const leader = await connection.leader(topic);
  const { batches } = await fetchBatches(leader, topic, {
    offset: stable,
    maxBytes: 1024 * 1024,
    maxWaitMs: 0,
    isolationLevel: READ_UNCOMMITTED,
  });
  const [first] = batchesOf(batches);
  const seconds = first === undefined ? 0 : (now.getTime() - first.timestamp) / 1000;
  const isAhead = seconds < -STABLE_WITHIN_S;
  const since = isAhead ? 'since a time that lies ahead' : `for ${Math.round(seconds)} s`;
  const text = `${count(end - stable, 'offset')} of ${topic} undecided ${since}`;
  const why =
    'a transaction of another program is open there, or a broker lost the end of one of ours, which the next write closes';
  return seconds < STABLE_WITHIN_S && !isAhead
    ? { name, state: 'ok', text }
    : { name, state: 'warn', text: `${text}: ${why}` };
}

/** The transaction timeout of our writers, and a little more. */
const STABLE_WITHIN_S = 20;

export interface Replaced {
  count: number;
  /** When the newest of them was replaced, in milliseconds since 1970. */
  newest: number;
}

/** The records that were replaced, or removed, and still stand in the topic. */
export async function replacedIn(connection: Connection, topic: string): Promise<Replaced> {
  const reader = new Reader(connection, topic);
  const held = new Set<string>();
  const replaced = { count: 0, newest: 0 };
  await reader.readTo(await reader.stableEnd(), ({ key, value, timestamp }) => {
    const name = key?.toString('latin1') ?? '';
    if (held.has(name)) {
      replaced.count += 1;
      replaced.newest = Math.max(replaced.newest, timestamp);
    }
    if (value === null) held.delete(name);
    else held.add(name);
  });
  return replaced;
}

/**
 * Until when replaced records stay at the latest; `until` may be an invalid date. A segment to which nobody writes any more is
 * never cleaned.
 */
export function replacedText(
  topic: string,
  { count: replaced, newest }: Replaced,
  config: Config,
): { text: string; until: Date | undefined } {
  if (replaced === 0) return { text: `no replaced record stands in ${topic}`, until: undefined };
  const what = `${stand(replaced, topic)} until the log cleaner has run`;
  const lag = Number(config.get('max.compaction.lag.ms') ?? Number.NaN);
  if (!(lag < NEVER_MS))
    return { text: `${what}; max.compaction.lag.ms sets it no time`, until: undefined };
  const until = new Date(newest + lag + CLEANER_MS);
  // The time of a record is what its writer says, and dates end in the year 275760.
  if (Number.isNaN(until.getTime())) {
    const why = 'the time of a record lies too far ahead to tell until when';
    return { text: `${what}; ${why}`, until };
  }
  const text = `${what}, which it does by ${until.toISOString()} where anything is written to the topic after that`;
  return { text, until };
}

function stand(replaced: number, topic: string): string {
  return replaced === 1
    ? `1 replaced record stands in ${topic}`
    : `${replaced} replaced records stand in ${topic}`;
}

/** log.cleaner.backoff.ms, and a run. */
const CLEANER_MS = 60_000;

export async function replacedFact(
  connection: Connection,
  topic: string,
  now: Date,
): Promise<StoreFact> {
  const config = await topicConfig(await connection.leader(topic), topic);
  const { text, until } = replacedText(topic, await replacedIn(connection, topic), config);
  const isLate = until !== undefined && until < now;
  const isUnknown = Number.isNaN(until?.getTime());
  return {
    name: 'old ciphertext',
    state: isLate || isUnknown ? 'warn' : 'ok',
    text: isLate ? `${text}; that time is over: does the log cleaner run?` : text,
  };
}
