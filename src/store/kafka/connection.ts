// The way to the brokers: who leads a topic, who coordinates a transactional id, and a loop that finds both anew after
// a failure, up to a deadline.
import type { KafkaConfig } from 'kafkajs';
import type { SecretregError } from '../../errors.ts';
import { type Purpose, type Right, rightsFor, rightsThatLack } from './acls.ts';
import { authorizedOperations } from './authorized-operations.ts';
import { rootOf } from './causes.ts';
import { type Deadline, deadlineIn, inTime, isOver, pause } from './deadline.ts';
import {
  codeOf,
  Explained,
  isDenied,
  isExplained,
  mayBeWrongListener,
  unavailable,
  verdictOf,
} from './failure.ts';
import { type Broker, type Cluster, connectionsOf, type Connections } from './kafkajs-internals.ts';
import { probeListener } from './listener-probe.ts';
import {
  gaveUpSentence,
  listenerSentence,
  missingRightsSentence,
  missingTopicSentence,
  type Sentence,
  type Situation,
  type StateOfTransactions,
  withoutTransactionsSentence,
} from './sentences.ts';
import { describeTopic, TRANSACTION_STATE } from './topics.ts';

/** Of kafkajs, and how long one broker may take to let us in before the next one of the list is asked. */
export type ConnectionConfig = KafkaConfig & { brokers: string[]; connectMs: number };

export class Connection {
  readonly place: string;
  readonly #config: ConnectionConfig;
  readonly #situation: Situation;
  readonly #coordinators = new Map<string, number>();
  #connections: Connections;
  #isConnected = false;
  /** Nobody has answered yet, so the settings themselves may be wrong. */
  #isNew = true;

  constructor(place: string, config: ConnectionConfig, situation: Situation) {
    this.place = place;
    this.#config = config;
    this.#situation = situation;
    this.#connections = connectionsOf(config);
  }

  /** `host:port`, for lines that somebody pastes. */
  get bootstrapServer(): string {
    return this.#situation.brokers[0] ?? '';
  }

  /** Runs `work` again, with fresh metadata, while it fails in a way that may pass. Fails with what it failed with last. */
  async untilDeadline<T>(deadline: Deadline, work: () => Promise<T>): Promise<T> {
    let failure: unknown;
    for (let attempt = 1; ; attempt += 1) {
      const connections = this.#connections;
      try {
        const done = await inTime(deadline, work);
        this.#isNew = false;
        return done;
      } catch (error) {
        const verdict = verdictOf(error);
        if (this.#isNew) await this.#refuseWrongListener(error);
        // What went wrong before says more than that the time is over.
        failure = isOver(deadline) ? (failure ?? error) : error;
        if (HEALED.has(verdict)) this.#forget(connections);
        else if (verdict !== 'retry') throw error;
        if (isOver(deadline)) throw await this.#gaveUp(failure, deadline);
        await pause(verdict === 'retry' ? shortly(attempt) : later(attempt), deadline.signal);
      }
    }
  }

  /** The broker that leads partition 0. */
  async leader(topic: string): Promise<Broker> {
    await this.#connect();
    const { cluster } = this.#connections;
    const partition = cluster
      .findTopicPartitionMetadata(topic)
      .find(({ partitionId }) => partitionId === 0);
    // −1 while there is no leader; kafkajs then finds no broker, which is healed.
    return cluster.findBroker({ nodeId: partition?.leader ?? -1 });
  }

  async coordinator(transactionalId: string): Promise<Broker> {
    await this.#connect();
    const { cluster } = this.#connections;
    let nodeId = this.#coordinators.get(transactionalId);
    if (nodeId === undefined) {
      // The method of the same name of kafkajs's cluster hides what the broker answered.
      const { coordinator } = await cluster.brokerPool.seedBroker.findGroupCoordinator({
        groupId: transactionalId,
        coordinatorType: 1,
      });
      nodeId = coordinator.nodeId;
      this.#coordinators.set(transactionalId, nodeId);
    }
    return cluster.findBroker({ nodeId });
  }

  /** The broker of that number: only it tells its own settings. */
  async node(nodeId: number): Promise<Broker> {
    await this.#connect();
    return this.#connections.cluster.findBroker({ nodeId });
  }

  /** The same; our topics need not be there. */
  async nodeOfCluster(nodeId: number): Promise<Broker> {
    const cluster = await this.#cluster();
    await cluster.refreshMetadata();
    return cluster.findBroker({ nodeId });
  }

  /** The broker that makes topics; ours need not be there. */
  async controllerOfCluster(): Promise<Broker> {
    const cluster = await this.#cluster();
    await cluster.refreshMetadata();
    return cluster.findControllerBroker();
  }

  /** Any broker, connected; the topics need not be there. */
  async anyBroker(): Promise<Broker> {
    return (await this.#cluster()).brokerPool.seedBroker;
  }

  /** For good: whatever is still asked for fails. */
  close(): void {
    this.#connections.drop();
  }

  unavailable(error: unknown): SecretregError {
    return unavailable(this.place, error, this.#situation);
  }

  /** The same as `unavailable`. Where a right was missing for the purpose, it is named. */
  async failure(error: unknown, purpose: Purpose): Promise<SecretregError> {
    if (isExplained(error) || !isDenied(error)) return this.unavailable(error);
    try {
      const rights = await this.#missingRights(error, purpose);
      const sentence = rights.length > 0 && missingRightsSentence(rights, this.#situation);
      return this.unavailable(sentence ? new Explained(sentence, error) : error);
    } catch {
      return this.unavailable(error);
    }
  }

  async #missingRights(error: unknown, purpose: Purpose): Promise<Right[]> {
    const needed = rightsFor(purpose, this.#situation.topics);
    const { code, topic } = rootOf(error);
    if (code === TRANSACTIONAL_ID_DENIED)
      return needed.filter(({ resource }) => resource === 'transactional-id');
    // Only a failure to make a topic says which topic it is about.
    if (topic !== undefined)
      return needed.filter(({ operation, name }) => operation === 'Create' && name === topic);
    return this.#rightsThatLack(needed);
  }

  async #rightsThatLack(needed: readonly Right[]): Promise<Right[]> {
    const topics = Object.values(this.#situation.topics);
    const access = await authorizedOperations(await this.anyBroker(), topics);
    return rightsThatLack(needed, access);
  }

  async #gaveUp(error: unknown, { ms, signal }: Deadline): Promise<unknown> {
    if (ms === undefined || isExplained(error)) return error;
    const sentence = await this.#lacking(error, ms, signal);
    return new Explained(sentence ?? gaveUpSentence(error, ms, this.#situation), error);
  }

  async #lacking(
    error: unknown,
    ms: number,
    signal: AbortSignal | undefined,
  ): Promise<Sentence | undefined> {
    if (verdictOf(error) === 'unknown-topic') return this.#missingTopic(ms, signal);
    if (!NO_TRANSACTIONS.has(codeOf(error))) return undefined;
    return withoutTransactionsSentence(error, ms, await this.#stateOfTransactions(signal));
  }

  /** Undefined where it cannot be found out. */
  async #stateOfTransactions(
    signal: AbortSignal | undefined,
  ): Promise<StateOfTransactions | undefined> {
    const soon = deadlineIn(this.#config.connectMs, signal);
    try {
      const topic = await inTime(soon, () => describeTopic(this, TRANSACTION_STATE));
      if (topic === undefined) return 'missing';
      const isShort = topic.partitionMetadata.some(
        ({ isr, replicas }) => isr.length < replicas.length,
      );
      return isShort ? 'short' : 'whole';
    } catch (error) {
      // kafkajs throws what one of the partitions lacks.
      return codeOf(error) === LEADER_NOT_AVAILABLE ? 'short' : undefined;
    }
  }

  /** Undefined where it cannot be found out, or neither is missing any more. */
  async #missingTopic(ms: number, signal: AbortSignal | undefined): Promise<Sentence | undefined> {
    const { records, audit } = this.#situation.topics;
    const soon = deadlineIn(this.#config.connectMs, signal);
    try {
      const known = await inTime(soon, async () => {
        const found = await describeTopic(this, records);
        return {
          records: found !== undefined,
          audit: (await describeTopic(this, audit)) !== undefined,
          replicas: found?.partitionMetadata[0]?.replicas.length ?? 1,
        };
      });
      return missingTopicSentence(known, ms, this.#situation);
    } catch {
      return undefined;
    }
  }

  /** Fails where a right on a topic is missing, before something is begun that cannot be ended without it. */
  async requireRights(purpose: Purpose): Promise<void> {
    const rights = await this.#rightsThatLack(rightsFor(purpose, this.#situation.topics));
    if (rights.length > 0)
      throw new Explained(missingRightsSentence(rights, this.#situation), undefined);
  }

  /** Probes at most once, before the first answer: a listener that was right once may go away, and comes back. */
  async #refuseWrongListener(error: unknown): Promise<void> {
    if (!mayBeWrongListener(error)) return;
    this.#isNew = false;
    const address = rootOf(error).broker ?? this.#situation.brokers[0] ?? '';
    const listener = await probeListener(address);
    const sentence = listener && listenerSentence(address, listener, this.#situation);
    if (sentence !== undefined) throw new Explained(sentence, error);
  }

  /**
   * Connections, leaders and coordinators are looked for again by the next call, from the next broker of the list on.
   * Whoever else waits for an answer on these connections has to ask again, so they are given up once only.
   */
  #forget(connections: Connections): void {
    if (connections !== this.#connections) return;
    connections.drop();
    const [first, ...rest] = this.#config.brokers;
    if (first !== undefined) this.#config.brokers = [...rest, first];
    this.#coordinators.clear();
    this.#isConnected = false;
    this.#connections = connectionsOf(this.#config);
  }

  async #connect(): Promise<void> {
    if (this.#isConnected) return;
    const cluster = await this.#cluster();
    await cluster.addMultipleTargetTopics(Object.values(this.#situation.topics));
    this.#isConnected = cluster === this.#connections.cluster;
  }

  /** The cluster, connected to one broker. That a port takes a connection proves nothing: a broker has to answer in time. */
  async #cluster(): Promise<Cluster> {
    const { cluster } = this.#connections;
    await inTime(deadlineIn(this.#config.connectMs), () => cluster.connect());
    return cluster;
  }
}

const LEADER_NOT_AVAILABLE = 5;
/** COORDINATOR_NOT_AVAILABLE and CONCURRENT_TRANSACTIONS. */
const NO_TRANSACTIONS: ReadonlySet<unknown> = new Set([15, 51]);
const TRANSACTIONAL_ID_DENIED = 53;

/** A topic may be unknown to a broker that has just started. */
const HEALED: ReadonlySet<string> = new Set(['heal', 'unknown-topic']);

/** The transaction before this one needs a moment to be completed. */
function shortly(attempt: number): number {
  return Math.min(2 ** attempt, 50);
}

function later(attempt: number): number {
  return Math.min(20 * 2 ** (attempt - 1), 400);
}
