// What kafkajs 2.2.4 does of which a user of it has to know, as far as it can reach us (the rest of its traps lie in the
// producer and the consumer, which are not used; others stand in topics.test.ts and answers.test.ts).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import kafkajsPackage from 'kafkajs/package.json' with { type: 'json' };
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { protocolError, verdictOf } from '../../src/store/kafka/failure.ts';
import { connectionsOf } from '../../src/store/kafka/kafkajs-internals.ts';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { commit } from '../contract/store.contract.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';

it('is pinned to the version whose private parts are known, and another one is refused at the start', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: Record<string, string>;
  };
  expect(dependencies['kafkajs']).toBe('2.2.4');
  const { version } = kafkajsPackage;
  try {
    kafkajsPackage.version = '2.2.5';
    expect(() => connectionsOf({ brokers: ['x:1'] })).toThrow('not the kafkajs 2.2.4');
  } finally {
    kafkajsPackage.version = version;
  }
  connectionsOf({ brokers: ['x:1'] }).drop();
});

it.each([
  [[45, 46, 47, 48, 49, 59, 90], 'claim-lost'],
  [[51], 'retry'],
  [[5, 6, 7, 13, 14, 15, 16, 19, 20], 'heal'],
  [[3], 'unknown-topic'],
  [[10, 17, 18, 29, 31, 50, 53, 55, 87], 'rejected'],
  [[-1], 'unexplained'],
  [[9999], 'other'],
])('the codes %j, of which its table lacks some, are: %s', (codes, verdict) => {
  for (const code of codes) expect(verdictOf(protocolError('x', code))).toBe(verdict);
});

it.each([
  [new Error('Broker not connected'), 'heal'],
  [new Error('it failed', { cause: new Error('Broker not connected') }), 'heal'],
  [Object.assign(new Error('x'), { name: 'KafkaJSConnectionClosedError' }), 'heal'],
  [Object.assign(new Error('x'), { code: 'ECONNREFUSED', name: 'KafkaJSConnectionError' }), 'heal'],
  [Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' }), 'other'],
  [new Error('Broker not connected, as far as somebody knows'), 'other'],
  [new Error('x'), 'other'],
])('%s is: %s', (error, verdict) => {
  expect(verdictOf(error)).toBe(verdict);
});

it('holds a broker for connected that took the connection and did not answer, and says so in a plain error', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const connections = connectionsOf({
    brokers: [`127.0.0.1:${port}`],
    connectionTimeout: 100,
    requestTimeout: 100,
    retry: { retries: 0 },
  });
  const { cluster } = connections;
  await expect(cluster.connect()).rejects.toThrow('timed out');
  await cluster.connect();
  const asked = cluster.brokerPool.seedBroker.metadata([]);
  const error = await asked.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'Error', message: 'Broker not connected' });
  expect(verdictOf(error)).toBe('heal');
  connections.drop();
  silent.close();
});

describeKafka('kafkajs on a broker', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(() => broker.stop());

  it('wakes an idle process no more often than it looks for answers that are overdue', async () => {
    // A clock that goes on by itself, and can be set forward while nothing is asked for.
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
      shouldAdvanceTime: true,
    });
    try {
      const store = new KafkaStore({ brokers: [broker.address], topic: 'idle' });
      await store.open(() => {}, { create: true });
      await store.transact(() => commit(1, { a: '1' }));
      const timers = vi.spyOn(globalThis, 'setTimeout');
      await vi.advanceTimersByTimeAsync(500);
      // The timer of kafkajs would have been set some hundred times.
      expect(timers.mock.calls.length).toBeLessThan(5);
      await store.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('prints nothing and warns of nothing while a broker goes and comes', async () => {
    const program = fileURLToPath(new URL('../process/kafka-quiet.ts', import.meta.url));
    const child = spawn(process.execPath, [program, broker.address], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => (said += String(chunk)));
    const ended = once(child, 'close');
    await Promise.race([once(child.stdout, 'data'), ended]);
    await broker.kill();
    child.stdin.write('go on\n');
    await broker.restart();
    const [code] = (await ended) as [number];
    expect(said).toBe('');
    expect(code).toBe(0);
  }, 60_000);
});
