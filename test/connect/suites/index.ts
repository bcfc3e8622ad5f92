// All that a worker of one version of Connect is tested for, with one broker.
import { afterAll, beforeAll } from 'vitest';
import { Broker } from '../../kafka/broker.ts';
import { describeKafka } from '../../kafka/describe-kafka.ts';
import type { WorkerVersion } from '../install.ts';
import { anotherExtensionSuite } from './another-extension.ts';
import { clusterSuite } from './cluster.ts';
import { guardedSuite } from './guarded.ts';
import { outageSuite } from './outage.ts';
import { sentencesSuite } from './sentences.ts';
import { switchesSuite } from './switches.ts';
import { syncSuite } from './sync.ts';
import { unguardedSuite } from './unguarded.ts';

export function workerSuites(version: WorkerVersion): void {
  describeKafka(`a worker of Connect ${version}`, () => {
    let broker: Broker;
    beforeAll(async () => {
      broker = await Broker.start();
    }, 120_000);
    afterAll(() => broker.stop());

    unguardedSuite(version, () => broker);
    guardedSuite(version, () => broker);
    clusterSuite(version, () => broker);
    switchesSuite(version, () => broker);
    anotherExtensionSuite(version, () => broker);
    outageSuite(version, () => broker);
    sentencesSuite(version, () => broker);
    syncSuite(version, () => broker);
  });
}
