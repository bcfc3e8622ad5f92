// The rule of the original: a connector may only refer to secrets under its own name. It holds on every way in.
import { describe, expect, test } from 'vitest';
import { recorded, recording, submit, taskConfig, untilState } from '../connectors.ts';
import { canary } from '../secrets.ts';
import type { Guarded } from './guarded.ts';
import { waysIn } from '../ways-in.ts';
import type { Answer } from '../worker.ts';

const VALIDATE = '/connector-plugins/RecordingSourceConnector/config/validate';

export function ruleSuite(guarded: () => Guarded): void {
  describe('the rule', () => {
    test('what a connector refers to under its own name is resolved in its task', async () => {
      const { worker, registry } = guarded();
      const values = { username: canary(), password: canary() };
      await registry.set('resolved', values);
      const url = `jdbc:x://h/db?user=${registry.reference('resolved', 'username')}&ssl=true`;
      const password = registry.reference('resolved', 'password');
      expect(await submit(worker, 'resolved', { url, password })).toMatchObject({ status: 201 });
      await untilState(worker, 'resolved', 'RUNNING');
      expect(taskConfig(worker, 'resolved')).toMatchObject({
        url: `jdbc:x://h/db?user=${values.username}&ssl=true`,
        password: values.password,
      });
      const stored = await worker.request('GET', '/connectors/resolved/config');
      expect(stored.json).toMatchObject({ url, password });
      // A setting of type PASSWORD shows nowhere; the text of the other one is in Connect's own log.
      expect(worker.log().includes(values.password)).toBe(false);
    });

    test("another one's secret is refused on every way in", async () => {
      const { worker, registry } = guarded();
      await registry.set('other', { password: canary() });
      const password = registry.reference('other', 'password');
      for (const [index, { by, hand }] of waysIn.entries()) {
        const name = `refused-${index}`;
        expectRefused(await hand(worker, name, { password }), name, by);
        expect(
          recorded(worker, name).filter(({ config }) => config.password !== undefined),
        ).toEqual([]);
      }
      const { json: names } = await worker.request('GET', '/connectors');
      // A connector that was there before its PATCH stays as it was.
      expect((names as string[]).filter((name) => name.startsWith('refused-'))).toEqual([
        `refused-${waysIn.length - 1}`,
      ]);
      expect(await reads(guarded(), 'other')).toEqual([]);
    });

    test('nor is it taken by the route between workers', async () => {
      const { worker, registry } = guarded();
      const tasks = [
        recording(worker, 'x1', { password: registry.reference('other', 'password') }),
      ];
      expectRefused(await worker.request('POST', '/connectors/x1/tasks', tasks), 'x1', 'tasks');
    });

    test('the same ways are open to an own secret', async () => {
      const { worker, registry } = guarded();
      for (const [index, { by, hand }] of waysIn.entries()) {
        const name = `allowed-${index}`;
        await registry.set(name, { password: canary() });
        const { status, text } = await hand(worker, name, {
          password: registry.reference(name, 'password'),
        });
        expect(status, `${by}: ${text}`).toBeLessThan(300);
      }
    });

    // Connect resolves the configurations of tasks once more, and only connectors' ones are submitted.
    test('an own value that refers to another one is not handed out', async () => {
      const { worker, registry } = guarded();
      await registry.set('victim', { password: canary() });
      await registry.set('copying', { password: `u ${registry.reference('victim', 'password')}` });
      const password = registry.reference('copying', 'password');
      const { status, text } = await submit(worker, 'copying', {
        password,
        'copy.password.as': 'copied',
      });
      expect(status, text).toBe(422);
      expect(text).toContain("the value of secret 'password' of path 'copying' has '${' in it");
      expect(recorded(worker, 'copying')).toEqual([]);
      expect(await reads(guarded(), 'victim')).toEqual([]);
    });

    test('validate refuses it, for the name in the configuration', async () => {
      const { worker, registry } = guarded();
      const password = registry.reference('other', 'password');
      const config = recording(worker, 'checked', { password });
      const named = { ...config, name: 'checked' };
      expectRefused(await worker.request('PUT', VALIDATE, named), 'checked', 'validate');
      const nameless = await worker.request('PUT', VALIDATE, config);
      expect(nameless.status, nameless.text).toBe(422);
      expect(await reads(guarded(), 'other')).toEqual([]);
    });

    test.each([
      ['beside an own one', (own: string, other: string) => `${own}${other}`],
      ['inside a text', (_: string, other: string) => `jdbc:x://h/?password=${other}&x=1`],
      ['behind what has no colon', (_: string, other: string) => `\${secret} ${other}`],
      ['behind a line end', (_: string, other: string) => `a\n${other}`],
    ])('a reference to another path is seen %s', async (_, valueOf) => {
      const { worker, registry } = guarded();
      const own = registry.reference('seen', 'password');
      const password = valueOf(own, registry.reference('other', 'password'));
      const { status, text } = await submit(worker, 'seen', { password });
      expect(status, text).toBe(422);
    });

    test.each([['${secret:password}'], ['${secret::password}'], ['${secret:seen.:password}']])(
      'what is no own path is refused: %s',
      async (password) => {
        const { status, text } = await submit(guarded().worker, 'seen', { password });
        expect(status, text).toBe(422);
      },
    );

    // Kafka reads the last one as a reference to a provider `x ${secret`, and there is none.
    test.each([
      ['${env:HOME}'],
      ['$secret:other:password'],
      ['${secret}'],
      ['${x ${secret:other:password}'],
    ])('what is no reference to the registry goes through: %s', async (username) => {
      const { status, text } = await submit(guarded().worker, 'through', { username });
      expect(status, text).toBeLessThan(300);
      await untilState(guarded().worker, 'through', 'RUNNING');
      expect(await reads(guarded(), 'other')).toEqual([]);
    });

    test('a name in the body that is not the name in the URL lets nothing in', async () => {
      const { worker, registry } = guarded();
      const password = registry.reference('other', 'password');
      const put = await submit(worker, 'mismatched', { name: 'other', password });
      const config = recording(worker, 'mismatched', { name: 'other', password });
      const post = await worker.request('POST', '/connectors', { name: 'mismatched', config });
      const nameless = await worker.request('POST', '/connectors', { config });
      for (const { status, text } of [put, post, nameless]) {
        expect([400, 422], text).toContain(status);
      }
      expect(await reads(guarded(), 'other')).toEqual([]);
    });

    test.each([
      'producer.override.config.providers',
      'consumer.override.config.providers.evil.class',
      'admin.override.config.providers',
      'config.providers',
      'transforms.a.config.providers.b',
    ])('a connector has no providers of its own: %s', async (key) => {
      const { worker } = guarded();
      for (const { by, hand } of waysIn) {
        const { status, text } = await hand(worker, 'evil', { [key]: 'evil' });
        expect(status, `${by}: ${text}`).toBe(422);
        expect(text).toContain(`'${key}'`);
      }
    });

    test('a setting without a value is no fault of the rule', async () => {
      const { worker } = guarded();
      await submit(worker, 'nothing', { username: 'u' });
      const patched = await worker.request('PATCH', '/connectors/nothing/config', {
        username: null,
      });
      expect(patched.status, patched.text).toBe(200);
    });
  });
}

function expectRefused({ status, text, json }: Answer, name: string, by: string): void {
  expect(status, `${by}: ${text}`).toBe(422);
  expect(json, by).toEqual({
    error_code: 422,
    message: expect.stringContaining(
      `Connector '${name}' may only refer to secrets under its own name: 'password' refers to path 'other'`,
    ),
  });
}

/** Who read this path's values. */
async function reads({ registry }: Guarded, path: string): Promise<unknown[]> {
  const events = await registry.audit(path);
  return events.filter(({ data }) => data.methodName === 'secret.Read');
}
