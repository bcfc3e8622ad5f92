// The provider and a real server: what it gets, what it is told, and what the audit says of it.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { ask } from '../process/served-registry.ts';
import { LONGEST_BUILD_MS } from './built-once.ts';
import { runJava } from './java.ts';
import { ServedRegistry } from './served.ts';

interface Lookup {
  params?: Record<string, string>;
  path: string;
  keys: string[];
}

interface Told {
  data?: Record<string, string>;
  error?: string;
  status?: number;
}

const PATH = 'orders/zażółć 😀';

describeKafka('the provider and a registry', () => {
  let registry: ServedRegistry;
  beforeAll(async () => {
    registry = await ServedRegistry.start();
    await registry.set(PATH, { username: 'u', password: 'pa"ss\n😀' });
    await registry.set('other', { password: 'o' });
  }, LONGEST_BUILD_MS);
  afterAll(() => registry.stop());

  async function lookUp(...lookups: Lookup[]): Promise<Told[]> {
    const own = { url: registry.url, 'token.file': registry.tokenFile, retries: '0' };
    const lines = lookups.map(({ params, ...it }) =>
      JSON.stringify({ params: { ...own, ...params }, ...it }),
    );
    const told = await runJava('io.secretreg.connect.ProviderProbe', lines);
    return told.map((line) => JSON.parse(line) as Told);
  }

  test(
    'values come as they were stored, and each key is audited with the connector',
    async () => {
      expect(await lookUp({ path: PATH, keys: ['password', 'username'] })).toEqual([
        { data: { username: 'u', password: 'pa"ss\n😀' } },
      ]);
      const reads = (await registry.audit(PATH)).filter(
        ({ data }) => data.methodName === 'secret.Read',
      );
      expect(reads.map(({ data }) => data.resourceName.replace(/.*\/key=/, ''))).toEqual([
        'password/version=1',
        'username/version=1',
      ]);
      expect(reads.map(({ data }) => data.request.connector)).toEqual([PATH, PATH]);
      expect(reads[0]?.data.request.userAgent).toBe('secretreg-connect/0.1.0');
    },
    LONGEST_BUILD_MS,
  );

  test(
    'a log-in that does not count, a right that is missing and a name that is not there are told',
    async () => {
      const fileOf = (name: string, token: string) => {
        const file = join(dirname(registry.tokenFile), name);
        writeFileSync(file, token, { mode: 0o600 });
        return { 'token.file': file };
      };
      const soon = new Date(Date.now() + 2000).toISOString();
      const expired = await registry.newToken('expired', { expiresAt: soon });
      const elsewhere = await registry.newToken('elsewhere', { path: 'elsewhere' });
      const operator = await registry.newToken('operator', { role: 'DeveloperWrite' });
      await untilExpired(expired);
      const at = { path: 'other', keys: ['password'] };
      const told = await lookUp(
        { ...at, params: fileOf('wrong', `srt_${'a'.repeat(16)}_${'b'.repeat(43)}`) },
        { ...at, params: fileOf('expired', expired) },
        { ...at, params: fileOf('elsewhere', elsewhere) },
        { ...at, params: fileOf('operator', operator) },
        { path: 'other', keys: ['password', 'username', '1st'] },
        { path: 'nobody', keys: ['password'] },
        { path: 'a{b', keys: ['password'] },
        { ...at, params: { url: `${registry.url}/no/such` } },
      );
      const notAccepted = (name: string) =>
        `path 'other' ('password') cannot be read: the registry at ${registry.url} does not accept the token of 'token.file' ` +
        `'${join(dirname(registry.tokenFile), name)}' (401, code 40101): it is wrong, expired or revoked; ` +
        `a new token is made by 'secretreg access token create'`;
      const absent =
        'cannot be found: the registry has none of that name for this worker; create it under this path, or ask for the right to read the path';
      expect(told).toEqual([
        { error: notAccepted('wrong'), status: 502 },
        { error: notAccepted('expired'), status: 502 },
        { error: `secret 'password' of path 'other' ${absent}`, status: 422 },
        {
          error: `path 'other' ('password') cannot be read: the registry at ${registry.url} does not allow it to the worker (403, code 40301): its principal needs a grant such as DeveloperRead on this path`,
          status: 502,
        },
        { error: `secrets '1st', 'username' of path 'other' ${absent}`, status: 422 },
        { error: `secret 'password' of path 'nobody' ${absent}`, status: 422 },
        {
          error: `path 'a{b' ('password') cannot be read: the registry takes this for no name that a secret can have (422, code 42201)`,
          status: 422,
        },
        {
          error: `path 'other' ('password') cannot be read: there is no registry at ${registry.url}/no/such (it answered 404, code 40400): is 'url' its address, with the path that a proxy may need?`,
          status: 502,
        },
      ]);
    },
    LONGEST_BUILD_MS,
  );

  async function untilExpired(token: string): Promise<void> {
    await expect
      .poll(async () => (await ask(`${registry.url}/access/whoami`, token, 'GET')).status, {
        timeout: 60_000,
      })
      .toBe(401);
  }
});
