// The two topics of a registry: made by `init` only, looked at by whoever opens them, never altered.
import { SecretregError } from '../../errors.ts';
import type { StoreFact } from '../store.ts';
import { type Connection, deadlineIn, isOver, pause } from './connection.ts';
import { verdictOf } from './failure.ts';
import type { Broker, Metadata } from './kafkajs-internals.ts';

export interface Topics {
  records: string;
  audit: string;
}

/** A record holds a value of 1 MiB in base64, with room for the rest of its commit. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
const DAY_MS = 86_400_000;

const RECORDS_CONFIG = {
  'cleanup.policy': 'compact',
  'compression.type': 'uncompressed',
  'max.message.bytes': String(MAX_MESSAGE_BYTES),
  'max.compaction.lag.ms': String(DAY_MS),
  'min.compaction.lag.ms': '60000',
  'min.cleanable.dirty.ratio': '0.1',
  'segment.ms': '3600000',
};

const AUDIT_CONFIG = {
  'cleanup.policy': 'delete',
  'compression.type': 'uncompressed',
  'max.message.bytes': String(MAX_MESSAGE_BYTES),
  // Kept until somebody decides how long.
  'retention.ms': '-1',
  'retention.bytes': '-1',
};

const TOPIC_RESOURCE = 2;
const CREATE_TIMEOUT_MS = 10_000;
const TOPIC_EXISTS = 36;
const KNOWN_EVERYWHERE_MS = 5000;

async function describeTopic(
  connection: Connection,
  topic: string,
): Promise<Metadata['topicMetadata'][number] | undefined> {
  const broker = await connection.anyBroker();
  try {
    const { topicMetadata } = await broker.metadata([topic]);
    return topicMetadata.find((one) => one.topic === topic);
  } catch (error) {
    if (verdictOf(error) === 'unknown-topic') return undefined;
    throw error;
  }
}

/** Makes the topics that are not there yet. */
export async function createTopics(
  connection: Connection,
  topics: Topics,
  replicationFactor: number | undefined,
): Promise<void> {
  const broker = await connection.anyBroker();
  const { brokers } = await broker.metadata([]);
  const replicas = replicationFactor ?? Math.min(3, brokers.length);
  const safety =
    replicas < 3 ? {} : { 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'false' };
  // The one that is looked for first is made last, so that nobody finds half of a registry.
  await create(connection, topics.audit, replicas, { ...AUDIT_CONFIG, ...safety });
  await create(connection, topics.records, replicas, { ...RECORDS_CONFIG, ...safety });
  await appears(connection, topics.records);
}

async function create(
  connection: Connection,
  topic: string,
  replicationFactor: number,
  config: Record<string, string>,
): Promise<void> {
  if ((await describeTopic(connection, topic)) !== undefined) return;
  const controller = await connection.controllerOfCluster();
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  try {
    await controller.createTopics({
      topics: [{ topic, numPartitions: 1, replicationFactor, configEntries }],
      timeout: CREATE_TIMEOUT_MS,
    });
  } catch (error) {
    // Somebody else made it at the same time.
    if (!codesOf(error).includes(TOPIC_EXISTS)) throw error;
  }
}

/** What one broker has made another may know of a little later. */
async function appears(connection: Connection, topic: string): Promise<boolean> {
  const deadline = deadlineIn(KNOWN_EVERYWHERE_MS);
  while ((await describeTopic(connection, topic)) === undefined) {
    if (isOver(deadline)) return false;
    await pause(50);
  }
  return true;
}

/** kafkajs collects the codes of all topics in `errors`. */
function codesOf(error: unknown): number[] {
  const all = (error as { errors?: { code?: number }[] }).errors ?? [];
  return all.flatMap(({ code }) => (code === undefined ? [] : [code]));
}

/** Fails with not-a-registry where a topic cannot hold one, whatever is in it. */
export async function requireTopics(connection: Connection, topics: Topics): Promise<boolean> {
  const records = await describeTopic(connection, topics.records);
  if (records === undefined) return false;
  if (records.partitionMetadata.length !== 1) {
    throw notARegistry(
      connection,
      `topic ${topics.records} has ${records.partitionMetadata.length} partitions, and a registry's has one`,
    );
  }
  if (!(await appears(connection, topics.audit))) {
    throw notARegistry(
      connection,
      `topic ${topics.records} is there, but its audit topic ${topics.audit} is not`,
    );
  }
  return true;
}

function notARegistry({ place }: Connection, reason: string): SecretregError {
  return new SecretregError('not-a-registry', { place, reason });
}

/** The settings on which the safety of a registry rests. */
export async function topicFacts(connection: Connection, topics: Topics): Promise<StoreFact[]> {
  const leader = await connection.leader(topics.records);
  const records = await configOf(leader, topics.records);
  const audit = await configOf(leader, topics.audit);
  return [
    fact(
      'policy',
      records.get('cleanup.policy') === 'compact',
      `cleanup.policy of ${topics.records} is ${records.get('cleanup.policy')}`,
      'it has to be exactly compact: with delete, secrets older than the retention time are lost',
    ),
    fact(
      'compression',
      records.get('compression.type') === 'uncompressed',
      `compression.type of ${topics.records} is ${records.get('compression.type')}`,
      'it has to be uncompressed: sealed values do not get smaller, and no codec is read',
    ),
    fact(
      'record size',
      Number(records.get('max.message.bytes')) >= 2 * 1024 * 1024,
      `max.message.bytes of ${topics.records} is ${records.get('max.message.bytes')}`,
      'the largest secrets need 2097152',
    ),
    {
      name: 'audit retention',
      state: 'ok',
      text: `retention.ms of ${topics.audit} is ${audit.get('retention.ms')}`,
    },
  ];
}

function fact(name: string, isOk: boolean, text: string, why: string): StoreFact {
  return { name, state: isOk ? 'ok' : 'fail', text: isOk ? text : `${text}: ${why}` };
}

async function configOf(broker: Broker, topic: string): Promise<Map<string, string | null>> {
  const { resources } = await broker.describeConfigs({
    resources: [{ type: TOPIC_RESOURCE, name: topic }],
  });
  const entries = resources[0]?.configEntries ?? [];
  return new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
}
