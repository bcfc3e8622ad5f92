// Everything that is not public in kafkajs, which is pinned to 2.2.4 for it. Its consumer needs a group and hangs on a
// cleaned segment (issue 1072); its producer waits 300 ms on a concurrent transaction and is dead after any failure.
// So requests are sent by its `Broker`, which does the protocol, the connections, TLS and SASL.
import kafkajs, { type KafkaConfig } from 'kafkajs';
import crc32C from 'kafkajs/src/protocol/recordBatch/crc32C/index.js';
import fetchRequest from 'kafkajs/src/protocol/requests/fetch/v11/request.js';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

export { crc32C };

export const READ_UNCOMMITTED = 0;
export const READ_COMMITTED = 1;

/** Offsets and ids of producers are 64-bit numbers as text. */
export interface ProducerId {
  producerId: string;
  producerEpoch: number;
}

export interface Message {
  key: Uint8Array | null;
  value: Uint8Array | null;
  headers?: Record<string, Uint8Array>;
}

export interface TopicPartitions {
  topic: string;
  partitions: number[];
}

export interface Metadata {
  brokers: { nodeId: number; host: string; port: number }[];
  topicMetadata: {
    topic: string;
    partitionMetadata: { partitionId: number; leader: number; replicas: number[]; isr: number[] }[];
  }[];
}

export interface ConfigEntry {
  configName: string;
  configValue: string | null;
}

/** kafkajs's `Broker`: one node, with methods that send one request and fail with what it answered. */
export interface Broker {
  readonly connectionPool: {
    host: string;
    port: number;
    send(request: { request: object; response: object }): Promise<unknown>;
  };
  metadata(topics: string[]): Promise<Metadata>;
  findGroupCoordinator(request: {
    groupId: string;
    coordinatorType: 0 | 1;
  }): Promise<{ coordinator: { nodeId: number; host: string; port: number } }>;
  initProducerId(request: {
    transactionalId?: string;
    transactionTimeout: number;
  }): Promise<ProducerId>;
  addPartitionsToTxn(
    request: ProducerId & { transactionalId: string; topics: TopicPartitions[] },
  ): Promise<unknown>;
  produce(
    request: Partial<ProducerId> & {
      transactionalId?: string | null;
      acks: -1;
      timeout: number;
      topicData: {
        topic: string;
        partitions: { partition: number; firstSequence: number; messages: Message[] }[];
      }[];
    },
  ): Promise<{ topics: { partitions: { baseOffset: string }[] }[] }>;
  endTxn(
    request: ProducerId & { transactionalId: string; transactionResult: boolean },
  ): Promise<unknown>;
  listOffsets(request: {
    isolationLevel: number;
    topics: { topic: string; partitions: { partition: number; timestamp: number }[] }[];
  }): Promise<{ responses: { partitions: { offset: string }[] }[] }>;
  createTopics(request: {
    topics: {
      topic: string;
      numPartitions: number;
      replicationFactor: number;
      configEntries: { name: string; value: string }[];
    }[];
    timeout: number;
  }): Promise<unknown>;
  describeConfigs(request: {
    resources: { type: number; name: string }[];
  }): Promise<{ resources: { configEntries: ConfigEntry[] }[] }>;
}

/** kafkajs's `Cluster`: the brokers that the metadata name. */
export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addMultipleTargetTopics(topics: string[]): Promise<void>;
  refreshMetadata(): Promise<void>;
  findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number }[];
  findBroker(node: { nodeId: number }): Promise<Broker>;
  findControllerBroker(): Promise<Broker>;
  readonly brokerPool: { metadata: Metadata | null; seedBroker: Broker };
}

type ClusterMaker = (options: {
  allowAutoTopicCreation: boolean;
  metadataMaxAge: number;
}) => Cluster;

const METADATA_MAX_AGE_MS = 300_000;

/** Not connected yet. */
export function createCluster(config: KafkaConfig): Cluster {
  const client = new kafkajs.Kafka({ ...config, logCreator: () => () => undefined });
  const symbol = Object.getOwnPropertySymbols(client).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  const make = symbol && (client as unknown as Record<symbol, ClusterMaker>)[symbol];
  if (typeof make !== 'function') throw new TypeError('this kafkajs is not 2.2.4');
  wakeOnlyForWork();
  return make({ allowAutoTopicCreation: false, metadataMaxAge: METADATA_MAX_AGE_MS });
}

/** The queue of each connection would wake every millisecond, and ask for timers in the past (3 % of a core when idle). */
function wakeOnlyForWork(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = function schedule(this: RequestQueue) {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
    const wait = Math.max(this.throttledUntil - Date.now(), 10);
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, wait);
  };
}

export interface FetchAnswer {
  errorCode: number;
  highWatermark: number;
  /** Of the topics that are read committed, everything before it is decided. */
  lastStableOffset: number;
  logStartOffset: number;
  /** Transactions that were aborted: from this offset on, what this producer wrote does not count. */
  aborted: { producerId: bigint; firstOffset: number }[];
  /** Record batches, the last of which may be cut off. */
  batches: Buffer;
}

/** Reads committed bytes of partition 0 from an offset on, waiting a little where there are none. */
export async function fetchBatches(
  broker: Broker,
  topic: string,
  { offset, maxBytes, maxWaitMs }: { offset: number; maxBytes: number; maxWaitMs: number },
): Promise<FetchAnswer> {
  const request = fetchRequest({
    replicaId: -1,
    maxWaitTime: maxWaitMs,
    minBytes: 1,
    maxBytes,
    isolationLevel: READ_COMMITTED,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset: offset, maxBytes }] }],
  });
  const response = {
    decode: async (bytes: Buffer) => decodeFetch(bytes),
    parse: async (it: unknown) => it,
  };
  return (await broker.connectionPool.send({ request, response })) as FetchAnswer;
}

/** Fetch response, version 11, of one partition of one topic. */
function decodeFetch(bytes: Buffer): FetchAnswer & { clientSideThrottleTime: number } {
  let at = 0;
  const int16 = () => bytes.readInt16BE((at += 2) - 2);
  const int32 = () => bytes.readInt32BE((at += 4) - 4);
  const int64 = () => bytes.readBigInt64BE((at += 8) - 8);
  const clientSideThrottleTime = int32();
  const sessionError = int16();
  int32();
  const nothing = {
    highWatermark: 0,
    lastStableOffset: 0,
    logStartOffset: 0,
    aborted: [],
    batches: Buffer.alloc(0),
  };
  if (sessionError !== 0 || int32() === 0)
    return { clientSideThrottleTime, errorCode: sessionError, ...nothing };
  const topicLength = int16();
  at += topicLength;
  int32();
  int32();
  const errorCode = int16();
  const highWatermark = Number(int64());
  const lastStableOffset = Number(int64());
  const logStartOffset = Number(int64());
  const aborted = Array.from({ length: Math.max(int32(), 0) }, () => ({
    producerId: int64(),
    firstOffset: Number(int64()),
  }));
  int32();
  const length = Math.max(int32(), 0);
  return {
    clientSideThrottleTime,
    errorCode,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    aborted,
    batches: bytes.subarray(at, at + length),
  };
}
