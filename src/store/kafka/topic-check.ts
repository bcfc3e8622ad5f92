// Whether the topics are still those that were opened, with the settings on which a registry rests. People alter topics
// under running programs, so it is looked at again every few minutes; what is wrong is told and never altered.
import { SecretregError } from '../../errors.ts';
import type { StoreFact } from '../store.ts';
import type { Connection } from './connection.ts';
import type { Broker } from './kafkajs-internals.ts';
import { topicIdOf } from './topic-id.ts';
import { alterLine } from './topic-lines.ts';
import { RECORDS_CONFIG, type Topics } from './topics.ts';

const LARGEST_BATCH = 2 * 1024 * 1024;
const TOPIC_RESOURCE = 2;

export interface TopicCheckOptions {
  everyMs: number;
  /** How long somebody may still ask what became of a commit. */
  commitMs: number;
  /** `host:port`, for the command in a hint that puts settings right. */
  bootstrapServer: string;
}

/** A setting on which a registry rests, and what it has to be, such as `cleanup.policy=compact`. */
interface Setting {
  topic: string;
  wanted: string;
  fact: StoreFact;
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

  /** Checks once in a while, and at every call while something is wrong. Fails with store-unavailable. */
  async ifDue(): Promise<void> {
    if (performance.now() < this.#nextAt) return;
    await this.requireSameTopics();
    await this.#requireSettings();
    this.#nextAt = performance.now() + this.#options.everyMs;
  }

  /** Fails with store-unavailable where a topic was deleted and made anew: what was read stands in neither. */
  async requireSameTopics(): Promise<void> {
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
    return (await this.#settings()).map(({ fact }) => fact);
  }

  async #settings(): Promise<Setting[]> {
    const { records, audit } = this.#topics;
    const leader = await this.#connection.leader(records);
    const ofRecords = await topicConfig(leader, records);
    const ofAudit = await topicConfig(leader, audit);
    return [
      policy(records, ofRecords),
      compression('compression', records, ofRecords),
      compression('audit compression', audit, ofAudit),
      recordSize(records, ofRecords),
      this.#compactionLag(ofRecords),
      auditRetention(audit, ofAudit),
    ];
  }

  /** The hint puts all of them right, with one line for each topic. */
  async #requireSettings(): Promise<void> {
    const wrong = (await this.#settings()).filter(({ fact }) => fact.state === 'fail');
    if (wrong.length === 0) return;
    const lines = [...Map.groupBy(wrong, ({ topic }) => topic)].map(([topic, settings]) =>
      alterLine(
        this.#options.bootstrapServer,
        topic,
        settings.map(({ wanted }) => wanted),
      ),
    );
    const reason = wrong.map(({ fact }) => fact.text).join('; ');
    throw this.#unusable(reason, lines.join(' && '));
  }

  /** A commit that the next one replaced, and that was cleaned away, could not be found any more by its attempt. */
  #compactionLag(config: Config): Setting {
    const name = 'min.compaction.lag.ms';
    const { commitMs } = this.#options;
    const topic = this.#topics.records;
    const wanted = Math.max(Number(RECORDS_CONFIG[name]), 2 * commitMs);
    return setting(
      { topic, wanted: `${name}=${wanted}`, name: 'compaction' },
      Number(config.get(name)) > commitMs,
      `${name} of ${topic} is ${config.get(name)}`,
      `it has to be longer than ${commitMs}, the time in which it is found out what became of a change`,
    );
  }

  #unusable(reason: string, hint?: string): SecretregError {
    const { place } = this.#connection;
    return new SecretregError('store-unavailable', { place, reason }, { hint });
  }
}

export type Config = ReadonlyMap<string, string | null>;

function policy(topic: string, config: Config): Setting {
  return setting(
    { topic, wanted: `cleanup.policy=${RECORDS_CONFIG['cleanup.policy']}`, name: 'policy' },
    config.get('cleanup.policy') === 'compact',
    `cleanup.policy of ${topic} is ${config.get('cleanup.policy')}`,
    'it has to be exactly compact: with delete, secrets older than the retention time are lost',
  );
}

function compression(name: string, topic: string, config: Config): Setting {
  return setting(
    { topic, wanted: `compression.type=${RECORDS_CONFIG['compression.type']}`, name },
    config.get('compression.type') === 'uncompressed',
    `compression.type of ${topic} is ${config.get('compression.type')}`,
    'it has to be uncompressed: sealed values do not get smaller, and no codec is read',
  );
}

function recordSize(topic: string, config: Config): Setting {
  const wanted = `max.message.bytes=${RECORDS_CONFIG['max.message.bytes']}`;
  return setting(
    { topic, wanted, name: 'record size' },
    Number(config.get('max.message.bytes')) >= LARGEST_BATCH,
    `max.message.bytes of ${topic} is ${config.get('max.message.bytes')}`,
    `the largest secrets need ${LARGEST_BATCH}`,
  );
}

/** Every value is right: the operator decides. */
function auditRetention(topic: string, config: Config): Setting {
  const text = `retention.ms of ${topic} is ${config.get('retention.ms')}`;
  return setting({ topic, wanted: 'retention.ms=-1', name: 'audit retention' }, true, text, '');
}

function setting(
  { topic, wanted, name }: { topic: string; wanted: string; name: string },
  isOk: boolean,
  text: string,
  why: string,
): Setting {
  const fact: StoreFact = {
    name,
    state: isOk ? 'ok' : 'fail',
    text: isOk ? text : `${text}: ${why}`,
  };
  return { topic, wanted, fact };
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
