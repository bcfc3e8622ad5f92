// What leaves the worker's REST has references where Connect would put the values.
import { describe, expect, test } from 'vitest';
import { submit, taskConfig, untilState } from '../connectors.ts';
import type { WorkerVersion } from '../install.ts';
import { leaks } from '../leaks.ts';
import { canary } from '../secrets.ts';
import type { Guarded } from './guarded.ts';

/** What JSON has to escape, and what some writers of it escape. */
const AWKWARD = '"\\\n\t\u0001/<é\u2028😀';

export function redactionSuite(version: WorkerVersion, guarded: () => Guarded): void {
  const ofVersion = leaks
    .map((leak, index) => ({ ...leak, name: `hidden-${index}` }))
    .filter((leak) => leak.version === undefined || leak.version === version);

  describe('redaction', () => {
    test.each(ofVersion)('the reference stands for the value in $through', async (leak) => {
      const { worker, registry } = guarded();
      const values = { username: `${canary()}${AWKWARD}`, password: `${canary()}${AWKWARD}` };
      await registry.set(leak.name, values);
      const username = registry.reference(leak.name, 'username');
      const password = registry.reference(leak.name, 'password');
      const seen = await leak.look(worker, leak.name, { username, password });
      expect(seen).not.toContain('canary-');
      expect(
        [username, password].some((reference) => seen.includes(reference)),
        seen,
      ).toBe(true);
    });

    test('a short value is hidden where it is all of a text, and its task still gets it', async () => {
      const { worker, registry } = guarded();
      await registry.set('short', { password: 'pw9' });
      const password = registry.reference('short', 'password');
      await submit(worker, 'short', { password, 'copy.password.as': 'copied' });
      await untilState(worker, 'short', 'RUNNING');
      expect(taskConfig(worker, 'short')).toMatchObject({ copied: 'pw9' });
      const { json } = await worker.request('GET', '/connectors/short/tasks');
      expect(json).toMatchObject([{ config: { copied: password } }]);
    });

    test('an old value stays hidden after the next one was read', async () => {
      const { worker, registry } = guarded();
      const old = canary();
      await registry.set('older', { password: old });
      const password = registry.reference('older', 'password');
      await submit(worker, 'older', { password, 'fail.in': 'task' });
      await untilState(worker, 'older', 'RUNNING', 'FAILED');
      await registry.set('older', { password: canary() });
      await submit(worker, 'older', { password, 'fail.in': 'task', username: 'changed' });
      const { text } = await worker.request('GET', '/connectors/older/status');
      expect(text).not.toContain('canary-');
    });
  });
}
