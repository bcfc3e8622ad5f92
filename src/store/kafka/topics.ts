// The two topics of a registry: made by `init` only, looked for by whoever opens them, never altered.
import { SecretregError } from '../../errors.ts';
import type { Connection } from './connection.ts';
import { deadlineIn, isOver, pause } from './deadline.ts';
import { verdictOf } from './failure.ts';
import type { Metadata } from './kafkajs-internals.ts';
import { contentsOf } from './topic-contents.ts';
import { creationLine } from './topic-lines.ts';

export interface Topics {
  records: string;
  audit: string;
}

/** A record holds a value of 1 MiB in base64, with room for the rest of its commit. */
export const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
const DAY_MS = 86_400_000;

export const RECORDS_CONFIG = {
  'cleanup.policy': 'compact',
  'compression.type': 'uncompressed',
  'max.message.bytes': String(MAX_MESSAGE_BYTES),
  'max.compaction.lag.ms': String(DAY_MS),
  'min.compaction.lag.ms': '60000',
  'min.cleanable.dirty.ratio': '0.1',
  'segment.ms': '3600000',
};

export const AUDIT_CONFIG = {
  'cleanup.policy': 'delete',
  'compression.type': 'uncompressed',
  'max.message.bytes': String(MAX_MESSAGE_BYTES),
  // Kept until somebody decides how long.
  'retention.ms': '-1',
  'retention.bytes': '-1',
};

const CREATE_TIMEOUT_MS = 10_000;
const TOPIC_EXISTS = 36;
const KNOWN_EVERYWHERE_MS = 5000;

export async function describeTopic(
  connection: Connection,
  topic: string,
): Promise<TopicMetadata | undefined> {
  const broker = await connection.anyBroker();
  try {
    const { topicMetadata } = await broker.metadata([topic]);
    return topicMetadata.find((one) => one.topic === topic);
  } catch (error) {
    if (verdictOf(error) === 'unknown-topic') return undefined;
    throw error;
  }
}

/** The cluster's own, in which its brokers keep all transactions. */
export const TRANSACTION_STATE = '__transaction_state';

/** The one partition of a topic, where there is one. */
export async function partitionOf(
  connection: Connection,
  topic: string,
): Promise<TopicMetadata['partitionMetadata'][number] | undefined> {
  return (await describeTopic(connection, topic))?.partitionMetadata[0];
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
  // The one that is looked for first is made last, so that nobody finds half of a registry.
  await create(connection, topics.audit, replicas, auditConfig(replicas));
  await create(connection, topics.records, replicas, { ...RECORDS_CONFIG, ...safety(replicas) });
  await appears(connection, topics.records);
}

function auditConfig(replicas: number): Record<string, string> {
  return { ...AUDIT_CONFIG, ...safety(replicas) };
}

function safety(replicas: number): Record<string, string> {
  return replicas < 3
    ? {}
    : { 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'false' };
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

/** Waits until a topic is known: other brokers learn of a new one a little later. False where it does not appear in time. */
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

/**
 * False where there is no registry. Fails with not-a-registry where a topic cannot hold one, whatever is in it; the hint
 * is for an administrator.
 */
export async function requireTopics(connection: Connection, topics: Topics): Promise<boolean> {
  const records = await describeTopic(connection, topics.records);
  if (records === undefined) return false;
  requireOnePartition(connection, topics.records, records);
  if (!(await appears(connection, topics.audit)))
    throw await withoutAudit(connection, topics, records);
  const audit = await describeTopic(connection, topics.audit);
  if (audit !== undefined) requireOnePartition(connection, topics.audit, audit);
  return true;
}

/** Only where the topic of records has some is anything lost, and only then are there secrets that are whole. */
async function withoutAudit(
  connection: Connection,
  { records, audit }: Topics,
  { partitionMetadata: [partition] }: TopicMetadata,
): Promise<SecretregError> {
  const { bootstrapServer } = connection;
  const { leader = -1, replicas = [] } = partition ?? {};
  const copies = Math.max(1, replicas.length);
  switch (await contentsOf(connection, records, leader)) {
    case 'registry':
      return notARegistry(
        connection,
        `topic ${records} is there, but its audit topic ${audit} is not`,
        auditTopicHint(bootstrapServer, audit, copies),
      );
    case 'nothing': {
      const line = creationLine(bootstrapServer, audit, copies, auditConfig(copies));
      return notARegistry(
        connection,
        `topic ${records} is there and empty, but there is no audit topic ${audit}`,
        `${line}    (where ${records} was made for a registry; then: secretreg init)`,
      );
    }
    case 'other':
      return notARegistry(
        connection,
        `topic ${records} holds no records of a registry`,
        `check the name of the topic, '${records}'`,
      );
  }
}

/** How the audit topic is made anew, and what that does not bring back. */
export function auditTopicHint(bootstrapServer: string, audit: string, replicas: number): string {
  const line = creationLine(bootstrapServer, audit, replicas, auditConfig(replicas));
  return `${line}    (the secrets are whole; the audit trail until now is lost, and audit verify says so from then on)`;
}

type TopicMetadata = Metadata['topicMetadata'][number];

function requireOnePartition(
  connection: Connection,
  topic: string,
  { partitionMetadata: { length } }: TopicMetadata,
): void {
  if (length !== 1)
    throw notARegistry(
      connection,
      `topic ${topic} has ${length} partitions, and a registry's has one`,
    );
}

function notARegistry({ place }: Connection, reason: string, hint?: string): SecretregError {
  return new SecretregError('not-a-registry', { place, reason }, { hint });
}
