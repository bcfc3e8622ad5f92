// Two servers on one topic behind a balancer that knows nothing but TCP; and a server beside the command line on one file.
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ServerProcess } from '../http/server-process.ts';
import { Broker } from '../kafka/broker.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { registryFolder } from '../store/sqlite-folder.ts';
import { CommandLine, registryAt } from './command-line.ts';
import { runningProcesses } from './running.ts';
import { type Answer, ask, initServed } from './served-registry.ts';

/** Hands each new connection to the next server that takes one. */
class Balancer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #next = 0;

  constructor(ports: readonly number[]) {
    this.#server = createServer((socket) => this.#join(socket, ports, ports.length));
  }

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #join(client: Socket, ports: readonly number[], tries: number): void {
    this.#sockets.add(client);
    const upstream = connect({ host: '127.0.0.1', port: ports[this.#next % ports.length] ?? 0 });
    this.#next += 1;
    this.#sockets.add(upstream);
    client.on('error', () => upstream.destroy());
    upstream.once('connect', () => client.pipe(upstream).pipe(client));
    upstream.once('error', () => {
      if (upstream.connecting || tries <= 1) client.destroy();
      else this.#join(client, ports, tries - 1);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', (hadError) => {
      if (!hadError) client.destroy();
    });
  }
}

describeKafka('two servers on one topic', () => {
  const running = runningProcesses();
  const line = new CommandLine();
  let broker: Broker;
  let token: string;
  let args: string[];
  let topics = 0;
  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(async () => {
    await broker.stop();
    line.remove();
  });

  const start = async (count: number) => {
    topics += 1;
    const place = `kafka://${broker.address}/nodes-${topics}`;
    token = await initServed(line, place);
    args = ['--registry', place, '--log-level', 'warn'];
    return Promise.all(
      Array.from({ length: count }, () => ServerProcess.start(line.home, args, running)),
    );
  };
  const versionsOf = (url: string, one: string) =>
    `${url}/secret/paths/orders/keys/${one}/versions`;

  test('behind a balancer they are one: what one acknowledged the other one reads', async () => {
    const servers = await start(2);
    const balancer = new Balancer(servers.map(({ url }) => Number(new URL(url).port)));
    const url = await balancer.listen();
    try {
      const given: number[] = [];
      const worker = async (number: number) => {
        for (let i = 0; i < 25; i += 1) {
          const value = `w${number}-${i}`;
          // A connection of its own for each request: two after one another come to different servers.
          const headers = { connection: 'close' };
          const made = await ask(versionsOf(url, 'shared'), token, 'POST', {
            body: { secret: value },
            headers,
          });
          expect(made.status).toBe(200);
          const { version } = made.json as { version: number };
          given.push(version);
          const position = made.headers.get('registry-position') ?? '';
          const read = await ask(`${versionsOf(url, 'shared')}/${version}`, token, 'GET', {
            headers: { ...headers, 'registry-position': position },
          });
          expect(read.json).toMatchObject({ version, secret: value });
        }
      };
      await Promise.all(Array.from({ length: 8 }, (_, number) => worker(number)));
      expect(given.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
      const told = await Promise.all(servers.map((server) => metricsOf(server.url)));
      // Both have written, so each took the right to write, and took it from the other.
      for (const metrics of told) {
        expect(metrics.get('secretreg_claims_total')).toBeGreaterThan(0);
        expect(metrics.get('secretreg_store_behind_positions')).toBe(0);
        expect(metrics.get('secretreg_commit_number')).toBeGreaterThan(0);
      }
      const fences = told.map((metrics) => metrics.get('secretreg_fences_total') ?? 0);
      expect(Math.max(...fences)).toBeGreaterThan(0);
    } finally {
      balancer.close();
      await Promise.all(servers.map((server) => server.stop()));
    }
  }, 120_000);

  /** Of those without a label. */
  async function metricsOf(url: string): Promise<Map<string, number>> {
    const headers = { authorization: `Bearer ${token}` };
    const text = await (await fetch(`${url}/metrics`, { headers })).text();
    return new Map(
      [...text.matchAll(/^(\w+) (\d+)$/gm)].map(([, name = '', value]) => [name, Number(value)]),
    );
  }

  test('a position that no commit has had yet is not waited for without end', async () => {
    const [server] = await start(1);
    const answer = await ask(`${server?.url}/secret/paths`, token, 'GET', {
      headers: { 'registry-position': '999999' },
    });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(answer.json).toMatchObject({ error_code: 50301 });
    await server?.stop();
  }, 60_000);

  test('one of them is stopped: what it had accepted it answers, and the other one goes on', async () => {
    const servers = await start(2);
    const [first, second] = servers as [ServerProcess, ServerProcess];
    const accepted = Array.from({ length: 20 }, (_, i) =>
      ask(versionsOf(first.url, `key${i}`), token, 'POST', { body: { secret: `value ${i}` } }),
    );
    const [one] = accepted;
    await one;
    const [stopped, ...answers] = await Promise.all([
      first.stop(),
      ...accepted.map((answer) => answer.catch(() => undefined)),
    ]);
    expect(stopped).toBe(0);
    for (const [i, answer] of answers.entries()) {
      if (answer === undefined) continue;
      expect(answer.status).toBe(200);
      const read = await ask(`${versionsOf(second.url, `key${i}`)}/latest`, token, 'GET');
      expect(read.json).toMatchObject({ secret: `value ${i}` });
    }
    expect((await ask(`${second.url}/health/ready`, token, 'GET')).status).toBe(200);
    await second.stop();
  }, 60_000);

  test('brokers that are away: alive, not ready, each request answered with a sentence; then ready again', async () => {
    const own = await Broker.start();
    const place = `kafka://${own.address}/away`;
    token = await initServed(line, place);
    const server = await ServerProcess.start(
      line.home,
      ['--registry', place, '--log-level', 'silent'],
      running,
    );
    try {
      const read = () => ask(`${versionsOf(server.url, 'password')}/latest`, token, 'GET');
      await ask(versionsOf(server.url, 'password'), token, 'POST', { body: { secret: 'one' } });
      await own.kill();
      const [live, ready, refused] = await Promise.all([
        ask(`${server.url}/health/live`, token, 'GET'),
        ask(`${server.url}/health/ready`, token, 'GET'),
        read(),
      ]);
      expect([live.status, ready.status, refused.status]).toEqual([200, 503, 503]);
      expect(refused.json).toMatchObject({ error_code: 50302 });
      await own.restart();
      let again: Answer;
      do again = await read();
      while (again.status === 503);
      expect(again.json).toMatchObject({ secret: 'one' });
    } finally {
      await server.stop();
      await own.stop();
    }
  }, 120_000);
});

describe('a server and the command line on one file', () => {
  const running = runningProcesses();
  const line = new CommandLine();
  const folder = registryFolder();
  afterEach(() => {
    line.remove();
    folder.remove();
  });

  test('each sees what the other one has written at once', async () => {
    const token = await initServed(line, folder.file);
    const registry = registryAt(folder.file);
    const env = {
      SECRETREG_REGISTRY: registry,
      SECRETREG_MASTER_KEY_FILE: `${line.home}/master.key`,
    };
    const server = await ServerProcess.start(line.home, ['--registry', registry], running);
    const url = `${server.url}/secret/paths/orders/keys/password/versions`;
    for (let i = 1; i <= 5; i += 1) {
      const put = await line.run(['put', 'orders', 'password', '-'], { env, input: `cli ${i}` });
      expect(put.stdout).toBe(`orders\tpassword\t${2 * i - 1}\n`);
      const read = await ask(`${url}/latest`, token, 'GET');
      expect(read.json).toMatchObject({ secret: `cli ${i}` });
      await ask(url, token, 'POST', { body: { secret: `rest ${i}` } });
      const got = await line.run(['get', 'orders', 'password'], { env });
      expect(got.stdout).toBe(`rest ${i}`);
    }
    const deleted = await line.run(['delete', 'orders', 'password', '--yes'], { env });
    expect(deleted.end).toBe(0);
    expect((await ask(`${url}/latest`, token, 'GET')).status).toBe(404);
    expect(await server.stop()).toBe(0);
  }, 60_000);
});
