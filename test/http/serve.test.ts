// Real servers, from their start to their end.
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MasterKey, masterKeyText } from '../../src/crypto/master-key.ts';
import { random } from '../../src/crypto/primitives.ts';
import type { AccessAdmin } from '../../src/domain/access-admin.ts';
import { SecretValue } from '../../src/domain/secret-value.ts';
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import { initRegistry } from '../../src/registry/init.ts';
import { openCore } from '../../src/registry/open-registry.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { runningProcesses } from '../process/running.ts';
import { caller, collect, write } from '../registry/fixture.ts';
import { Authority, type Pair } from './certificates.ts';
import { AUDIENCE, Issuer } from './issuer.ts';
import { basicHeader, user } from './logins.ts';
import { ServerProcess } from './server-process.ts';

const PASSWORD = 'correct horse battery';
const environment = { clock: () => new Date(), random };
const keyBytes = random(32);
const key = { kind: 'bytes', key: MasterKey.fromBytes(keyBytes) } as const;
const running = runningProcesses();

let home: string;
let access: AccessAdmin;
let close: () => Promise<void>;
let readAudit: () => Promise<string[]>;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'secretreg-serve-'));
  writeFileSync(join(home, 'master.key'), masterKeyText(keyBytes), { mode: 0o600 });
  const file = join(home, 'registry.db');
  const made = new SqliteStore({ file });
  await initRegistry({ store: made, key, caller, ...environment });
  await made.close();
  const store = new SqliteStore({ file });
  const core = await openCore({ store, keys: () => ({ key }), ...environment });
  access = accessAdminFor(core, caller);
  const registry = registryFor(core, caller);
  await registry.write([write('orders', 'password', 'hush-hush')]);
  readAudit = async () =>
    (await collect(registry.audit())).map(
      ({ data: { methodName, authenticationInfo, result } }) =>
        `${authenticationInfo.principal} ${methodName} ${result.status}`,
    );
  close = () => core.close();
  return async () => {
    await close();
    rmSync(home, { recursive: true, force: true });
  };
});

const start = (...args: string[]) => ServerProcess.start(home, args, running);

async function adminToken(): Promise<string> {
  const { token } = await access.createToken({
    principal: user('admin'),
    grant: { role: 'SystemAdmin' },
  });
  return token.reveal();
}

const SECRET = '/secret/paths/orders/keys/password/versions/latest';

describe('a server on this machine', () => {
  test('without any user it starts, refuses everybody, and logs the command that makes the first', async () => {
    const server = await start();
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    expect((await fetch(`${server.url}${SECRET}`)).status).toBe(401);
    await server.logged('there is no user yet');
    expect(server.log.find(({ msg }) => msg.startsWith('there is no user'))).toMatchObject({
      level: 'warn',
      command: 'secretreg access token create --principal User:admin --role SystemAdmin',
    });
    expect(server.told).toEqual([]);
    expect(await server.stop()).toBe(0);
    expect(server.log.at(-1)?.msg).toBe('stopped');
  });

  test('the command that makes the first user names the registry and its key as they were named here', async () => {
    const file = join(home, 'registry.db');
    const named = ['--registry', `file:${file}`, '--master-key-file', 'master.key'];
    const server = await start(...named, '--insecure-http');
    await server.logged('there is no user yet');
    expect(server.log.find(({ msg }) => msg.startsWith('there is no user'))).toMatchObject({
      command: `secretreg access token create --principal User:admin --role SystemAdmin ${named.join(' ')}`,
    });
    expect(await server.stop()).toBe(0);
  });

  test('a user who is made while it runs logs in at once, and the trail has it all', async () => {
    const server = await start();
    const ask = (authorization: string) =>
      fetch(`${server.url}${SECRET}`, { headers: { authorization } });
    await access.createUser(user('bob'), SecretValue.of(PASSWORD));
    await access.grant({
      principal: user('bob'),
      role: 'DeveloperRead',
      resource: { patternType: 'LITERAL', name: 'orders' },
    });
    expect(await (await ask(basicHeader('bob', PASSWORD))).json()).toMatchObject({
      secret: 'hush-hush',
    });
    const refused = await ask(basicHeader('bob', 'wrong password'));
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('Basic realm="secretreg"');
    for (let i = 0; i < 9; i += 1) await ask(basicHeader('bob', `wrong password ${i}`));
    const guessed = await ask(basicHeader('bob', PASSWORD));
    expect(guessed.status).toBe(429);
    expect(guessed.headers.get('retry-after')).toMatch(/^[1-9]\d?$/);
    expect(await server.stop()).toBe(0);
    expect(await readAudit()).toEqual(
      expect.arrayContaining([
        'User:bob secret.Read ok',
        'User:bob access.Authenticate not-authenticated',
      ]),
    );
    const shown = JSON.stringify([server.log, server.told, server.stdout]);
    expect(shown).toContain('the password of User:bob is wrong');
    for (const hidden of [PASSWORD, 'wrong password', 'hush-hush', basicHeader('bob', PASSWORD)])
      expect(shown).not.toContain(hidden);
  });

  test('--dev prints a token that may do everything, of a registry that ends with it', async () => {
    const server = await start('--dev');
    await server.until(() => server.stdout.length > 1);
    const [serving, token = ''] = server.stdout;
    expect(serving).toMatch(/^serving memory: at http:\/\/127\.0\.0\.1:\d+$/);
    const authorization = `Bearer ${/srt_\S+$/.exec(token)?.[0]}`;
    const answer = await fetch(`${server.url}/access/whoami`, { headers: { authorization } });
    expect(await answer.json()).toMatchObject({
      principal: 'User:admin',
      grants: [{ role: 'SystemAdmin' }],
    });
    expect(JSON.stringify(server.log)).not.toContain('srt_');
    expect(await server.stop()).toBe(0);
  });

  test('a JWT of the issuer logs in, and one that expired is told of in the log only', async () => {
    const issuer = await Issuer.start();
    try {
      const oidc = ['--oidc-issuer', issuer.url, '--oidc-audience', AUDIENCE];
      const server = await start(...oidc, '--oidc-jwks-url', issuer.jwksUrl);
      const ask = async (token: string) => {
        const headers = { authorization: `Bearer ${token}` };
        const answer = await fetch(`${server.url}/access/whoami`, { headers });
        return [answer.status, await answer.text()] as const;
      };
      const [status, body] = await ask(await issuer.sign());
      expect([status, JSON.parse(body)]).toMatchObject([
        200,
        { principal: 'User:worker', mechanism: 'jwt' },
      ]);
      const old = await ask(await issuer.sign({ claims: { exp: 1_700_000_000 } }));
      expect(old[0]).toBe(401);
      expect(old[1]).not.toContain('expired');
      await server.logged('log-in refused');
      expect(server.log.find(({ msg }) => msg === 'log-in refused')).toMatchObject({
        mechanism: 'jwt',
        reason: expect.stringContaining('it expired at 2023-11-14T22:13:20.000Z'),
      });
    } finally {
      await issuer.stop();
    }
  });

  test('metrics for who is logged in, and on a port of their own for everybody', async () => {
    const server = await start('--metrics-listen', '127.0.0.1:0');
    await server.logged('metrics at');
    const own = / at (\S+)$/.exec(
      server.log.find(({ msg }) => msg.startsWith('metrics'))?.msg ?? '',
    );
    expect((await fetch(`${server.url}/metrics`)).status).toBe(401);
    const headers = { authorization: `Bearer ${await adminToken()}` };
    await fetch(`${server.url}${SECRET}`, { headers });
    for (const answer of [
      await fetch(`${server.url}/metrics`, { headers }),
      await fetch(`${own?.[1]}/metrics`),
    ]) {
      expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
      const lines = await answer.text();
      expect(lines).toContain('secretreg_refused_logins_total{mechanism="none"} 1');
      expect(lines).toContain(
        'secretreg_http_requests_total{method="GET",route="/secret/paths/:path/keys/:key/versions/latest",status="200"} 1',
      );
      expect(lines).toMatch(/^secretreg_records\{kid="[0-9a-f]{32}",state="active"\} \d+$/m);
      expect(lines).toContain('secretreg_unreadable_records 0');
      expect(lines).toMatch(/^secretreg_commit_number [1-9]\d*$/m);
      expect(lines).toMatch(
        /^secretreg_http_request_duration_seconds_count\{method="GET",route="[^"]+\/latest"\} 1$/m,
      );
      expect(lines).not.toContain('orders');
    }
  });
});

describe('its end', () => {
  const path = '/secret/paths/orders/keys/password/versions';

  /** A write whose body is not whole yet. */
  async function begun(server: ServerProcess) {
    const { hostname, port } = new URL(server.url);
    const body = JSON.stringify({ secret: 'a new one' });
    const asking = httpRequest({
      ...{ hostname, port, path, method: 'POST', agent: false },
      headers: {
        authorization: `Bearer ${await adminToken()}`,
        'content-type': 'application/json',
        'content-length': body.length,
        expect: '100-continue',
      },
    });
    asking.flushHeaders();
    // The server has the request and wants its body.
    await once(asking, 'continue');
    asking.write(body.slice(0, 5));
    return { asking, rest: body.slice(5) };
  }

  test('what was accepted is answered before it ends with 0, and nothing new is accepted', async () => {
    const server = await start();
    const { asking, rest } = await begun(server);
    server.child.kill('SIGTERM');
    await server.logged('stopping');
    const { hostname, port } = new URL(server.url);
    const late = connectPlain({ host: hostname, port: Number(port) });
    late.on('error', () => undefined);
    late.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
    // Refused, or accepted in the last moment and closed.
    expect(await text(late).catch(() => '')).toBe('');
    asking.end(rest);
    const [response] = await once(asking, 'response');
    expect([response.statusCode, JSON.parse(await text(response))]).toMatchObject([
      200,
      { version: 2 },
    ]);
    expect(await server.ended).toBe(0);
  });

  test('the second signal ends it at once, with 130', async () => {
    const server = await start();
    const { asking } = await begun(server);
    asking.on('error', () => undefined);
    server.child.kill('SIGINT');
    await server.logged('stopping');
    server.child.kill('SIGINT');
    expect(await server.ended).toBe(130);
  });

  test('a connection on which nothing is asked does not hold it', async () => {
    const server = await start();
    const { hostname, port } = new URL(server.url);
    const idle = connectPlain({ host: hostname, port: Number(port) });
    await once(idle, 'connect');
    idle.on('error', () => undefined);
    const half = connectPlain({ host: hostname, port: Number(port) });
    half.on('error', () => undefined);
    half.write('GET /health/live HTTP/1.1\r\n');
    await fetch(`${server.url}/health/live`);
    expect(await server.stop()).toBe(0);
  });
});

describe('TLS', () => {
  let own: Authority;
  let strangers: Authority;
  let pair: Pair;
  beforeAll(() => {
    own = new Authority();
    strangers = new Authority('/CN=an authority that nobody trusts');
    pair = own.issue({ subject: '/CN=first', hosts: 'IP:127.0.0.1' });
  });
  afterAll(() => {
    own.remove();
    strangers.remove();
  });

  const files = ({ cert, key: of }: Pair) => ['--tls-cert', cert, '--tls-key', of];

  async function ask(server: ServerProcess, path: string, options: RequestOptions = {}) {
    const { hostname, port } = new URL(server.url);
    const ca = readFileSync(own.certificate);
    const asking = request({ hostname, port, path, ca, agent: false, ...options });
    asking.end();
    const [response] = await once(asking, 'response');
    return { status: response.statusCode as number, body: JSON.parse(await text(response)) };
  }

  const shown = ({ cert, key: of }: Pair) => ({ cert: readFileSync(cert), key: readFileSync(of) });

  test('a certificate of a client is a user by the rules; one of a foreign authority is nobody', async () => {
    const rules = 'RULE:^CN=([^,]+),O=Example$/$1/L';
    const client = ['--tls-client-ca', own.certificate, '--principal-mapping-rules', rules];
    const server = await start(...files(pair), ...client);
    expect(server.url).toMatch(/^https:/);
    const worker = own.issue({ subject: '/O=Example/CN=Worker-7', usage: 'clientAuth' });
    expect(await ask(server, '/access/whoami', shown(worker))).toMatchObject({
      status: 200,
      body: { principal: 'User:worker-7', mechanism: 'mtls' },
    });
    expect(await ask(server, SECRET, shown(worker))).toMatchObject({
      status: 404,
      body: { error_code: 40401 },
    });
    const stranger = strangers.issue({ subject: '/O=Example/CN=Worker-7' });
    const authorization = `Bearer ${await adminToken()}`;
    for (const more of [{}, { headers: { authorization } }])
      expect(await ask(server, SECRET, { ...shown(stranger), ...more })).toMatchObject({
        status: 401,
      });
    expect(await ask(server, SECRET)).toMatchObject({ status: 401 });
    expect(await ask(server, SECRET, { headers: { authorization } })).toMatchObject({
      status: 200,
    });
    expect(await server.stop()).toBe(0);
  });

  test('without an authority of clients no certificate is asked for', async () => {
    const server = await start(...files(pair));
    const worker = own.issue({ subject: '/CN=worker' });
    expect(await ask(server, SECRET, shown(worker))).toMatchObject({ status: 401 });
  });

  test('after SIGHUP nobody goes on with a session from under an authority that was taken out', async () => {
    const ca = join(home, 'clients.crt');
    copyFileSync(own.certificate, ca);
    const server = await start(...files(pair), '--tls-client-ca', ca);
    const worker = own.issue({ subject: '/CN=worker' });
    const first = await shakeHands(server, own, worker);
    const second = await shakeHands(server, own, worker, first.session);
    expect([first.status, second.status, second.isResumed]).toEqual(['200', '200', true]);
    copyFileSync(strangers.certificate, ca);
    server.child.kill('SIGHUP');
    await server.logged('certificates read anew');
    const third = await shakeHands(server, own, worker, second.session);
    expect([third.status, third.isResumed]).toEqual(['401', false]);
  });

  test('SIGHUP reads the certificates anew; ones that cannot be used change nothing', async () => {
    const [cert, of] = [join(home, 'server.crt'), join(home, 'server.key')];
    const put = (made: Pair) => {
      copyFileSync(made.cert, cert);
      copyFileSync(made.key, of);
    };
    put(pair);
    const server = await start(...files({ cert, key: of }), '--metrics-listen', '127.0.0.1:0');
    const served = () => servedBy(server, own);
    expect(await served()).toBe('first');
    expect(await expiryTold(server)).toBe(expiryOf(pair));

    const second = own.issue({ subject: '/CN=second', hosts: 'IP:127.0.0.1', when: 'long' });
    put(second);
    server.child.kill('SIGHUP');
    await server.logged('certificates read anew');
    expect(await served()).toBe('second');
    expect(await expiryTold(server)).toBe(expiryOf(second));
    expect(expiryOf(second)).toBeGreaterThan(expiryOf(pair));

    const bad: [Partial<Pair>, string][] = [
      [{ cert: own.certificate }, 'does not belong to the certificate'],
      [own.issue({ subject: '/CN=old', when: 'past' }), 'its certificate expired at'],
      [own.issue({ subject: '/CN=new', when: 'future' }), 'its certificate counts from'],
    ];
    for (const [at, [made, reason]] of bad.entries()) {
      put({ ...pair, ...made });
      server.child.kill('SIGHUP');
      await server.logged('certificates not read anew', at + 1);
      expect(server.log.at(-1)).toMatchObject({
        level: 'error',
        reason: expect.stringContaining(reason),
      });
      expect(await served()).toBe('second');
    }
    rmSync(cert);
    server.child.kill('SIGHUP');
    await server.logged('certificates not read anew', bad.length + 1);
    expect(await served()).toBe('second');
    expect(await server.stop()).toBe(0);
  });
});

/** What a new connection is answered, and the session that it left; a session that is given is gone on with. */
async function shakeHands(
  server: ServerProcess,
  authority: Authority,
  { cert, key: of }: Pair,
  session?: Buffer,
): Promise<{ status: string; session: Buffer; isResumed: boolean }> {
  const { hostname, port } = new URL(server.url);
  const socket = connect({
    ...{ host: hostname, port: Number(port), ca: readFileSync(authority.certificate) },
    ...{ cert: readFileSync(cert), key: readFileSync(of) },
    ...(session && { session }),
  });
  let newest = session ?? Buffer.alloc(0);
  socket.on('session', (left: Buffer) => (newest = left));
  socket.write('GET /access/whoami HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await once(socket, 'secureConnect');
  const isResumed = socket.isSessionReused();
  const answer = await text(socket);
  return { status: answer.slice(9, 12), session: newest, isResumed };
}

/** On the port of metrics, in seconds since 1970. */
async function expiryTold(server: ServerProcess): Promise<number> {
  const isTold = ({ msg }: { msg: string }) => msg.startsWith('metrics at ');
  await server.logged('metrics at ');
  const [, url] = / at (\S+)$/.exec(server.log.find(isTold)?.msg ?? '') ?? [];
  const told = await (await fetch(`${url}/metrics`)).text();
  return Number(/^secretreg_certificate_expiry_timestamp_seconds (\d+)$/m.exec(told)?.[1]);
}

function expiryOf({ cert }: Pair): number {
  return Date.parse(new X509Certificate(readFileSync(cert)).validTo) / 1000;
}

/** The common name in the certificate that a new connection is shown. */
async function servedBy(server: ServerProcess, authority: Authority): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const ca = readFileSync(authority.certificate);
  const socket = connect({ host: hostname, port: Number(port), ca });
  await once(socket, 'secureConnect');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return CN;
}
