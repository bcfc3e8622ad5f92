// `rest.extension.classes` with two classes, as the original has it: the other one finds out who the caller is.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Broker } from '../../kafka/broker.ts';
import { recording, taskConfig, until } from '../connectors.ts';
import type { WorkerVersion } from '../install.ts';
import { connectJar } from '../jar.ts';
import { logInByPassword } from '../log-in.ts';
import { canary } from '../secrets.ts';
import { EXTENSION, ServedRegistry } from '../served.ts';
import { Worker } from '../worker.ts';

const OTHER = 'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension';
const LOGIN = 'org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule';
/** One password for worker and registry: the caller shows it to both. */
const UNA = { name: 'una', password: 'una-has-a-long-password' };
const OTTO = { name: 'otto', password: 'otto-has-a-long-password' };

export function anotherExtensionSuite(version: WorkerVersion, broker: () => Broker): void {
  describe.each([
    ['before ours', `${OTHER},${EXTENSION}`],
    ['behind ours', `${EXTENSION},${OTHER}`],
  ])('the extension of basic authentication %s', (_, classes) => {
    let worker: Worker;
    let registry: ServedRegistry;
    let una: Record<string, string>;
    let otto: Record<string, string>;

    beforeAll(async () => {
      registry = await ServedRegistry.start();
      una = await logInByPassword(registry, UNA, 'UserAdmin');
      otto = await logInByPassword(registry, OTTO, 'ResourceOwner', 'beside');
      worker = await startWorker(classes);
    }, 300_000);
    afterAll(async () => {
      await worker?.stop();
      registry?.stop();
    });

    async function startWorker(extensions: string): Promise<Worker> {
      const files = registry.tokenFile.replace('worker.token', '');
      const [users, jaas] = [join(files, 'users.properties'), join(files, 'jaas.conf')];
      const lines = [UNA, OTTO].map(({ name, password }) => `${name}=${password}\n`);
      writeFileSync(users, lines.join(''), { mode: 0o600 });
      writeFileSync(jaas, `KafkaConnect { ${LOGIN} required file="${users}"; };\n`);
      return Worker.start({
        version,
        broker: broker(),
        plugins: [await connectJar()],
        jvm: [`-Djava.security.auth.login.config=${jaas}`],
        properties: {
          ...registry.provider('vault'),
          'rest.extension.classes': extensions,
          'secret.registry.rest.authorize': 'true',
          'secret.registry.rest.proxy': 'true',
        },
      });
    }

    test('nobody gets past the other one', async () => {
      for (const [method, path, body] of [
        ['GET', '/connectors', undefined],
        ['PUT', '/connectors/beside/config', {}],
        ['GET', '/secret/paths', undefined],
        ['POST', '/secret/paths/beside/keys/password/versions', { secret: 'x' }],
      ] as const) {
        const { status, json } = await worker.request(method, path, body);
        // It says so without a body.
        expect([path, status, json]).toEqual([path, 401, undefined]);
      }
      expect(await registry.audit('beside')).not.toContainEqual(
        expect.objectContaining({ data: expect.objectContaining({ methodName: 'secret.Write' }) }),
      );
    });

    test('the work-flow of the original, on the port of the worker', async () => {
      const values = { username: canary(), password: canary() };
      for (const [key, secret] of Object.entries(values)) {
        const url = `/secret/paths/beside/keys/${key}/versions`;
        const written = await worker.request('POST', url, { secret }, una);
        expect(written.status, written.text).toBe(200);
        const seen = await worker.request('GET', `${url}/latest`, undefined, una);
        expect(seen.status, seen.text).toBe(403);
      }
      const jaas = `required username="\${vault:beside:username}" password="\${vault:beside:password}";`;
      const config = recording(worker, 'beside', { password: jaas, 'copy.password.as': 'copied' });
      const url = '/connectors/beside/config';
      const foreign = await worker.request('PUT', url, config, una);
      expect(foreign.status, foreign.text).toBe(403);
      const own = await worker.request('PUT', url, config, otto);
      expect(own.status, own.text).toBe(201);
      await until('its task', async () => taskConfig(worker, 'beside'));
      expect(taskConfig(worker, 'beside')?.['copied']).toBe(
        `required username="${values.username}" password="${values.password}";`,
      );
      const tasks = await worker.request('GET', '/connectors/beside/tasks', undefined, otto);
      expect(tasks.json).toMatchObject([{ config: { copied: jaas } }]);
    });

    test('the rule holds', async () => {
      const config = recording(worker, 'beside', { password: `\${vault:other:password}` });
      const refused = await worker.request('PUT', '/connectors/beside/config', config, otto);
      expect(refused.json, refused.text).toEqual({
        error_code: 422,
        message:
          "Connector 'beside' may only refer to secrets under its own name: 'password' refers to path 'other'",
      });
    });

    test('the worker started without a warning about it', () => {
      const ofUs = /secretreg|secret registry|jersey|glassfish|hk2|ws\.rs/i;
      const lines = worker.log().split('\n');
      expect(lines.filter((line) => /\b(WARN|ERROR)\b/.test(line) && ofUs.test(line))).toEqual([
        expect.stringContaining('refused'),
        expect.stringContaining('refused'),
      ]);
    });
  });
}
