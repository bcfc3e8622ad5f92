// What an operator reads when something is set wrong: in the worker's log where it does not start, else in the answer too.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authority } from '../../http/certificates.ts';
import type { Broker } from '../../kafka/broker.ts';
import { submit, taskConfig, until, untilState } from '../connectors.ts';
import type { WorkerVersion } from '../install.ts';
import { connectJar } from '../jar.ts';
import { canary } from '../secrets.ts';
import { EXTENSION, PROVIDER, ServedRegistry } from '../served.ts';
import { Worker } from '../worker.ts';

type Properties = Record<string, string>;

/** With whom a look-up fails, and what is said of it. */
const REFUSED = {
  wrong: ['does not accept the token of', 'secretreg access token create'],
  expired: ['does not accept the token of', 'it is wrong, expired or revoked'],
  untrusted: ["its certificate is of no authority that 'ssl.truststore.*' trusts"],
  misnamed: ["its certificate is not for the name 'localhost'"],
  plain: ['what answers there does not speak TLS'],
  unready: ["the token's file", 'does not exist'],
};

export function sentencesSuite(version: WorkerVersion, broker: () => Broker): void {
  describe('what is set wrong', () => {
    const authority = new Authority();
    let registry: ServedRegistry;
    let secure: ServedRegistry;
    let worker: Worker;

    beforeAll(async () => {
      [registry, secure] = await Promise.all([ServedRegistry.start(), ServedRegistry.start()]);
      await secure.set('trusted', { password: 'over TLS' });
      const { cert, key } = authority.issue({ subject: '/CN=registry', hosts: 'IP:127.0.0.1' });
      await secure.restart(['--tls-cert', cert, '--tls-key', key]);
      const providers = await providersOf({ registry, secure, authority });
      const properties = { ...properly(providers), 'rest.extension.classes': EXTENSION };
      const plugins = [await connectJar()];
      worker = await Worker.start({ version, broker: broker(), properties, plugins });
    }, 300_000);
    afterAll(async () => {
      await worker?.stop();
      registry?.stop();
      secure?.stop();
      authority.remove();
    });

    test.each(['vault', 'trusted'])('a provider may have another name: %s', async (name) => {
      const value = canary();
      if (name === 'vault') await registry.set(name, { password: value });
      await submit(worker, name, { password: `\${${name}:${name}:password}` });
      await untilState(worker, name, 'RUNNING');
      expect(taskConfig(worker, name)?.password).toBe(name === 'vault' ? value : 'over TLS');
    });

    test.each(['vault', 'trusted'])('the rule holds for each of several: %s', async (name) => {
      const { status, text } = await submit(worker, 'ruled', {
        password: `\${${name}:other:password}`,
      });
      expect(status, text).toBe(422);
      expect(text).toContain("'password' refers to path 'other'");
    });

    test.each(Object.entries(REFUSED))(
      '%s is told in the answer and in the log',
      async (name, said) => {
        const { status, json, text } = await submit(worker, name, {
          password: `\${${name}:${name}:password}`,
        });
        expect(status, text).toBe(502);
        const { message } = json as { message: string };
        for (const sentence of said) {
          expect(message).toContain(sentence);
          expect(worker.log().includes(sentence), sentence).toBe(true);
        }
        expect(worker.log()).not.toMatch(/srt_\w/);
      },
    );

    test.each<{ what: string; properties: () => Properties; said: string; isThere?: boolean }>([
      {
        what: 'no address of the registry',
        properties: () => ({ ...registry.properties, 'config.providers.secret.param.url': '' }),
        said: "setting 'url' of the secret registry's provider is missing",
      },
      {
        what: 'no provider of ours beside the extension',
        properties: () => ({ 'rest.extension.classes': EXTENSION }),
        said: "the secret registry's REST extension has no provider to watch over",
      },
      {
        what: 'a protocol by which it takes tasks from anybody',
        properties: () => ({ ...registry.properties, 'connect.protocol': 'compatible' }),
        said: "setting 'connect.protocol' is 'compatible'",
      },
      {
        what: 'no plugin on one of two workers',
        properties: () => registry.properties,
        said: PROVIDER,
        isThere: false,
      },
    ])('a worker does not start with $what', async ({ properties, said, isThere = true }) => {
      const plugins = isThere ? [await connectJar()] : [];
      const own = { version, broker: broker(), properties: properties(), plugins, joins: worker };
      const other = await Worker.prepare(own);
      expect(await other.launch()).not.toBe(0);
      expect(other.log().includes(said), other.tail()).toBe(true);
      await other.stop();
      expect((await worker.request('GET', '/connectors')).status).toBe(200);
    });
  });
}

/** Several providers of ours in one worker, each with its own fault or none. */
async function providersOf({
  registry,
  secure,
  authority,
}: {
  registry: ServedRegistry;
  secure: ServedRegistry;
  authority: Authority;
}): Promise<Record<string, Properties>> {
  const tokenFile = (name: string, text: string) => {
    const file = join(authority.folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return { 'token.file': file };
  };
  const own = { url: registry.url, 'token.file': registry.tokenFile };
  const https = { url: secure.url.replace('http:', 'https:'), 'token.file': secure.tokenFile };
  const trusting = {
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': authority.certificate,
  };
  return {
    vault: own,
    wrong: { ...own, ...tokenFile('wrong', `srt_${'0'.repeat(16)}_${'A'.repeat(43)}`) },
    expired: { ...own, ...tokenFile('expired', await expiredToken(registry)) },
    unready: { ...own, 'token.file': join(authority.folder, 'none') },
    trusted: { ...https, ...trusting },
    untrusted: https,
    misnamed: { ...https, ...trusting, url: https.url.replace('127.0.0.1', 'localhost') },
    plain: { ...own, ...trusting, url: registry.url.replace('http:', 'https:') },
  };
}

/** As a worker's file has them. Values of before would hide that a server cannot be reached. */
function properly(providers: Record<string, Properties>): Properties {
  const properties: Properties = { 'config.providers': Object.keys(providers).join(',') };
  for (const [name, params] of Object.entries(providers)) {
    properties[`config.providers.${name}.class`] = PROVIDER;
    properties[`config.providers.${name}.param.unreachable`] = 'fail';
    for (const [key, value] of Object.entries(params)) {
      properties[`config.providers.${name}.param.${key}`] = value;
    }
  }
  return properties;
}

async function expiredToken(registry: ServedRegistry): Promise<string> {
  const expiresAt = new Date(Date.now() + 1000).toISOString();
  const token = await registry.newToken('late', { expiresAt });
  await until('the end of a token', async () => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${registry.url}/access/whoami`, { headers })).status === 401 || undefined;
  });
  return token;
}
