// Row B of quality.md: real processes on a real broker. One secret is written by several at once, which are killed,
// paused and left without a broker.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { init } from '../registry/fixture.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';
import { API, Proxy } from './proxy.ts';
import { generator } from '../random.ts';
import { environment, requireAll, WriterProcess } from './writers.ts';

const ALL_KILLS = Number(process.env['SECRETREG_TEST_KILLS'] ?? 10);
/** The others are those of lost-marker.test.ts. */
const KILLS = Math.ceil(ALL_KILLS * 0.6);
const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? Date.now() % 1_000_000);
const WRITES = 200;
/** A kill takes seven seconds on an idle machine, and forty where the processes get a seventh of one processor. */
const LIMIT_MS = 120_000 + KILLS * 90_000;

describeKafka('processes that write one secret', () => {
  let broker: Broker;
  let proxy: Proxy;
  let topic: string;
  let topics = 0;
  const started: WriterProcess[] = [];

  beforeAll(async () => {
    proxy = await Proxy.start();
    const properties = { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${proxy.port}` };
    broker = await Broker.start({ properties });
    proxy.target = broker.port;
  }, 120_000);
  afterEach(async () => {
    proxy.forgetFaults();
    for (const one of started.splice(0)) {
      one.child.kill('SIGCONT');
      await one.kill();
    }
  });
  afterAll(async () => {
    await proxy.stop();
    await broker.stop();
  });

  const address = () => `127.0.0.1:${proxy.port}`;

  async function newRegistry(): Promise<void> {
    topics += 1;
    topic = `processes-${topics}`;
    await init(new KafkaStore({ brokers: [address()], topic }), environment());
  }

  async function start(who: string, count?: number): Promise<WriterProcess> {
    const writer = new WriterProcess(address(), topic, who, count);
    started.push(writer);
    await writer.ready();
    return writer;
  }

  const acknowledged = () => started.map((one) => one.acknowledged);

  it(`two × ${WRITES} writes get the versions 1 to ${2 * WRITES}, and each is read by the other at once`, async () => {
    await newRegistry();
    const [first, second] = await Promise.all([start('first', WRITES), start('second', WRITES)]);
    first.onWritten = (version) => second.ask(version);
    second.onWritten = (version) => first.ask(version);
    for (const version of first.acknowledged.keys()) second.ask(version);
    for (const version of second.acknowledged.keys()) first.ask(version);
    await Promise.all(
      [first, second].map((one) => one.until(() => one.acknowledged.size === WRITES)),
    );
    await Promise.all([first, second].map((one) => one.until(() => one.read.size === WRITES)));
    await Promise.all([first.stop(), second.stop()]);
    expect([...first.failures, ...second.failures]).toEqual([]);
    expect(first.read).toEqual(second.acknowledged);
    expect(second.read).toEqual(first.acknowledged);
    const versions = [...first.acknowledged.keys(), ...second.acknowledged.keys()];
    expect(versions.sort((a, b) => a - b)).toEqual(
      Array.from({ length: 2 * WRITES }, (_, i) => i + 1),
    );
    expect(await requireAll(address(), topic, acknowledged())).toBe(2 * WRITES);
  }, 120_000);

  it(
    `${KILLS} kills of the broker under load lose nothing that was acknowledged (seed ${SEED})`,
    async () => {
      console.log(`SECRETREG_TEST_SEED=${SEED}`);
      const random = generator(SEED);
      await newRegistry();
      const writers = await Promise.all([start('first'), start('second')]);
      const [first, second] = writers;
      // Each is asked for what the other one was just told, whatever the broker does meanwhile.
      first.onWritten = (version) => second.ask(version);
      second.onWritten = (version) => first.ask(version);
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const writer = writers[random() < 0.5 ? 0 : 1];
        await writer.written(Math.ceil(random() * 12));
        // In the midst of whatever the other one does.
        await broker.kill();
        await broker.restart();
      }
      await Promise.all(writers.map((one) => one.written(3)));
      await Promise.all(writers.map((one) => one.stop()));
      // Where a broker needs longer than a call may take, that is what is said, and never that a version is not there.
      for (const failure of writers.flatMap(({ failures }) => failures))
        expect(failure).toMatch(
          /^failed ((to read \d+: )?(store-unavailable|outcome-unknown)|to read \d+: audit-unavailable)$/,
        );
      for (const [reader, writer] of [[first, second] as const, [second, first] as const]) {
        expect(reader.read.size).toBeGreaterThan(0);
        for (const [version, value] of reader.read)
          expect([version, value]).toEqual([version, writer.acknowledged.get(version)]);
      }
      expect(await requireAll(address(), topic, acknowledged())).toBeGreaterThan(KILLS);
    },
    LIMIT_MS,
  );

  it(
    `a writer that is paused past a fence, ${KILLS} times, gives no number again`,
    async () => {
      await newRegistry();
      const zombie = await start('zombie');
      for (let i = 0; i < KILLS; i += 1) {
        await zombie.written(1);
        zombie.child.kill('SIGSTOP');
        const other = await start(`other ${i}`, 2);
        await other.until(() => other.acknowledged.size === 2);
        zombie.child.kill('SIGCONT');
        await other.stop();
        expect(other.failures).toEqual([]);
      }
      await zombie.written(1);
      await zombie.stop();
      expect(zombie.failures).toEqual([]);
      await requireAll(address(), topic, acknowledged());
    },
    LIMIT_MS,
  );

  it('a writer that is killed inside its transaction holds nobody up', async () => {
    await newRegistry();
    // Shorter than the time after which the broker itself ends a transaction.
    const store = new KafkaStore({ brokers: [address()], topic, timeoutMs: 5000 });
    await store.open(() => {});
    for (const request of [API.endTxn, API.produce]) {
      const isInside = proxy.next(request, 'hold');
      const writer = await start('killed');
      await isInside;
      await writer.kill();
      await store.transact(() => ({
        attemptId: `${request}`,
        n: 1000 + request,
        records: [],
        audit: ['x'],
      }));
      const next = await start('next', 1);
      await next.until(() => next.acknowledged.size === 1);
      await next.stop();
    }
    await store.close();
    await requireAll(address(), topic, acknowledged());
  }, 120_000);
});
