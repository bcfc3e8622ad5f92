// `master.encryption.old.key` in the worker's file: the server that is given it changes the master key while it answers.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServerProcess } from '../http/server-process.ts';
import { onBothStores } from './both-stores.ts';
import { CommandLine, registryAt } from './command-line.ts';
import { runningProcesses } from './running.ts';
import { ask } from './served-registry.ts';

const OLD = 'the old passphrase';
const NEW = 'the new passphrase';
/** Many batches of a change. */
const SECRETS = 2000;

onBothStores('a server that is given the old key too', ({ newPlace }) => {
  const running = runningProcesses();
  const line = new CommandLine();
  let registry: string;
  let token: string;

  beforeAll(async () => {
    registry = registryAt(newPlace());
    const values = Object.fromEntries(
      Array.from({ length: SECRETS }, (_, i) => [`k${i}`, `v${i}`]),
    );
    await run(OLD, 'init');
    await run(OLD, 'put', 'orders', '--json', line.file('values.json', JSON.stringify(values)));
    const words = ['access', 'token', 'create', '--principal', 'User:a', '--role', 'SystemAdmin'];
    token = (await run(OLD, ...words)).stdout.split('\n')[0] ?? '';
  }, 120_000);
  afterAll(() => line.remove());

  test('whose keys are both others does not start', async () => {
    await expect(serve('some other passphrase', 'one more passphrase')).rejects.toThrow(
      /ended with 78: .*wrong master key/,
    );
  });

  test('answers meanwhile, goes on after a kill, and forgets the old key in the end', async () => {
    const killed = await serve(NEW, OLD);
    await killed.logged('changing the master key from master.encryption.old.key');
    expect(await someAreDone(killed.url)).toBe('running');
    killed.child.kill('SIGKILL');
    await killed.ended;

    const server = await serve(NEW, OLD);
    expect(await latest(server.url)).toBe('v7');
    const write = await post(server.url, 'while it changes');
    await server.logged('the master key was changed: take master.encryption.old.key out');
    expect(await latest(server.url)).toBe('while it changes');
    expect(write).toMatchObject({ status: 200, json: { version: 2 } });
    expect(server.log.filter(({ level }) => level === 50)).toEqual([]);
    expect((await run(NEW, 'get', 'orders', 'k8')).stdout).toBe('v8');
    expect((await line.run(['get', 'orders', 'k8'], { env: env(OLD) })).end).toBe(78);
    const counts = (await run(NEW, 'rotate', '--status')).stdout;
    expect(counts).toMatch(/\tretired\t0\n.*\tactive\t\d+\n/);
    expect(JSON.stringify([server.log, killed.log])).not.toMatch(/passphrase/);
    expect(await server.stop()).toBe(0);
    const methods = (await run(NEW, 'audit')).stdout.matchAll(/masterKey\.(?:Rotate|Retire)/g);
    expect([...methods].map(String)).toEqual(['masterKey.Rotate', 'masterKey.Retire']);
  }, 120_000);

  test('says that it is no longer needed, once that is so', async () => {
    const server = await serve(NEW, OLD);
    await server.logged('the registry is under master.encryption.key: take master.encryption.old');
    expect(await latest(server.url)).toBe('while it changes');
    await server.stop();
  });

  function serve(key: string, old: string): Promise<ServerProcess> {
    const param = 'config.providers.secret.param.master.encryption';
    const file = line.file('worker.properties', `${param}.key=${key}\n${param}.old.key=${old}\n`);
    const args = ['--worker-config', file, '--registry', registry];
    return ServerProcess.start(line.home, args, running);
  }

  const env = (key: string) => ({
    SECRETREG_MASTER_KEY: key,
    SECRETREG_REGISTRY: registry,
  });

  async function run(key: string, ...args: string[]): Promise<{ stdout: string }> {
    const ended = await line.run(args, { env: env(key) });
    expect([ended.end, ended.stderr]).toEqual([0, expect.any(String)]);
    return ended;
  }

  /** Answers how the change stands when some records are under the new key. */
  async function someAreDone(url: string): Promise<string> {
    for (;;) {
      const { json } = await ask(`${url}/master-keys/rotation`, token, 'GET');
      const { state, done } = json as { state: string; done: number };
      if (state !== 'running' || done > 0) return state;
    }
  }

  const versions = (url: string) => `${url}/secret/paths/orders/keys/k7/versions`;

  function post(url: string, secret: string) {
    return ask(versions(url), token, 'POST', { body: { secret } });
  }

  async function latest(url: string): Promise<string> {
    const { json } = await ask(`${versions(url)}/latest`, token, 'GET');
    return (json as { secret: string }).secret;
  }
});
