// Whether the topics are still those that were opened, with the settings on which a registry rests. People alter topics
// under running programs, so it is looked at again every few minutes; what is wrong is told and never altered.
import { SecretregError } from '../../errors.ts';
import type { StoreFact } from '../store.ts';
import type { Connection } from './connection.ts';
import type { Broker } from './kafkajs-internals.ts';
import { topicIdOf } from './topic-id.ts';
import { notARegistry, type Topics } from './topics.ts';

const LARGEST_BATCH = 2 * 1024 * 1024;
const TOPIC_RESOURCE = 2;

export interface TopicCheckOptions {
  everyMs: number;
  /** How long somebody may still ask what became of a commit. */
  commitMs: number;
}

export class TopicCheck {
  readonly #connection: Connection;
  readonly #topics: Topics;
  readonly #options: TopicCheckOptions;
  readonly #ids = new Map<string, string>();
  #nextAt = 0;

  constructor(connection: Connection, topics: Topics, options: TopicCheckOptions) {
    this.#connection = connection;
    this.#topics = topics;
    this.#options = options;
  }

  /** For a start. Fails with not-a-registry. */
  async first(): Promise<void> {
    await this.sameTopics();
    const wrong = await this.#wrong();
    if (wrong !== undefined) throw notARegistry(this.#connection, wrong.text);
    this.#setNext();
  }

  /** Once in a while, and each time while something is wrong. Fails with store-unavailable. */
  async ifDue(): Promise<void> {
    if (performance.now() < this.#nextAt) return;
    await this.sameTopics();
    const wrong = await this.#wrong();
    if (wrong !== undefined) throw this.#unusable(wrong.text);
    this.#setNext();
  }

  /** Fails with store-unavailable where a topic was deleted and made anew: what was read stands in neither. */
  async sameTopics(): Promise<void> {
    for (const topic of Object.values(this.#topics)) {
      const id = await topicIdOf(await this.#connection.leader(topic), topic);
      const before = this.#ids.get(topic);
      if (id !== undefined && before !== undefined && id !== before)
        throw this.#unusable(`topic ${topic} was deleted and made anew while it was in use`);
      if (id !== undefined) this.#ids.set(topic, id);
    }
  }

  /** The settings, each with whether it is as it must be. Fails where this user may not see them. */
  async facts(): Promise<StoreFact[]> {
    const leader = await this.#connection.leader(this.#topics.records);
    const records = await topicConfig(leader, this.#topics.records);
    const audit = await topicConfig(leader, this.#topics.audit);
    return [
      policy(this.#topics.records, records),
      compression('compression', this.#topics.records, records),
      compression('audit compression', this.#topics.audit, audit),
      recordSize(this.#topics.records, records),
      this.#compactionLag(records),
      auditRetention(this.#topics.audit, audit),
    ];
  }

  async #wrong(): Promise<StoreFact | undefined> {
    return (await this.facts()).find(({ state }) => state === 'fail');
  }

  #setNext(): void {
    this.#nextAt = performance.now() + this.#options.everyMs;
  }

  /** A commit that was replaced by the next one and cleaned away could not be found any more by its attempt. */
  #compactionLag(config: Config): StoreFact {
    const name = 'min.compaction.lag.ms';
    const { commitMs } = this.#options;
    return fact(
      'compaction',
      Number(config.get(name)) > commitMs,
      `${name} of ${this.#topics.records} is ${config.get(name)}`,
      `it has to be longer than ${commitMs}, the time in which it is found out what became of a change`,
    );
  }

  #unusable(reason: string): SecretregError {
    return new SecretregError('store-unavailable', { place: this.#connection.place, reason });
  }
}

export type Config = ReadonlyMap<string, string | null>;

function policy(topic: string, config: Config): StoreFact {
  return fact(
    'policy',
    config.get('cleanup.policy') === 'compact',
    `cleanup.policy of ${topic} is ${config.get('cleanup.policy')}`,
    'it has to be exactly compact: with delete, secrets older than the retention time are lost',
  );
}

function compression(name: string, topic: string, config: Config): StoreFact {
  return fact(
    name,
    config.get('compression.type') === 'uncompressed',
    `compression.type of ${topic} is ${config.get('compression.type')}`,
    'it has to be uncompressed: sealed values do not get smaller, and no codec is read',
  );
}

function recordSize(topic: string, config: Config): StoreFact {
  return fact(
    'record size',
    Number(config.get('max.message.bytes')) >= LARGEST_BATCH,
    `max.message.bytes of ${topic} is ${config.get('max.message.bytes')}`,
    `the largest secrets need ${LARGEST_BATCH}`,
  );
}

function auditRetention(topic: string, config: Config): StoreFact {
  return {
    name: 'audit retention',
    state: 'ok',
    text: `retention.ms of ${topic} is ${config.get('retention.ms')}`,
  };
}

function fact(name: string, isOk: boolean, text: string, why: string): StoreFact {
  return { name, state: isOk ? 'ok' : 'fail', text: isOk ? text : `${text}: ${why}` };
}

export function topicConfig(broker: Broker, topic: string): Promise<Config> {
  return configOf(broker, { type: TOPIC_RESOURCE, name: topic });
}

export async function configOf(
  broker: Broker,
  resource: { type: number; name: string },
): Promise<Config> {
  const { resources } = await broker.describeConfigs({ resources: [resource] });
  const entries = resources[0]?.configEntries ?? [];
  return new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
}
