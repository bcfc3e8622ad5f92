// The way to the brokers: who leads a topic, who coordinates a transactional id, and a loop that finds both anew after
// a failure, up to a deadline.
import type { KafkaConfig } from 'kafkajs';
import type { SecretregError } from '../../errors.ts';
import { type Deadline, deadlineIn, inTime, isOver, pause } from './deadline.ts';
import { unavailable, verdictOf } from './failure.ts';
import { type Broker, type Cluster, connectionsOf, type Connections } from './kafkajs-internals.ts';

/** Of kafkajs, and how long one broker may take to let us in before the next one of the list is asked. */
export type ConnectionConfig = KafkaConfig & { brokers: string[]; connectMs: number };

export class Connection {
  readonly place: string;
  readonly #config: ConnectionConfig;
  readonly #topics: string[];
  readonly #coordinators = new Map<string, number>();
  #connections: Connections;
  #isConnected = false;

  constructor(place: string, config: ConnectionConfig, topics: string[]) {
    this.place = place;
    this.#config = config;
    this.#topics = topics;
    this.#connections = connectionsOf(config);
  }

  /** Runs `work` again, with fresh metadata, while it fails in a way that may pass. Fails with what it failed with last. */
  async untilDeadline<T>(deadline: Deadline, work: () => Promise<T>): Promise<T> {
    let failure: unknown;
    for (let attempt = 1; ; attempt += 1) {
      const connections = this.#connections;
      try {
        return await inTime(deadline, work);
      } catch (error) {
        const verdict = verdictOf(error);
        // What went wrong before says more than that the time is over.
        failure = isOver(deadline) ? (failure ?? error) : error;
        if (HEALED.has(verdict)) this.#forget(connections);
        else if (verdict !== 'retry') throw error;
        if (isOver(deadline)) throw failure;
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

  /** The one that makes topics; ours need not be there. */
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
    return unavailable(this.place, error);
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
    await cluster.addMultipleTargetTopics(this.#topics);
    this.#isConnected = cluster === this.#connections.cluster;
  }

  /** With one connection. That a port takes one says nothing: something that answers has to be behind it. */
  async #cluster(): Promise<Cluster> {
    const { cluster } = this.#connections;
    await inTime(deadlineIn(this.#config.connectMs), () => cluster.connect());
    return cluster;
  }
}

/** A topic may be unknown to a broker that has just started. */
const HEALED: ReadonlySet<string> = new Set(['heal', 'unknown-topic']);

/** The transaction before needs a moment. */
function shortly(attempt: number): number {
  return Math.min(2 ** attempt, 50);
}

function later(attempt: number): number {
  return Math.min(20 * 2 ** (attempt - 1), 400);
}
