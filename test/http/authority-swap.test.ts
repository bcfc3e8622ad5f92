// A certificate is looked at when a connection is made: an authority that is taken away must not count on those that stay.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runningProcesses } from '../process/running.ts';
import { Authority } from './certificates.ts';
import { ServerProcess } from './server-process.ts';

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
