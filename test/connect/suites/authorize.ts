// `secret.registry.rest.authorize=true`: who may configure connector X is handed the secrets of X, so the registry is asked.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../../src/domain/access.ts';
import { recording, untilState } from '../connectors.ts';
import { logIn } from '../log-in.ts';
import { canary } from '../secrets.ts';
import type { ServedRegistry } from '../served.ts';
import type { Answer, Worker } from '../worker.ts';
import type { Switched } from './switches.ts';

const VALIDATE = '/connector-plugins/RecordingSourceConnector/config/validate';

/** Requests that change what a connector does. Each is made of a connector that is there, by name. */
const CONFIGURING: readonly { what: string; ask: Request }[] = [
  { what: 'POST', ask: (worker, name, headers) => post(worker, `${name}-new`, headers) },
  {
    what: 'PUT config',
    ask: (worker, name, headers) =>
      worker.request('PUT', config(name), recording(worker, name), headers),
  },
  {
    what: 'PUT config with a parameter in the URL',
    ask: (worker, name, headers) =>
      worker.request('PUT', `/connectors;z/${name}/config;q`, recording(worker, name), headers),
  },
  {
    what: 'PATCH config',
    ask: (worker, name, headers) =>
      worker.request('PATCH', config(name), { username: 'u' }, headers),
  },
  {
    what: 'PATCH offsets',
    ask: (worker, name, headers) =>
      worker.request('PATCH', `/connectors/${name}/offsets`, { offsets: [] }, headers),
  },
  {
    what: 'DELETE offsets',
    ask: (worker, name, headers) =>
      worker.request('DELETE', `/connectors/${name}/offsets`, undefined, headers),
  },
  {
    what: 'validate of references',
    ask: (worker, name, headers) => {
      const password = `\${secret:${name}:password}`;
      return worker.request('PUT', VALIDATE, recording(worker, name, { name, password }), headers);
    },
  },
  {
    what: 'DELETE',
    ask: (worker, name, headers) =>
      worker.request('DELETE', `/connectors/${name}`, undefined, headers),
  },
];

/** Requests that let a connector run or not. */
const OPERATING: readonly { what: string; ask: Request }[] = [
  ['POST', 'restart'],
  ['POST', 'tasks/0/restart'],
  ['PUT', 'pause'],
  ['PUT', 'resume'],
  ['PUT', 'topics/reset'],
  ['PUT', 'stop'],
].map(([method = '', action = '']) => ({
  what: `${method} ${action}`,
  ask: (worker, name, headers) =>
    worker.request(method, `/connectors/${name}/${action}`, undefined, headers),
}));

const ROLES: readonly [Role, { configures: boolean; operates: boolean }][] = [
  ['SystemAdmin', { configures: true, operates: true }],
  ['ResourceOwner', { configures: true, operates: true }],
  ['DeveloperManage', { configures: true, operates: true }],
  ['DeveloperWrite', { configures: false, operates: true }],
  ['DeveloperRead', { configures: false, operates: true }],
  ['UserAdmin', { configures: false, operates: true }],
  ['Operator', { configures: false, operates: true }],
  ['SecurityAdmin', { configures: false, operates: false }],
  ['AuditAdmin', { configures: false, operates: false }],
];

type Headers = Record<string, string>;
type Request = (worker: Worker, name: string, headers: Headers) => Promise<Answer>;

export function authorizeSuite(switched: () => Switched): void {
  describe('authorization', () => {
    let worker: Worker;
    let registry: ServedRegistry;
    let admin: Headers;

    beforeAll(async () => {
      ({ worker, registry } = switched());
      admin = await logIn(registry, 'ada', 'SystemAdmin');
    });

    /** A connector that runs, with a secret. */
    async function start(name: string): Promise<void> {
      await registry.set(name, { password: canary() });
      await worker.request('PUT', config(name), recording(worker, name), admin);
      await untilState(worker, name, 'RUNNING');
    }

    test.each([...CONFIGURING, ...OPERATING])(
      'without a log-in nobody may: $what',
      async ({ ask }) => {
        const answer = await ask(worker, 'nobody', {});
        expect([answer.status, answer.json]).toEqual([401, shape(401, 'takes a log-in')]);
        const response = await fetch(`${worker.url}/connectors/nobody/config`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        });
        expect(response.headers.get('www-authenticate')).toContain('Bearer');
      },
    );

    test.each(ROLES)('%s: %o', async (role, { configures, operates }) => {
      const name = `of-${role}`;
      await start(name);
      const headers = await logIn(registry, role, role, name, `${name}-new`);
      for (const { what, ask } of OPERATING) {
        const { status, text } = await ask(worker, name, headers);
        expect([what, status === 403], text).toEqual([what, !operates]);
        expect(status, text).not.toBe(401);
        if (!operates) expect(text).toContain(`start or stop connector '${name}'`);
      }
      for (const { what, ask } of CONFIGURING) {
        const { status, text } = await ask(worker, name, headers);
        expect([what, status === 403], text).toEqual([what, !configures]);
        expect(status, text).not.toBe(401);
        if (!configures) expect(text).toContain('be handed its secrets');
      }
      const left = await worker.request('GET', `/connectors/${name}`);
      expect(left.status).toBe(configures ? 404 : 200);
    });

    test('the owner of one connector has no right to its sibling', async () => {
      const headers = await logIn(registry, 'otto', 'ResourceOwner', 'mine');
      for (const sibling of ['mine2', 'Mine', 'min', 'mine%2Fx']) {
        const name = decodeURIComponent(sibling);
        const put = await post(worker, name, headers);
        expect([name, put.status], put.text).toEqual([name, 403]);
      }
      expect((await post(worker, 'mine', headers)).status).toBe(201);
      expect((await post(worker, ' mine ', headers)).status).toBe(409);
    });

    test('the rule holds for whoever may configure the connector', async () => {
      const password = '${secret:other:password}';
      const put = await worker.request(
        'PUT',
        config('ruled'),
        recording(worker, 'ruled', { password }),
        admin,
      );
      expect(put.status, put.text).toBe(422);
    });

    test('what is wrong with a log-in is told, and where to get one', async () => {
      const token = `Bearer srt_${'0'.repeat(16)}_${'A'.repeat(43)}`;
      for (const authorization of [token, 'Bearer x', 'Basic !', 'Unknown y']) {
        const answer = await post(worker, 'refused', { authorization });
        expect(answer.json, authorization).toEqual(shape(401, 'does not accept these credentials'));
      }
      expect(worker.log()).not.toContain('A'.repeat(43));
    });

    test('to look needs no right of the registry', async () => {
      await start('seen');
      for (const path of ['/connectors', '/connectors/seen', '/connectors/seen/status']) {
        expect((await worker.request('GET', path)).status).toBe(200);
      }
      const harmless = recording(worker, 'seen', { name: 'seen' });
      expect((await worker.request('PUT', VALIDATE, harmless)).status).toBe(200);
    });

    test('each question stands in the audit, with who asked and for which connector', async () => {
      const headers = await logIn(registry, 'una', 'DeveloperWrite', 'asked');
      expect((await post(worker, 'asked', headers)).status).toBe(403);
      const event = (await registry.audit('asked')).findLast(
        ({ data }) => data.methodName === 'access.Check',
      );
      expect(event?.data).toMatchObject({
        methodName: 'access.Check',
        authenticationInfo: { principal: 'User:una' },
        request: { connector: 'asked' },
      });
    });

    test('while the registry is away nobody configures, and everybody sees', async () => {
      await start('waiting');
      await registry.kill();
      const refused = await submitAs(worker, 'waiting', admin);
      expect(refused.json, refused.text).toEqual(shape(503, 'cannot be asked now'));
      expect((await worker.request('GET', '/connectors/waiting/status')).status).toBe(200);
      await registry.restart();
      // A registry that was away is asked again within its `down.memory.ms`.
      await expect
        .poll(async () => (await submitAs(worker, 'waiting', admin)).status, { timeout: 60_000 })
        .toBe(200);
    });
  });
}

function post(worker: Worker, name: string, headers: Headers): Promise<Answer> {
  const body = { name, config: recording(worker, name) };
  return worker.request('POST', '/connectors', body, headers);
}

function submitAs(worker: Worker, name: string, headers: Headers): Promise<Answer> {
  return worker.request('PUT', config(name), recording(worker, name), headers);
}

function config(name: string): string {
  return `/connectors/${encodeURIComponent(name)}/config`;
}

function shape(code: number, message: string) {
  return { error_code: code, message: expect.stringContaining(message) };
}
