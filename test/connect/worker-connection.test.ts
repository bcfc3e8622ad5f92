// What the client says of workers that refuse, rebalance, break off, send on, or are somebody else's.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { ConnectWorker } from '../../src/connect/worker.ts';
import type { WorkerOptions } from '../../src/connect/worker-connection.ts';
import { SecretregError } from '../../src/errors.ts';
import { type Answer, FalseServer, hangUp, json, page } from '../client/false-server.ts';
import { makeCertificates } from '../kafka/certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'secretreg-worker-'));
const made = makeCertificates(folder, 'DNS:localhost');
const [authority, stranger, store] = [made.authority, made.stranger, made.broker].map((file) =>
  readFileSync(file, 'utf8'),
);
const running: FalseServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function serve(...answers: Answer[]): Promise<FalseServer> {
  const server = await FalseServer.start(answers);
  running.push(server);
  return server;
}

function workerAt(urls: readonly URL[], options: Partial<WorkerOptions> = {}): ConnectWorker {
  return new ConnectWorker({ urls, userAgent: 'secretreg/test', ...options });
}

async function worker(...answers: Answer[]) {
  const server = await serve(...answers);
  return { server, worker: workerAt([server.url]) };
}

/** Code, text and hint, with ports taken out. */
async function toldBy(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof SecretregError)) throw error;
    const hint = error.hint === undefined ? '' : ` | ${error.hint}`;
    return `${error.code}: ${error.message}${hint}`.replace(/(localhost|127\.0\.0\.1):\d+/g, '$1');
  }
  return 'no error';
}

const refusal = (status: number, message = 'Invalid value hunter2 for configuration password') =>
  json({ error_code: status, message }, status);
const about = { version: '4.3.1', commit: 'abc', kafka_cluster_id: 'cluster' };
const status = {
  name: 'orders',
  connector: { state: 'FAILED', worker_id: 'w:8083', version: null, trace: 'hunter2' },
  tasks: [{ id: 0, state: 'RUNNING', worker_id: 'w:8083', trace: 'hunter2' }],
  type: 'sink',
};

describe('answers', () => {
  test('who it is', async () => {
    const { server, worker: it } = await worker(json(about));
    expect(await it.about()).toEqual({
      version: '4.3.1',
      commit: 'abc',
      kafkaClusterId: 'cluster',
    });
    expect(server.asked).toMatchObject([{ method: 'GET', url: '/' }]);
  });

  test('every connector, without its traces and settings that are null', async () => {
    const info = {
      name: 'orders',
      config: { name: 'orders', password: '${secret:orders:password}', unset: null },
      tasks: [{ connector: 'orders', task: 0 }],
      type: 'sink',
    };
    const all = JSON.parse(`{"__proto__":${JSON.stringify({ info, status })}}`) as object;
    const { worker: it } = await worker(json(all));
    const unit = { workerId: 'w:8083' };
    expect(await it.connectors()).toEqual(
      new Map([
        [
          '__proto__',
          {
            type: 'sink',
            config: new Map([
              ['name', 'orders'],
              ['password', '${secret:orders:password}'],
            ]),
            ...{ ...unit, state: 'FAILED' },
            tasks: [{ id: 0, ...unit, state: 'RUNNING' }],
          },
        ],
      ]),
    );
  });

  test('names are encoded', async () => {
    const { server, worker: it } = await worker(json(status));
    await it.status('a/../b?c#d é');
    await it.restart('a/b');
    expect(server.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /connectors/a%2F..%2Fb%3Fc%23d%20%C3%A9/status',
      'POST /connectors/a%2Fb/restart?includeTasks=true&onlyFailed=false',
    ]);
  });

  test.each<[string, Answer]>([
    ['202 with the state', json(status, 202)],
    ['204 without a body', (response) => response.writeHead(204).end()],
  ])('a restart is answered by %s', async (_, answer) => {
    const { worker: it } = await worker(answer);
    expect(await it.restart('orders')).toBeUndefined();
  });

  test('plugins, what they take, and what is wrong with a configuration', async () => {
    const told = { name: 'password', type: 'PASSWORD', required: true, documentation: 'it' };
    const value = { name: 'password', value: 'hunter2', errors: ['short'], recommended_values: [] };
    const unknown = { name: 'other', value: null, errors: [], recommended_values: [] };
    const { server, worker: it } = await worker(
      json([{ class: 'a.B', type: 'source', version: null }]),
      json([{ ...told, default_value: null }]),
      json({
        name: 'a.B',
        error_count: 2,
        groups: [],
        configs: [
          { definition: { ...told, default_value: 'none' }, value },
          { definition: null, value: unknown },
        ],
      }),
    );
    expect(await it.plugins()).toEqual([{ class: 'a.B', type: 'source', version: undefined }]);
    expect(await it.definitions('a.B')).toEqual([{ ...told, defaultValue: undefined }]);
    expect(await it.validate('a.B', { password: 'dummy' })).toEqual({
      errorCount: 2,
      settings: [
        {
          ...{ name: 'password', errors: ['short'], recommended: [] },
          definition: { ...told, defaultValue: 'none' },
        },
        { name: 'other', errors: [], recommended: [], definition: undefined },
      ],
    });
    expect(server.asked[2]).toMatchObject({ method: 'PUT', body: '{"password":"dummy"}' });
  });
});

describe('what is no yes', () => {
  const AT = 'the Connect worker at http://localhost';
  test.each<[string, Answer, string]>([
    [
      'a refusal, without its message, which may hold a value',
      refusal(500),
      `worker-refused: ${AT} refused to restart connector 'orders' (500): it failed, or did not come to it in time; its log says more`,
    ],
    [
      'a connector that is not there',
      refusal(404),
      `worker-refused: ${AT} refused to restart connector 'orders' (404): it knows no such connector or plugin`,
    ],
    [
      'a log-in that is missing',
      page(401),
      `worker-not-allowed: ${AT} does not restart connector 'orders' without another log-in (401) | --connect-user NAME --connect-password-file FILE, or --connect-token-file FILE    (who may do that on the worker)`,
    ],
    [
      'a log-in that is not enough',
      refusal(403),
      `worker-not-allowed: ${AT} does not restart connector 'orders' without another log-in (403) | --connect-user NAME --connect-password-file FILE, or --connect-token-file FILE    (who may do that on the worker)`,
    ],
    [
      'a way to somewhere else',
      (response) => response.writeHead(307, { location: 'http://connect.example/' }).end(),
      `worker-unreachable: ${AT} cannot be used: it sends on to another address (307, http://connect.example), and is not followed | --connect http://connect.example    (if that is an address of the worker)`,
    ],
    [
      'a web page',
      page(200),
      `worker-unreachable: ${AT} cannot be used: its answer (200) is text/html, and not that of a worker | is this the address of a worker?`,
    ],
    [
      'another service',
      json({ detail: 'hunter2' }, 404),
      `worker-unreachable: ${AT} cannot be used: there is no worker at this address: it answered 404 with application/json | does the address need a path, as a proxy in front of the worker may have one?`,
    ],
    [
      'a proxy that reaches nobody',
      page(503),
      `worker-unreachable: ${AT} cannot be used: a proxy in front of it does not reach it (503)`,
    ],
    [
      'an end before the beginning',
      hangUp,
      `worker-unreachable: ${AT} cannot be used: the connection was closed before the answer was complete | --connect https://localhost    (if that is what it speaks)`,
    ],
  ])('%s', async (_, answer, expected) => {
    const { worker: it } = await worker(answer);
    expect(await toldBy(it.restart('orders'))).toBe(expected);
  });

  test.each([
    [401, `worker-log-in-refused: ${AT} does not accept the log-in of 'bob' (401) | its file`],
    [403, `worker-not-allowed: ${AT} does not tell who it is without another log-in (403)`],
  ])('a log-in that was given, answered by %i', async (code, expected) => {
    const server = await serve(refusal(code));
    const login = { text: "the log-in of 'bob'", hint: 'its file' };
    expect(await toldBy(workerAt([server.url], { login }).about())).toContain(expected);
  });

  test('an answer of another shape', async () => {
    const { worker: it } = await worker(json([]));
    expect(await toldBy(it.connectors())).toBe(
      `worker-unreachable: ${AT} cannot be used: its answer is not one that this secretreg understands`,
    );
  });

  test('no answer in time', async () => {
    const server = await serve(() => undefined);
    const it = workerAt([server.url], { deadlineMs: 200 });
    expect(await toldBy(it.about())).toBe(
      `worker-unreachable: ${AT} cannot be used: no answer for 0.2 s`,
    );
  });

  test('a configuration that is refused as a whole, with the text of the worker', async () => {
    const { worker: it } = await worker(refusal(400, 'no such class'));
    expect(await it.validate('a.B', {})).toEqual({ refusal: 'no such class' });
  });
});

describe('a rebalance', () => {
  test('is waited for', async () => {
    const { server, worker: it } = await worker(refusal(409), refusal(409), json(status, 202));
    await it.restart('orders');
    expect(server.asked).toHaveLength(3);
  });

  test('is not waited for any longer than that', async () => {
    const server = await serve(refusal(409));
    const it = workerAt([server.url], { patienceMs: 500 });
    expect(await toldBy(it.restart('orders'))).toMatch(/\(409\): its group goes on rebalancing$/);
    expect(server.asked).toHaveLength(2);
  });
});

describe('a worker that is starting', () => {
  // As the Jetty of Connect 3.9 and 4.3 says that it has no such route.
  const starting = json({ servlet: '-', message: 'Not Found', url: '/', status: '404' }, 404);

  test('is waited for', async () => {
    const { server, worker: it } = await worker(starting, starting, json(about));
    expect(await it.about()).toMatchObject({ version: '4.3.1' });
    expect(server.asked).toHaveLength(3);
  });

  test('is not waited for any longer than a rebalance', async () => {
    const server = await serve(starting);
    const it = workerAt([server.url], { patienceMs: 500 });
    expect(await toldBy(it.about())).toBe(
      'worker-unreachable: the Connect worker at http://localhost cannot be used: it answers 404 on every route, as a worker does while it starts | try again in a moment; does the address need a path, where it goes on?',
    );
    expect(server.asked).toHaveLength(2);
  });

  test('is not waited for where another one answers', async () => {
    const [one, other] = [await serve(starting), await serve(json(about))];
    await workerAt([one.url, other.url]).about();
    expect([one.asked.length, other.asked.length]).toEqual([1, 1]);
  });
});

describe('several addresses', () => {
  test('the next one is asked where one does not answer, and from then on first', async () => {
    const gone = await serve(hangUp);
    const there = await serve(json(about));
    const it = workerAt([gone.url, there.url]);
    await it.about();
    await it.about();
    expect([gone.asked.length, there.asked.length]).toEqual([1, 2]);
    await there.stop();
    gone.answers = [json(about)];
    running.splice(running.indexOf(there), 1);
    expect(await it.about()).toMatchObject({ version: '4.3.1' });
  });

  test('all of them are told of where none answers', async () => {
    const [one, other] = [await serve(hangUp), await serve(page(200))];
    expect(await toldBy(workerAt([one.url, other.url]).about())).toBe(
      'worker-unreachable: the Connect worker at http://localhost, http://localhost cannot be used: http://localhost: the connection was closed before the answer was complete; http://localhost: its answer (200) is text/html, and not that of a worker | --connect https://localhost    (if that is what it speaks)',
    );
  });

  test('a refusal is one for all of them', async () => {
    const [one, other] = [await serve(refusal(404)), await serve(json(about))];
    expect(await toldBy(workerAt([one.url, other.url]).about())).toMatch(/^worker-refused/);
    expect(other.asked).toEqual([]);
  });

  test('each one can be asked by itself', async () => {
    const [one, other] = [await serve(json([])), await serve(json([]))];
    for (const single of workerAt([one.url, other.url]).each()) await single.plugins();
    expect([one.asked.length, other.asked.length]).toEqual([1, 1]);
  });
});

test('the log-in goes along, and a path in front', async () => {
  const { server } = await worker(json(about));
  const it = workerAt([new URL('/connect/', server.url)], { authorization: 'Bearer token' });
  await it.about();
  expect(server.asked[0]).toMatchObject({
    url: '/connect/',
    headers: { authorization: 'Bearer token', 'user-agent': 'secretreg/test' },
  });
});

describe('TLS', () => {
  async function tlsWorker(ca: string | undefined) {
    const server = await FalseServer.start([json(about)], { key: store, cert: store });
    running.push(server);
    return workerAt([server.url], ca === undefined ? {} : { tls: { ca } });
  }

  test('the named authority is trusted', async () => {
    expect(await (await tlsWorker(authority)).about()).toMatchObject({ version: '4.3.1' });
  });

  test.each([
    [
      'another one is not',
      stranger,
      'not of an authority in the file of --connect-ca-file | openssl s_client -showcerts -connect localhost </dev/null    (shows of which it is)',
    ],
    [
      'that of the machine alone is not',
      undefined,
      'of no authority that is trusted here | --connect-ca-file FILE    (the certificate of the authority; or SECRETREG_CONNECT_CA_FILE)',
    ],
  ])('%s', async (_, ca, told) => {
    expect(await toldBy((await tlsWorker(ca)).about())).toBe(
      `worker-unreachable: the Connect worker at https://localhost cannot be used: its certificate is ${told}`,
    );
  });
});
