// Everything that is not public in kafkajs, which is pinned to 2.2.4 for it. Its consumer needs a group and hangs on a
// cleaned segment (issue 1072); its producer waits 300 ms on a concurrent transaction and is dead after any failure.
// So requests are sent by its `Broker`, which does the protocol, the connections, TLS and SASL.
import type { Socket } from 'node:net';
import kafkajs, { type KafkaConfig } from 'kafkajs';
import kafkajsPackage from 'kafkajs/package.json' with { type: 'json' };
import KafkajsBroker from 'kafkajs/src/broker/index.js';
import socketFactory from 'kafkajs/src/network/socketFactory.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import fetchRequest from 'kafkajs/src/protocol/requests/fetch/v11/request.js';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { REAUTHENTICATION_THRESHOLD_MS, renewSessionsAlone } from './sessions.ts';

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
  /** Whether it was set for this topic, for this broker, for all of them, or is a default. */
  configSource: number;
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
  ): Promise<{ topics: { topicName: string; partitions: { baseOffset: string }[] }[] }>;
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
  describeAcls(request: {
    resourceType: number;
    resourceName: string;
    resourcePatternType: number;
    principal: null;
    host: null;
    operation: number;
    permissionType: number;
  }): Promise<{ resources: { acls: AclEntry[] }[] }>;
}

export interface AclEntry {
  principal: string;
  host: string;
  operation: number;
  permissionType: number;
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

/** A cluster with all its sockets. */
export interface Connections {
  readonly cluster: Cluster;
  /**
   * Ends every connection at once, and lets no other begin; whoever waits for an answer on one is told that it failed.
   * kafkajs's own `disconnect` waits for those answers, for ever where a broker is silent.
   */
  drop(): void;
}

/** Not connected yet. */
export function connectionsOf(config: KafkaConfig): Connections {
  wakeOnlyForWork();
  waitTogether();
  renewSessionsAlone();
  const sockets = new Set<Socket>();
  const connect = config.socketFactory ?? socketFactory();
  let isDropped = false;
  const cluster = createCluster({
    ...config,
    socketFactory: (options) => {
      if (isDropped) throw new Error('the connection was given up');
      const socket = connect(options);
      // kafkajs calls `unref` on a socket once for each request that failed with it. On a closed socket each call leaves a
      // listener, and at the eleventh Node would warn of a leak, though there is none.
      socket.setMaxListeners(0);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket;
    },
  });
  const drop = () => {
    isDropped = true;
    for (const socket of sockets) socket.destroy(new Error('the connection was given up'));
  };
  return { cluster, drop };
}

function createCluster(config: KafkaConfig): Cluster {
  requireKnownKafkajs();
  // Errors reach whoever asked; what kafkajs logs of them beside that is noise of normal operation.
  const client = new kafkajs.Kafka({
    ...config,
    reauthenticationThreshold: REAUTHENTICATION_THRESHOLD_MS,
    logCreator: () => () => undefined,
  });
  const make = (client as unknown as Record<symbol, ClusterMaker>)[clusterSymbolOf(client)];
  if (typeof make !== 'function') throw unknownKafkajs('createCluster');
  return make({ allowAutoTopicCreation: false, metadataMaxAge: METADATA_MAX_AGE_MS });
}

const VERSION = '2.2.4';
const BROKER_METHODS = [
  'metadata',
  'findGroupCoordinator',
  'initProducerId',
  'addPartitionsToTxn',
  'produce',
  'endTxn',
  'listOffsets',
  'createTopics',
  'describeConfigs',
  'describeAcls',
] as const;

/** Another version may have the same parts with another meaning, so its number counts too. */
function requireKnownKafkajs(): void {
  if (kafkajsPackage.version !== VERSION) throw unknownKafkajs(`version ${kafkajsPackage.version}`);
  for (const method of BROKER_METHODS)
    if (typeof KafkajsBroker.prototype[method] !== 'function') throw unknownKafkajs(method);
  for (const method of ['checkPendingRequests', 'waitForPendingRequests'] as const)
    if (typeof RequestQueue.prototype[method] !== 'function') throw unknownKafkajs(method);
}

function clusterSymbolOf(client: object): symbol {
  const name = 'private:Kafka:createCluster';
  const symbol = Object.getOwnPropertySymbols(client).find(
    ({ description }) => description === name,
  );
  if (symbol === undefined) throw unknownKafkajs(name);
  return symbol;
}

function unknownKafkajs(part: string): Error {
  return new TypeError(`this is not the kafkajs ${VERSION} that secretreg was made for: ${part}`);
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

const ends = new WeakMap<RequestQueue, Promise<void>>();
const { waitForPendingRequests } = RequestQueue.prototype;

/**
 * Each request that fails with its connection waits, with a listener of its own, until the other connection to that broker has
 * no request on its way: where eleven fail at once, Node would warn of a leak. So here all of them wait with one listener.
 */
function waitTogether(): void {
  RequestQueue.prototype.waitForPendingRequests = function wait(this: RequestQueue) {
    const before = ends.get(this);
    if (before !== undefined) return before;
    const end = waitForPendingRequests.call(this).finally(() => ends.delete(this));
    ends.set(this, end);
    return end;
  };
}

/** One request that kafkajs has no method for; its `Connection` adds the header. */
export async function ask<T>(
  broker: Broker,
  { apiKey, apiVersion, apiName, body }: Request,
  decode: (answer: Buffer) => T,
): Promise<T> {
  const request = { apiKey, apiVersion, apiName, encode: async () => encoded(body) };
  return (await broker.connectionPool.send({ request, response: decodedBy(decode) })) as T;
}

interface Request {
  apiKey: number;
  apiVersion: number;
  apiName: string;
  body: Buffer;
}

/** Fetch, version 11. */
export async function fetchBytes<T>(
  broker: Broker,
  request: Parameters<typeof fetchRequest>[0],
  decode: (answer: Buffer) => T,
): Promise<T> {
  const sent = { request: fetchRequest(request), response: decodedBy(decode) };
  return (await broker.connectionPool.send(sent)) as T;
}

function decodedBy<T>(decode: (answer: Buffer) => T) {
  return { decode: async (answer: Buffer) => decode(answer), parse: async (it: T) => it };
}

function encoded(body: Buffer): Encoder {
  const encoder = new Encoder(body.length);
  encoder.writeBufferInternal(body);
  return encoder;
}
