// Servers beside a change of the master key: one that knows only the old key answers nothing from its first moment on, and
// whoever is brought the coming key in time need not start again.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyText } from '../registry/fixture.ts';
import { ServerProcess } from '../http/server-process.ts';
import { onBothStores } from './both-stores.ts';
import { CommandLine, registryAt } from './command-line.ts';
import { startScript } from './rotation-process.ts';
import { KID_NEW, KID_OLD, storeAt, withRotation } from './rotation-registry.ts';
import { runningProcesses } from './running.ts';
import { ask, initServed } from './served-registry.ts';

onBothStores('a server beside a change of the master key', ({ newPlace }) => {
  let line: CommandLine;
  let place: string;
  let token: string;

  beforeEach(async () => {
    line = new CommandLine();
    place = newPlace();
    token = await initServed(line, place);
  });
  afterEach(() => line.remove());
  // Behind that hook, and so ended before it: hooks at the end run from the last one on.
  const running = runningProcesses();

  const SECRET = '/secret/paths/orders/keys/password';
  const start = (...args: string[]) =>
    ServerProcess.start(line.home, ['--registry', registryAt(place), ...args], running);
  const post = ({ url }: ServerProcess, secret: string) =>
    ask(`${url}${SECRET}/versions`, token, 'POST', { body: { secret } });
  const latest = ({ url }: ServerProcess) => ask(`${url}${SECRET}/versions/latest`, token, 'GET');
  /** Of the change from OLD to NEW, after which its process is killed. */
  const firstCommit = () => startScript(running, 'rotation-child.ts', place, 'after', '1').ended;
  const allOfIt = async () => withRotation(await storeAt(place), (rotation) => rotation.run());

  async function rereadKeys(server: ServerProcess): Promise<void> {
    server.child.kill('SIGHUP');
    await server.logged('master keys read anew');
  }

  /** Where the keys are missing already when the token is looked for, its owner is a stranger, and only the log has the reason. */
  async function expectNothing(server: ServerProcess, reason: string): Promise<void> {
    const before = server.log.length;
    const toStranger =
      /^the server does not hold the master key of its registry; its log tells more of request \w+$/;
    const refusal = {
      error_code: 50305,
      message: expect.toSatisfy((it: string) => it === reason || toStranger.test(it)),
    };
    for (const [method, url, body] of [
      ['GET', `${SECRET}/versions/latest`],
      ['POST', `${SECRET}/versions`, { secret: 'late' }],
      ['DELETE', SECRET],
      ['GET', '/secret/paths'],
      ['GET', '/access/whoami'],
      ['GET', '/audit'],
    ] as const) {
      const { status, json } = await ask(`${server.url}${url}`, token, method, { body });
      expect([method, url, status, json]).toEqual([method, url, 503, refusal]);
    }
    const { url } = server;
    const unknown = `srt_${'0'.repeat(16)}_${'A'.repeat(43)}`;
    const { json } = await ask(`${url}/secret/paths`, unknown, 'GET');
    expect(json).toMatchObject({ message: expect.stringMatching(toStranger) });
    await server.until(() => server.log.slice(before).some((one) => one['reason'] === reason));
    expect((await ask(`${url}/health/ready`, token, 'GET')).status).toBe(503);
    expect((await ask(`${url}/health/live`, token, 'GET')).status).toBe(200);
  }

  test('that knows only the old key is not ready, and answers nothing that may be stale', async () => {
    const server = await start();
    expect((await post(server, 'one')).status).toBe(200);
    expect(await firstCommit()).toBe('SIGKILL');
    await expectNothing(
      server,
      `the master key is being changed from ${KID_OLD} to ${KID_NEW}: nothing is read or written with ${KID_OLD} any more`,
    );
    await allOfIt();
    await expectNothing(
      server,
      `wrong master key: the registry is under key ${KID_NEW}, the given one is ${KID_OLD}`,
    );
    line.file('master.key', keyText(50));
    await rereadKeys(server);
    expect((await ask(`${server.url}/health/ready`, token, 'GET')).status).toBe(200);
    expect((await latest(server)).json).toMatchObject({ version: 1, secret: 'one' });
    expect(await server.stop()).toBe(0);
  });

  test('is brought the coming key by SIGHUP, changes to it, and goes on with what it has where a file is broken', async () => {
    line.file('next.key', keyText(70));
    const server = await start('--accept-key-file', 'next.key');
    const change = () =>
      ask(`${server.url}/master-keys/rotation`, token, 'POST', { body: { kid: KID_NEW } });
    expect((await post(server, 'one')).status).toBe(200);
    expect((await change()).json).toMatchObject({ error_code: 42210 });

    line.file('next.key', 'base64:hush-hush');
    server.child.kill('SIGHUP');
    await server.logged('master keys not read anew');
    expect(server.log.at(-1)).toMatchObject({ level: 'error', reason: expect.any(String) });
    expect(JSON.stringify(server.log)).not.toContain('hush');
    expect((await latest(server)).status).toBe(200);

    line.file('next.key', keyText(50));
    await rereadKeys(server);
    expect((await change()).status).toBe(202);
    let state: unknown;
    do
      ({ state } = (await ask(`${server.url}/master-keys/rotation`, token, 'GET')).json as {
        state: string;
      });
    while (state === 'running');
    expect(state).toBe('done');
    expect((await latest(server)).json).toMatchObject({ version: 1, secret: 'one' });
    expect((await post(server, 'two')).json).toMatchObject({ version: 2 });
    expect(await server.stop()).toBe(0);
  });
});
