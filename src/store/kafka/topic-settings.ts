// What each setting of the two topics has to be, and what it does where that is for the operator to decide. A rule judges and
// asks no broker. `fail`: the topic is not used; `warn`: it works, and is less than a registry should have.
import { count } from '../../domain/count.ts';
import type { StoreFact } from '../store.ts';
import { AUDIT_CONFIG, RECORDS_CONFIG } from './topics.ts';

/** The settings of a topic by name, and which of them were set for this topic. */
export interface TopicSettings {
  values: ReadonlyMap<string, string | null>;
  own: ReadonlySet<string>;
}

/** What a setting should be, such as `cleanup.policy=compact`, and what is told of it. */
export interface Setting {
  topic: string;
  wanted: string;
  fact: StoreFact;
}

/** `commitMs`: how long somebody may still ask what became of a commit. */
export function recordSettings(
  topic: string,
  settings: TopicSettings,
  commitMs: number,
): Setting[] {
  return [
    policy(topic, settings),
    compression('compression', topic, settings),
    recordSize(topic, settings),
    leastCompactionLag(topic, settings, commitMs),
    mostCompactionLag(topic, settings),
  ];
}

export function auditSettings(topic: string, settings: TopicSettings): Setting[] {
  return [
    auditPolicy(topic, settings),
    compression('audit compression', topic, settings),
    batchSize(topic, settings),
    retentionTime(topic, settings),
    retentionBytes(topic, settings),
  ];
}

function policy(topic: string, { values }: TopicSettings): Setting {
  const value = values.get('cleanup.policy');
  const why =
    'it has to be exactly compact: with delete, secrets older than the retention time are lost';
  return {
    topic,
    wanted: `cleanup.policy=${RECORDS_CONFIG['cleanup.policy']}`,
    fact: judged('policy', value === 'compact' ? 'ok' : 'fail', [
      `cleanup.policy of ${topic} is ${value}`,
      why,
    ]),
  };
}

/** A broker takes no record without a key in a topic with compact, beside delete or not; and lines have none. */
function auditPolicy(topic: string, { values }: TopicSettings): Setting {
  const value = values.get('cleanup.policy') ?? '';
  const why =
    'a topic that is compacted takes no audit line, and nothing is answered or changed without one';
  return {
    topic,
    wanted: `cleanup.policy=${AUDIT_CONFIG['cleanup.policy']}`,
    fact: judged('audit policy', value.includes('compact') ? 'fail' : 'ok', [
      `cleanup.policy of ${topic} is ${value}`,
      why,
    ]),
  };
}

function compression(name: string, topic: string, { values }: TopicSettings): Setting {
  const value = values.get('compression.type');
  const why = 'it has to be uncompressed: sealed values do not get smaller, and no codec is read';
  return {
    topic,
    wanted: `compression.type=${RECORDS_CONFIG['compression.type']}`,
    fact: judged(name, value === 'uncompressed' ? 'ok' : 'fail', [
      `compression.type of ${topic} is ${value}`,
      why,
    ]),
  };
}

const LARGEST_BATCH = 2 * 1024 * 1024;

function recordSize(topic: string, { values }: TopicSettings): Setting {
  const value = values.get('max.message.bytes');
  return {
    topic,
    wanted: `max.message.bytes=${RECORDS_CONFIG['max.message.bytes']}`,
    fact: judged('record size', Number(value) >= LARGEST_BATCH ? 'ok' : 'fail', [
      `max.message.bytes of ${topic} is ${value}`,
      `the largest secrets need ${LARGEST_BATCH}`,
    ]),
  };
}

/** A full batch of lines with its head: Kafka's own default, which is enough. */
const AUDIT_BATCH = 1024 * 1024 + 12;

function batchSize(topic: string, { values }: TopicSettings): Setting {
  const value = values.get('max.message.bytes');
  const why = `the lines of many requests go in one batch of up to ${AUDIT_BATCH}; where they are refused, so are the requests`;
  return {
    topic,
    wanted: `max.message.bytes=${AUDIT_CONFIG['max.message.bytes']}`,
    fact: judged('audit size', Number(value) >= AUDIT_BATCH ? 'ok' : 'warn', [
      `max.message.bytes of ${topic} is ${value}`,
      why,
    ]),
  };
}

/** A commit that the next one replaced, and that was cleaned away, could not be found any more by its attempt. */
function leastCompactionLag(topic: string, { values }: TopicSettings, commitMs: number): Setting {
  const name = 'min.compaction.lag.ms';
  const value = values.get(name);
  const wanted = Math.max(Number(RECORDS_CONFIG[name]), 2 * commitMs);
  return {
    topic,
    wanted: `${name}=${wanted}`,
    fact: judged('compaction', Number(value) > commitMs ? 'ok' : 'fail', [
      `${name} of ${topic} is ${value}`,
      `it has to be longer than ${commitMs}, the time in which it is found out what became of a change`,
    ]),
  };
}

/** Without a limit it is 2^63 − 1. */
export const NEVER_MS = 1e15;

function mostCompactionLag(topic: string, { values }: TopicSettings): Setting {
  const name = 'max.compaction.lag.ms';
  const value = values.get(name);
  const why = 'sealed values that were replaced or deleted may stay in the topic for ever';
  return {
    topic,
    wanted: `${name}=${RECORDS_CONFIG[name]}`,
    fact: judged('compaction limit', Number(value) < NEVER_MS ? 'ok' : 'warn', [
      `${name} of ${topic} is ${value}`,
      why,
    ]),
  };
}

const DAY_MS = 86_400_000;

/** Every value is right that somebody decided on: a topic made beforehand has the week of Kafka's default. */
function retentionTime(topic: string, { values, own }: TopicSettings): Setting {
  const name = 'retention.ms';
  const ms = Number(values.get(name));
  const isDecided = own.has(name) || ms < 0;
  const days = Math.round((10 * ms) / DAY_MS) / 10;
  const told = ms < 0 ? '' : `, so audit lines are removed after ${count(days, 'day')}`;
  return {
    topic,
    wanted: `${name}=${AUDIT_CONFIG[name]}`,
    fact: judged('audit retention', isDecided ? 'ok' : 'warn', [
      `${name} of ${topic} is ${ms}${told}`,
      'that is the default of the cluster, and nobody decided on it for this topic',
    ]),
  };
}

/** docs/operations.md, "Sizing". */
const BYTES_OF_A_LINE = 900;

/** The time is a decision; a size lets whoever makes lines decide. */
function retentionBytes(topic: string, { values }: TopicSettings): Setting {
  const name = 'retention.bytes';
  const bytes = Number(values.get(name));
  const lines = Math.floor(bytes / BYTES_OF_A_LINE);
  const why = `beyond that, about ${count(lines, 'audit line')}, the oldest are removed in whole segments, however new they are: whoever makes lines enough pushes out what was before`;
  return {
    topic,
    wanted: `${name}=${AUDIT_CONFIG[name]}`,
    fact: judged('audit retention', bytes < 0 ? 'ok' : 'warn', [
      `${name} of ${topic} is ${bytes}`,
      why,
    ]),
  };
}

/** Why it is not right is told only where it is not. */
function judged(
  name: string,
  state: StoreFact['state'],
  [text, why]: readonly [text: string, why: string],
): StoreFact {
  return { name, state, text: state === 'ok' ? text : `${text}: ${why}` };
}
