// `secret.registry.rest.proxy=true`: the original's eleven routes on the worker's port, with the caller's own log-in.
import { beforeAll, describe, expect, test } from 'vitest';
import { request, sendRaw } from '../../http/raw.ts';
import { recording, untilState } from '../connectors.ts';
import { logIn } from '../log-in.ts';
import { canary } from '../secrets.ts';
import type { ServedRegistry } from '../served.ts';
import type { Worker } from '../worker.ts';
import type { Switched } from './switches.ts';

type Headers = Record<string, string>;

interface Asked {
  status: number;
  headers: globalThis.Headers;
  json: unknown;
}

/** Those of an answer that the worker hands on. */
const PASSED = ['etag', 'www-authenticate', 'cache-control'];

export function proxySuite(switched: () => Switched): void {
  describe('the routes of the registry', () => {
    let worker: Worker;
    let registry: ServedRegistry;
    let owner: Headers;

    beforeAll(async () => {
      ({ worker, registry } = switched());
      const paths = ['eleven', 'same', 'written', 'shown', 'café x;y+z&=$', 'large', 'hostile'];
      owner = await logIn(registry, 'olga', 'ResourceOwner', ...paths);
    });

    const onWorker = (method: string, path: string, body?: unknown, headers: Headers = owner) =>
      asked(worker.url, method, path, { body, headers });
    const onRegistry = (method: string, path: string, body?: unknown) =>
      asked(registry.url, method, path, { body, headers: owner });

    test('the eleven do on the port of the worker what they do on that of the registry', async () => {
      const key = '/secret/paths/eleven/keys/password';
      for (const secret of ['first', 'second', 'third']) {
        const answer = await onWorker('POST', `${key}/versions`, { secret });
        expect(answer.json).toMatchObject({ path: 'eleven', key: 'password' });
        // Where it is for whoever asked: JAX-RS makes it whole with the address of the worker.
        expect(answer.headers.get('location')).toContain(`${worker.url}${key}/versions/`);
        expect(answer.headers.get('etag')).toMatch(/^"\d"$/);
        expect(answer.headers.get('x-request-id')).toMatch(/./);
      }
      const reads = [
        '/secret/paths',
        '/secret/paths/eleven',
        '/secret/paths/eleven/keys',
        key,
        `${key}/versions`,
        `${key}/versions/1`,
        `${key}/versions/latest`,
      ];
      for (const path of reads) await expectSame(path);
      expect((await onWorker('GET', `${key}/versions/2`)).json).toMatchObject({ secret: 'second' });
      expect((await onWorker('DELETE', `${key}/versions/2`)).json).toBe(2);
      expect((await onWorker('DELETE', key)).json).toEqual([1, 3]);
      await onWorker('POST', `${key}/versions`, { secret: 'fourth' });
      expect((await onWorker('DELETE', '/secret/paths/eleven')).json).toEqual(['password']);
      await expectSame('/secret/paths/eleven');
      await expectSame(`${key}/versions?deleted=true`);
    });

    /** Status, body and headers. */
    async function expectSame(path: string): Promise<void> {
      const [here, there] = [await onWorker('GET', path), await onRegistry('GET', path)];
      const shown = ({ status, json, headers }: Asked) => ({
        status,
        json,
        headers: PASSED.map((name) => [name, headers.get(name)]),
      });
      expect(shown(here), path).toEqual(shown(there));
    }

    test('conditions and queries go along', async () => {
      const url = '/secret/paths/same/keys/password/versions';
      const first = await onWorker(
        'POST',
        url,
        { secret: 'a' },
        { ...owner, 'if-none-match': '*' },
      );
      expect(first.status).toBe(200);
      const again = await onWorker(
        'POST',
        url,
        { secret: 'b' },
        { ...owner, 'if-none-match': '*' },
      );
      expect([again.status, again.json]).toEqual([
        412,
        expect.objectContaining({ error_code: 41201 }),
      ]);
      const next = await onWorker('POST', url, { secret: 'b' }, { ...owner, 'if-match': '"1"' });
      expect(next.headers.get('etag')).toBe('"2"');
      await onWorker('POST', '/secret/paths/same/keys/username/versions', { secret: 'u' });
      const { json } = await onWorker('GET', '/secret/paths/same?key=username&key=absent');
      expect(json).toMatchObject([{ key: 'username', secret: 'u' }]);
    });

    test('the log-in is the caller’s, never that of the worker', async () => {
      const value = canary();
      await registry.set('written', { password: value });
      const url = '/secret/paths/written/keys/password/versions/latest';
      const nobody = await onWorker('GET', url, undefined, {});
      expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringContaining('Bearer'),
      ]);
      const una = await logIn(registry, 'una-p', 'UserAdmin');
      expect((await onWorker('GET', url, undefined, una)).status).toBe(403);
      const written = await onWorker('POST', url.replace('/latest', ''), { secret: 'x' }, una);
      expect(written.status).toBe(200);
      const events = await registry.audit('written');
      expect(events.map(({ data }) => data.authenticationInfo.principal)).not.toContain(
        'User:connect',
      );
    });

    test('a value that a connector was given is shown to whoever asks the registry for it', async () => {
      const value = canary();
      await registry.set('shown', { password: value });
      const config = recording(worker, 'shown', {
        password: '${secret:shown:password}',
      });
      await worker.request('PUT', '/connectors/shown/config', config, owner);
      await untilState(worker, 'shown', 'RUNNING');
      const { json } = await onWorker('GET', '/secret/paths/shown/keys/password/versions/latest');
      expect(json).toMatchObject({ secret: value });
    });

    test('a name is the same name behind the worker', async () => {
      const path = `/secret/paths/${encodeURIComponent('café x;y+z&=$')}/keys/${encodeURIComponent('k é')}/versions`;
      const { status, json } = await onWorker('POST', path, { secret: 'v' });
      expect([status, json]).toEqual([
        200,
        expect.objectContaining({ path: 'café x;y+z&=$', key: 'k é' }),
      ]);
    });

    test.each([
      ['GET', '/secret'],
      ['GET', '/access/whoami'],
      ['GET', '/secret/paths/hostile/keys/password/metadata'],
      ['POST', '/secret/paths/hostile'],
      ['POST', '/secret/paths/hostile/keys/password/versions/1/restore'],
      ['PUT', '/secret/paths/hostile/keys/password/versions'],
      ['DELETE', '/secret/paths/hostile/keys/password/versions/latest'],
      ['GET', '/secret/paths//keys'],
      ['GET', '/secret/paths/hostile;a/keys'],
      ['GET', '/secret;a/paths/hostile/keys'],
      ['GET', '/secret/paths/%2e%2e/keys'],
      ['GET', '/secret/paths/.%2E/keys'],
      ['GET', '/secret/paths/hostile/keys/%2E'],
      ['GET', '/secret/paths/../access/whoami'],
      ['GET', '/secret/paths/hostile/../../../access/whoami'],
      ['GET', '/secret/paths/hostile%2F..%2F..%2F..%2Faccess%2Fwhoami'],
      ['GET', '/secret/paths/..%2F..%2Faccess%2Fwhoami'],
      ['GET', '/secret/paths/hostile%00/keys'],
      ['GET', '/secret/paths/hostile%5C..%5Caccess'],
      ['GET', '/secret/paths/%'],
      ['GET', '/secret/paths/%ff'],
    ])('nothing but the eleven is there: %s %s', async (method, target) => {
      const { authorization = '' } = await logIn(registry, 'ada', 'SystemAdmin');
      const raw = `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${authorization}\r\n\r\n`;
      const { status, body } = await sendRaw(Number(new URL(worker.url).port), raw);
      expect([400, 404, 405, 414, 422], body).toContain(status);
      expect(body).not.toContain('User:ada');
      const events = await registry.audit('hostile');
      expect(events.filter(({ data }) => data.methodName.startsWith('secret.'))).toEqual([]);
    });

    test('two log-ins are refused', async () => {
      const raw = request('GET /secret/paths', ['Authorization: Bearer other']);
      const { status } = await sendRaw(Number(new URL(worker.url).port), raw);
      expect(status).toBe(400);
    });

    test('the largest value goes through, and no body beyond the limit', async () => {
      const url = '/secret/paths/large/keys/password/versions';
      const secret = 'v'.repeat(256 * 1024);
      expect((await onWorker('POST', url, { secret })).status).toBe(200);
      expect((await onWorker('GET', `${url}/latest`)).json).toMatchObject({ secret });
      const beyond = await onWorker('POST', url, { secret: 'v'.repeat(1024 * 1024) });
      expect([beyond.status, beyond.json]).toEqual([
        413,
        expect.objectContaining({ error_code: 413 }),
      ]);
    });

    test('while the registry is away the answer says so', async () => {
      await registry.kill();
      const { status, json } = await onWorker('GET', '/secret/paths');
      expect([status, json]).toEqual([
        502,
        { error_code: 502, message: expect.stringContaining('cannot be reached') },
      ]);
      await registry.restart();
      await expect
        .poll(async () => (await onWorker('GET', '/secret/paths')).status, { timeout: 60_000 })
        .toBe(200);
    });

    test('nothing of it stands in the log of the worker', () => {
      expect(worker.log()).not.toMatch(/canary-|srt_[a-z0-9]+_[A-Za-z0-9_-]{43}/);
      expect(worker.log()).not.toContain(owner['authorization']);
    });
  });
}

async function asked(
  url: string,
  method: string,
  path: string,
  { body, headers }: { body?: unknown; headers: Headers },
): Promise<Asked> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      connection: 'close',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    json: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}
