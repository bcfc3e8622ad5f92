// Whether the topics are still those that were opened, with the settings on which a registry rests. People alter topics
// under running programs, so it is looked at again every few minutes; what is wrong is told and never altered.
import { SecretregError } from '../../errors.ts';
import type { StoreFact } from '../store.ts';
import type { Connection } from './connection.ts';
import type { Broker, ConfigEntry } from './kafkajs-internals.ts';
import { topicIdOf } from './topic-id.ts';
import { alterLine } from './topic-lines.ts';
import {
  auditSettings,
  recordSettings,
  type Setting,
  type TopicSettings,
} from './topic-settings.ts';
import type { Topics } from './topics.ts';

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
    const { bootstrapServer } = this.#connection;
    return (await this.#settings()).map(({ topic, wanted, fact }) => {
      // What fails is refused by every command, with the line in its hint.
      if (fact.state !== 'warn') return fact;
      const { name, state, text } = fact;
      const line = alterLine(bootstrapServer, topic, [wanted]);
      return { name, state, text: `${text}; hint: ${line}` };
    });
  }

  async #settings(): Promise<Setting[]> {
    const { records, audit } = this.#topics;
    const leader = await this.#connection.leader(records);
    return [
      ...recordSettings(records, await settingsOf(leader, records), this.#options.commitMs),
      ...auditSettings(audit, await settingsOf(leader, audit)),
    ];
  }

  /** The hint puts all of them right, with one line for each topic. */
  async #requireSettings(): Promise<void> {
    const wrong = (await this.#settings()).filter(({ fact }) => fact.state === 'fail');
    if (wrong.length === 0) return;
    const lines = [...Map.groupBy(wrong, ({ topic }) => topic)].map(([topic, settings]) =>
      alterLine(
        this.#connection.bootstrapServer,
        topic,
        settings.map(({ wanted }) => wanted),
      ),
    );
    const reason = wrong.map(({ fact }) => fact.text).join('; ');
    throw this.#unusable(reason, lines.join(' && '));
  }

  #unusable(reason: string, hint?: string): SecretregError {
    const { place } = this.#connection;
    return new SecretregError('store-unavailable', { place, reason }, { hint });
  }
}

export type Config = ReadonlyMap<string, string | null>;

export function topicConfig(broker: Broker, topic: string): Promise<Config> {
  return configOf(broker, { type: TOPIC_RESOURCE, name: topic });
}

async function settingsOf(broker: Broker, topic: string): Promise<TopicSettings> {
  const entries = await entriesOf(broker, { type: TOPIC_RESOURCE, name: topic });
  const own = entries.filter(({ configSource }) => configSource === SET_FOR_TOPIC);
  return { values: configIn(entries), own: new Set(own.map(({ configName }) => configName)) };
}

/** DYNAMIC_TOPIC_CONFIG. */
const SET_FOR_TOPIC = 1;

export async function configOf(broker: Broker, resource: Resource): Promise<Config> {
  return configIn(await entriesOf(broker, resource));
}

interface Resource {
  type: number;
  name: string;
}

async function entriesOf(broker: Broker, resource: Resource): Promise<ConfigEntry[]> {
  const { resources } = await broker.describeConfigs({ resources: [resource] });
  return resources[0]?.configEntries ?? [];
}

function configIn(entries: readonly ConfigEntry[]): Config {
  return new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
}
