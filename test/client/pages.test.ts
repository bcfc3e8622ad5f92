// Sessions of the built command line on two servers of it: one with TLS, and one without.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServerProcess } from '../http/server-process.ts';
import { makeCertificates } from '../kafka/certificates.ts';
import { keyText } from '../registry/fixture.ts';
import { playPage } from '../scripts/session.ts';

const BIN = resolve('bin/secretreg.js');
const folder = mkdtempSync(join(tmpdir(), 'secretreg-pages-'));
const { authority } = makeCertificates(folder, 'DNS:localhost,IP:127.0.0.1');
const at = (name: string) => join(folder, name);
let secure: Server;
let plain: Server;

beforeAll(async () => {
  writeFileSync(at('new.key'), keyText(7), { mode: 0o600 });
  const tls = ['--tls-cert', at('broker.crt'), '--tls-key', at('broker.key')];
  chmodSync(at('client.key'), 0o600);
  const clients = ['--tls-client-ca', authority];
  secure = await serve(...tls, ...clients, '--accept-key-file', at('new.key'));
  plain = await serve();
});
afterAll(async () => {
  for (const { server } of [secure, plain]) await server.stop();
  rmSync(folder, { recursive: true });
});

interface Server {
  server: ServerProcess;
  /** Of somebody who may do everything. */
  token: string;
}

/** A new registry in a file, and a server on it. */
async function serve(...args: string[]): Promise<Server> {
  const home = mkdtempSync(at('home-'));
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    SECRETREG_REGISTRY: `file:${home}/registry.db`,
    SECRETREG_MASTER_KEY_FILE: `${home}/master.key`,
  };
  const run = (...words: string[]) =>
    execFileSync(process.execPath, [BIN, ...words], { env, encoding: 'utf8', stdio: 'pipe' });
  run('init');
  const grant = ['--principal', 'User:admin', '--role', 'SystemAdmin'];
  const token = run('access', 'token', 'create', ...grant).trim();
  return { server: await ServerProcess.start(home, args, new Set()), token };
}

test.each(['commands', 'import'])('%s', (name) => {
  const { expected, actual } = playPage(`test/client/pages/${name}.md`, {
    env: {
      SERVER: secure.server.url,
      OTHER: plain.server.url,
      SECRETREG_CA_FILE: authority,
      TOKEN: secure.token,
      OTHER_TOKEN: plain.token,
      NEW_KEY: keyText(7),
      CLIENT_CERT: at('client.crt'),
      CLIENT_KEY: at('client.key'),
    },
    stands: [
      [secure.server.url, '$SERVER'],
      [plain.server.url, '$OTHER'],
      [authority, '$SECRETREG_CA_FILE'],
    ],
  });
  expect(actual).toBe(expected);
});
