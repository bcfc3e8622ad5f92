// A worker as Kafka has it, without the extension: what the other suites look for can be seen.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Broker } from '../../kafka/broker.ts';
import { submit, untilState } from '../connectors.ts';
import type { WorkerVersion } from '../install.ts';
import { leaks } from '../leaks.ts';
import { canary, FILE_PROVIDER, FileSecrets } from '../secrets.ts';
import { waysIn } from '../ways-in.ts';
import { Worker } from '../worker.ts';

export function unguardedSuite(version: WorkerVersion, broker: () => Broker): void {
  describe('without the extension', () => {
    const secrets = new FileSecrets();
    let worker: Worker;
    beforeAll(async () => {
      worker = await Worker.start({ version, broker: broker(), properties: secrets.properties });
    }, 300_000);
    afterAll(async () => {
      await worker.stop();
      secrets.remove();
    });

    test.each(ofVersion(version))('a value gets out through $through', async ({ look, name }) => {
      const username = canary();
      const password = canary();
      await secrets.set(name, { username, password });
      const seen = await look(worker, name, {
        username: secrets.reference(name, 'username'),
        password: secrets.reference(name, 'password'),
      });
      expect([username, password].filter((value) => seen.includes(value))).not.toEqual([]);
    });

    test("another one's secret is handed over by each way in", async () => {
      await secrets.set('other', { password: canary() });
      const password = secrets.reference('other', 'password');
      for (const [index, { by, hand }] of waysIn.entries()) {
        const { status, text } = await hand(worker, `taken-${index}`, { password });
        expect(status, `${by}: ${text}`).toBeLessThan(300);
      }
    });

    test('a provider of its own makes a connector read what the worker may not', async () => {
      const value = canary();
      const hidden = new FileSecrets();
      await hidden.set('other', { password: value });
      await submit(worker, 'evil', {
        'producer.override.config.providers': 'evil',
        'producer.override.config.providers.evil.class': FILE_PROVIDER,
        'producer.override.client.id': hidden
          .reference('other', 'password')
          .replace('file', 'evil'),
      });
      await untilState(worker, 'evil', 'RUNNING');
      hidden.remove();
      expect(worker.log().includes(value)).toBe(true);
    });
  });
}

/** Each with a name of its own for its connector. */
function ofVersion(version: WorkerVersion) {
  return leaks
    .map((leak, index) => ({ ...leak, name: `leak-${index}` }))
    .filter((leak) => leak.version === undefined || leak.version === version);
}
