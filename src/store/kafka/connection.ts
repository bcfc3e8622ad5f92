// The way to the brokers: who leads a topic, who coordinates a transactional id, and a loop that finds both anew after
// a failure, up to a deadline.
import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaConfig } from 'kafkajs';
import { SecretregError } from '../../errors.ts';
import { unavailable, verdictOf } from './failure.ts';
import { type Broker, type Cluster, createCluster } from './kafkajs-internals.ts';

export interface Deadline {
  /** Of `performance.now()`. */
  at: number;
  signal?: AbortSignal | undefined;
}

export function deadlineIn(ms: number, signal?: AbortSignal): Deadline {
  return { at: performance.now() + ms, signal };
}

export function isOver({ at }: Deadline): boolean {
  return performance.now() >= at;
}

export class Connection {
  readonly place: string;
  readonly #cluster: Cluster;
  readonly #topics: string[];
  readonly #coordinators = new Map<string, number>();
  #isConnected = false;

  constructor(place: string, config: KafkaConfig, topics: string[]) {
    this.place = place;
    this.#cluster = createCluster(config);
    this.#topics = topics;
  }

  /** Runs `work` again, with fresh metadata, while it fails in a way that may pass. Fails with what it failed with last. */
  async untilDeadline<T>(deadline: Deadline, work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      if (deadline.signal?.aborted) throw new SecretregError('interrupted', {});
      try {
        return await work();
      } catch (error) {
        const verdict = verdictOf(error);
        if ((verdict !== 'heal' && verdict !== 'retry') || isOver(deadline)) throw error;
        if (verdict === 'heal') await this.forget();
      }
      await pause(Math.min(20 * 2 ** (attempt - 1), 400), deadline.signal);
    }
  }

  /** The broker that leads partition 0. */
  async leader(topic: string): Promise<Broker> {
    await this.#connect();
    const partition = this.#cluster
      .findTopicPartitionMetadata(topic)
      .find(({ partitionId }) => partitionId === 0);
    // −1 while there is no leader; kafkajs then finds no broker, which is healed.
    return this.#cluster.findBroker({ nodeId: partition?.leader ?? -1 });
  }

  async coordinator(transactionalId: string): Promise<Broker> {
    await this.#connect();
    let nodeId = this.#coordinators.get(transactionalId);
    if (nodeId === undefined) {
      const any = this.#cluster.brokerPool.seedBroker;
      const { coordinator } = await any.findGroupCoordinator({
        groupId: transactionalId,
        coordinatorType: 1,
      });
      nodeId = coordinator.nodeId;
      this.#coordinators.set(transactionalId, nodeId);
    }
    return this.#cluster.findBroker({ nodeId });
  }

  /** The one that makes topics; ours need not be there. */
  async controllerOfCluster(): Promise<Broker> {
    await this.#cluster.connect();
    await this.#cluster.refreshMetadata();
    return this.#cluster.findControllerBroker();
  }

  /** Any broker, connected; the topics need not be there. */
  async anyBroker(): Promise<Broker> {
    await this.#cluster.connect();
    return this.#cluster.brokerPool.seedBroker;
  }

  /** Connections, leaders and coordinators are looked for again by the next call. */
  async forget(): Promise<void> {
    this.#coordinators.clear();
    this.#isConnected = false;
    await this.#cluster.disconnect().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.forget();
  }

  unavailable(error: unknown): SecretregError {
    return unavailable(this.place, error);
  }

  async #connect(): Promise<void> {
    if (this.#isConnected) return;
    await this.#cluster.connect();
    await this.#cluster.addMultipleTargetTopics(this.#topics);
    this.#isConnected = true;
  }
}

/** An abort ends the pause early; the caller sees it in the signal. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
}
