// A certificate is looked at when a connection is made: an authority that is taken away must not count on those that stay.
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, type Server, request, type RequestOptions } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { runningProcesses } from '../process/running.ts';
import { caller } from '../registry/fixture.ts';
import { Authority } from './certificates.ts';
import { ServerProcess } from './server-process.ts';
import { serve } from './serving.ts';

const running = runningProcesses();

test('a connection that was made under an authority ends when that is taken away', async () => {
  const home = mkdtempSync(join(tmpdir(), 'secretreg-authority-'));
  const [before, after] = [new Authority('/CN=before'), new Authority('/CN=after')];
  onTestFinished(() => {
    for (const one of [before, after]) one.remove();
    rmSync(home, { recursive: true });
  });
  const own = before.issue({ subject: '/CN=server', hosts: 'IP:127.0.0.1' });
  const worker = before.issue({ subject: '/CN=worker', usage: 'clientAuth' });
  const clientCa = join(home, 'clients.crt');
  copyFileSync(before.certificate, clientCa);
  const files = ['--tls-cert', own.cert, '--tls-key', own.key, '--tls-client-ca', clientCa];
  // The registry in memory is named by no variable.
  const server = await ServerProcess.start(home, ['--dev', ...files], running);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { hostname, port } = new URL(server.url);
  const options: RequestOptions = {
    ...{ hostname, port, agent, path: '/access/whoami' },
    ca: readFileSync(before.certificate),
    cert: readFileSync(worker.cert),
    key: readFileSync(worker.key),
  };
  const ask = () =>
    new Promise<string>((resolve) => {
      const asking = request(options, (response) => {
        response.resume().on('end', () => resolve(String(response.statusCode)));
      });
      asking.on('error', (error) => resolve(error.message)).end();
    });
  expect(await ask()).toBe('200');

  // The same authority again ends nothing.
  server.child.kill('SIGHUP');
  await server.logged('certificates read anew');
  const [socket] = Object.values(agent.freeSockets).flat();
  expect(await ask()).toBe('200');
  expect(socket?.destroyed).toBe(false);

  copyFileSync(after.certificate, clientCa);
  server.child.kill('SIGHUP');
  await server.logged('certificates read anew', 2);
  expect(await ask()).not.toBe('200');
  agent.destroy();
  expect(await server.stop()).toBe(0);
});

/** A server that asks for certificates, and what it found of those that were shown. */
async function underAuthority(isReady: () => Promise<boolean> = async () => true) {
  const [before, after] = [new Authority('/CN=before'), new Authority('/CN=after')];
  onTestFinished(() => {
    for (const one of [before, after]) one.remove();
  });
  const own = before.issue({ subject: '/CN=server', hosts: 'IP:127.0.0.1' });
  const worker = before.issue({ subject: '/CN=worker', usage: 'clientAuth' });
  const pair = { cert: readFileSync(own.cert), key: readFileSync(own.key) };
  const shown: string[] = [];
  const { app, port } = await serve({
    tls: { ...pair, ca: readFileSync(before.certificate) },
    isReady,
    authenticate: async (incoming) => {
      const peer = incoming.peerCertificate();
      shown.push(peer === undefined ? 'none' : (peer.problem ?? 'counts'));
      return caller;
    },
  });
  const swap = () => {
    (app.server as Server).setSecureContext({ ...pair, ca: readFileSync(after.certificate) });
    app.connections.renew();
  };
  const options = {
    ca: readFileSync(before.certificate),
    cert: readFileSync(worker.cert),
    key: readFileSync(worker.key),
  };
  return { app, port, options, shown, swap };
}

const ask = (target: string) => `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`;

test('a handshake that begins later on a connection from before is not made', async () => {
  const { app, port, options, shown, swap } = await underAuthority();
  const accepted = once(app.server, 'connection');
  const raw = connectPlain({ host: '127.0.0.1', port });
  onTestFinished(() => void raw.destroy());
  await accepted;
  swap();
  const late = connect({ ...options, host: '127.0.0.1', socket: raw });
  late.on('data', () => late.destroy());
  late.write(ask('/access/whoami'));
  const problem = await new Promise<Error>((resolve) => late.on('error', resolve));
  expect([problem.message, shown]).toEqual([expect.stringContaining('disconnected before'), []]);
});

test('a connection that is still answered ends with that, and its certificate counts no more', async () => {
  const ready = Promise.withResolvers<boolean>();
  const { app, port, options, shown, swap } = await underAuthority(() => ready.promise);
  const socket = connect({ ...options, host: '127.0.0.1', port });
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  socket.write(ask('/access/whoami'));
  await expect.poll(() => text).toContain('"principal"');
  const asked = once(app.server, 'request');
  socket.write(ask('/health/ready'));
  await asked;
  swap();
  socket.write(ask('/access/whoami'));
  await expect.poll(() => shown).toHaveLength(2);
  expect(shown).toEqual(['counts', expect.stringContaining('have changed')]);
  ready.resolve(true);
  await once(socket, 'close');
  expect(text).toContain('"status":"ready"');
});
