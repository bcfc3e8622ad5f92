// The way to the brokers: who leads a topic, who coordinates a transactional id, and a loop that finds both anew after
// a failure, up to a deadline.
import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaConfig } from 'kafkajs';
import { SecretregError } from '../../errors.ts';
import { type Purpose, type Right, rightsFor, rightsThatLack } from './acls.ts';
import { authorizedOperations } from './authorized-operations.ts';
import { rootOf } from './causes.ts';
import {
  Explained,
  isDenied,
  isExplained,
  mayBeWrongListener,
  unavailable,
  verdictOf,
} from './failure.ts';
import { type Broker, type Cluster, createCluster } from './kafkajs-internals.ts';
import { probeListener } from './listener-probe.ts';
import {
  gaveUpSentence,
  listenerSentence,
  missingRightsSentence,
  type Situation,
} from './sentences.ts';

export interface Deadline {
  /** Of `performance.now()`. */
  at: number;
  /** How long there was at the beginning, to be told. */
  ms?: number;
  signal?: AbortSignal | undefined;
}

export function deadlineIn(ms: number, signal?: AbortSignal): Deadline {
  return { at: performance.now() + ms, ms, signal };
}

export function isOver({ at }: Deadline): boolean {
  return performance.now() >= at;
}

export class Connection {
  readonly place: string;
  readonly #cluster: Cluster;
  readonly #situation: Situation;
  readonly #coordinators = new Map<string, number>();
  #isConnected = false;
  /** Nobody has answered yet, so the settings themselves may be wrong. */
  #isNew = true;

  constructor(place: string, config: KafkaConfig, situation: Situation) {
    this.place = place;
    this.#cluster = createCluster(config);
    this.#situation = situation;
  }

  /** Runs `work` again, with fresh metadata, while it fails in a way that may pass. Fails with what it failed with last. */
  async untilDeadline<T>(deadline: Deadline, work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      if (deadline.signal?.aborted) throw new SecretregError('interrupted', {});
      try {
        const done = await work();
        this.#isNew = false;
        return done;
      } catch (error) {
        const verdict = verdictOf(error);
        if (this.#isNew) await this.#refuseWrongListener(error);
        if (verdict !== 'heal' && verdict !== 'retry') throw error;
        if (isOver(deadline)) throw gaveUp(error, deadline, this.#situation);
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
    return unavailable(this.place, error, this.#situation);
  }

  /** The same; where a right was missing for what was asked for, it is named. */
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
    // Only the making of a topic tells which one it was about.
    if (topic !== undefined)
      return needed.filter(({ operation, name }) => operation === 'Create' && name === topic);
    return this.#rightsThatLack(needed);
  }

  async #rightsThatLack(needed: readonly Right[]): Promise<Right[]> {
    const topics = Object.values(this.#situation.topics);
    const access = await authorizedOperations(await this.anyBroker(), topics);
    return rightsThatLack(needed, access);
  }

  /** Fails where a right on a topic is missing, before something is begun that cannot be ended without it. */
  async requireRights(purpose: Purpose): Promise<void> {
    const rights = await this.#rightsThatLack(rightsFor(purpose, this.#situation.topics));
    if (rights.length > 0)
      throw new Explained(missingRightsSentence(rights, this.#situation), undefined);
  }

  /** Asked once: a broker that was right goes away by itself, and comes back. */
  async #refuseWrongListener(error: unknown): Promise<void> {
    if (!mayBeWrongListener(error)) return;
    this.#isNew = false;
    const address = rootOf(error).broker ?? this.#situation.brokers[0] ?? '';
    const listener = await probeListener(address);
    const sentence = listener && listenerSentence(address, listener, this.#situation);
    if (sentence !== undefined) throw new Explained(sentence, error);
  }

  async #connect(): Promise<void> {
    if (this.#isConnected) return;
    await this.#cluster.connect();
    await this.#cluster.addMultipleTargetTopics(Object.values(this.#situation.topics));
    this.#isConnected = true;
  }
}

function gaveUp(error: unknown, { ms }: Deadline, situation: Situation): unknown {
  if (ms === undefined || isExplained(error)) return error;
  return new Explained(gaveUpSentence(error, Math.round(ms / 1000), situation), error);
}

const TRANSACTIONAL_ID_DENIED = 53;

/** An abort ends the pause early; the caller sees it in the signal. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
}
