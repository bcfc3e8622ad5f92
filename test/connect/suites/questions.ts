// What a worker asks the registry, what the registry keeps of it, and that a worker is not stopped by what it is asked.
import { describe, expect, test } from 'vitest';
import { recorded, recording, submit, taskConfig, until, untilState } from '../connectors.ts';
import { canary } from '../secrets.ts';
import type { Guarded } from './guarded.ts';

const HOSTILE = {
  'openings that are never closed': '${'.repeat(50_000),
  'openings with a name that are never closed': '${secret:'.repeat(11_000),
  'colons behind one opening': `\${${':'.repeat(100_000)}`,
  'openings and colons in turns': '${:'.repeat(33_000),
  'nested references': `${'${a:'.repeat(16_000)}${'}'.repeat(16_000)}`,
  'dollars and closings': '$}'.repeat(50_000),
};

export function questionsSuite(guarded: () => Guarded): void {
  describe('the questions', () => {
    test('all keys of a path are asked for at once, in the name of the connector', async () => {
      const { worker, registry } = guarded();
      await registry.set('asked', { username: canary(), password: canary(), third: canary() });
      await submit(worker, 'asked', {
        username: `${registry.reference('asked', 'username')}-${registry.reference('asked', 'third')}`,
        password: registry.reference('asked', 'password'),
      });
      await untilState(worker, 'asked', 'RUNNING');
      const reads = (await registry.audit('asked'))
        .map(({ data }) => data)
        .filter(({ methodName }) => methodName === 'secret.Read');
      const keysOf = Map.groupBy(reads, ({ request }) => request.requestId);
      expect(keysOf.size).toBeGreaterThan(0);
      for (const events of keysOf.values()) {
        const keys = events.map(({ resourceName }) => /key=([^/]+)/.exec(resourceName)?.[1]);
        expect(keys).toHaveLength(3);
        expect(new Set(keys)).toEqual(new Set(['password', 'third', 'username']));
      }
      expect(new Set(reads.map(({ request }) => request.connector))).toEqual(new Set(['asked']));
      expect(new Set(reads.map(({ authenticationInfo }) => authenticationInfo.principal))).toEqual(
        new Set(['User:connect']),
      );
      expect(reads.every(({ authorizationInfo }) => authorizationInfo.granted)).toBe(true);
    });

    test('a key that is not there is named, and no value of the others', async () => {
      const { worker, registry } = guarded();
      await registry.set('missing', { password: canary() });
      const { status, text } = await submit(worker, 'missing', {
        username: registry.reference('missing', 'user'),
        password: registry.reference('missing', 'password'),
        url: registry.reference('missing', 'url'),
      });
      expect(status, text).toBe(422);
      expect(text).toContain("'user'");
      expect(text).toContain("'url'");
      expect(text).not.toContain('canary-');
    });

    test.each(['a b', 'x.y_z~(1)', 'größe', 'a+b', 'a%2Fb', 'team/orders', "o'neil"])(
      'a name that an address has to escape is asked for as it is: %s',
      async (name) => {
        const { worker, registry } = guarded();
        const password = canary();
        await registry.set(name, { password });
        const config = recording(worker, name, { password: registry.reference(name, 'password') });
        const { status, text } = await worker.request('POST', '/connectors', { name, config });
        expect(status, text).toBe(201);
        await until('its task', async () => taskConfig(worker, name));
        expect(taskConfig(worker, name)).toMatchObject({ password });
        const events = await registry.audit(name);
        const reads = events.filter(({ data }) => data.methodName === 'secret.Read');
        expect(new Set(reads.map(({ data }) => data.request.connector))).toEqual(new Set([name]));
      },
    );

    test.each(Object.entries(HOSTILE))('%s are refused at once', async (_, hostile) => {
      const { worker, registry } = guarded();
      const password = `${registry.reference('other', 'password')}${hostile}`;
      const order: string[] = [];
      const refused = submit(worker, 'hostile', { password }).then(({ status }) => {
        order.push('hostile');
        return status;
      });
      for (let i = 0; i < 200; i += 1) {
        await worker.request('GET', '/connectors');
        order.push('other');
      }
      expect(await refused).toBe(422);
      expect(order.indexOf('hostile')).toBeLessThan(200);
    });

    test('a rotation of the master key is not noticed', async () => {
      const { worker, registry } = guarded();
      const password = canary();
      await registry.set('rotated', { password });
      await submit(worker, 'rotated', { password: registry.reference('rotated', 'password') });
      await untilState(worker, 'rotated', 'RUNNING');
      const before = recorded(worker, 'rotated').length;
      const logged = worker.log().length;
      await registry.rotateMasterKey();
      const restart = '/connectors/rotated/restart?includeTasks=true';
      expect(await worker.request('POST', restart)).toMatchObject({ status: 202 });
      await until('the next start of the task', async () => {
        return recorded(worker, 'rotated').length > before + 1 || undefined;
      });
      await untilState(worker, 'rotated', 'RUNNING');
      expect(taskConfig(worker, 'rotated')).toMatchObject({ password });
      expect(worker.log().slice(logged)).not.toMatch(/\] (WARN|ERROR) /);
    });
  });
}
