// A worker with the plugin as it is meant to be used: our provider, the extension, and a registry in a process of its own.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Broker } from '../../kafka/broker.ts';
import type { WorkerVersion } from '../install.ts';
import { connectJar } from '../jar.ts';
import { ServedRegistry } from '../served.ts';
import { Worker } from '../worker.ts';
import { questionsSuite } from './questions.ts';
import { redactionSuite } from './redaction.ts';
import { ruleSuite } from './rule.ts';

export interface Guarded {
  worker: Worker;
  registry: ServedRegistry;
}

export function guardedSuite(version: WorkerVersion, broker: () => Broker): void {
  describe('with the plugin', () => {
    let worker: Worker;
    let registry: ServedRegistry;
    let start: string[];
    beforeAll(async () => {
      registry = await ServedRegistry.start();
      const { properties } = registry;
      const plugins = [await connectJar()];
      worker = await Worker.start({ version, broker: broker(), properties, plugins });
      start = worker.log().split('\n');
    }, 300_000);
    afterAll(async () => {
      await worker?.stop();
      registry?.stop();
    });

    test('its start has nothing to warn of', () => {
      expect(start.filter((line) => /\] (WARN|ERROR) /.test(line))).toEqual([]);
      expect(start.filter((line) => line.includes('secret registry: '))).toHaveLength(1);
    });

    const guarded = () => ({ worker, registry });
    ruleSuite(guarded);
    redactionSuite(version, guarded);
    questionsSuite(guarded);
  });
}
