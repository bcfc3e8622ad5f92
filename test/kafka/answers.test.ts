// Requests and answers of a transaction that get lost, come late, or are errors that say nothing. Whatever happens to
// them: what was acknowledged can be read by others, what was refused is not there, and no version has two attempts.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasCode } from '../../src/errors.ts';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import type { Store, StoredRecord } from '../../src/store/store.ts';
import { allOf, commit, fold } from '../contract/store.contract.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';
import {
  claimAndCommit,
  claimAndWrite,
  commitAgain,
  commitForged,
  Forger,
  writeInItsPlace,
} from './forger.ts';
import { API, API_VERSIONS, type Fault, Proxy, READ_API } from './proxy.ts';
import { alarmsIn } from './alarms.ts';

/** kafkajs would wait so long for an answer. */
const NEVER = 600_000;

describeKafka('answers of a broker', () => {
  let proxy: Proxy;
  let broker: Broker;
  let topics = 0;
  const opened: Store[] = [];

  beforeAll(async () => {
    proxy = await Proxy.start();
    const properties = { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${proxy.port}` };
    broker = await Broker.start({ properties });
    proxy.target = broker.port;
  }, 120_000);
  afterEach(async () => {
    proxy.latencyMs = 0;
    proxy.forgetFaults();
    proxy.release();
    for (const store of opened.splice(0)) await store.close();
  });
  afterAll(async () => {
    await proxy.stop();
    await broker.stop();
  });

  async function open(
    topic: string,
    {
      signal,
      requestTimeout = 700,
      timeoutMs = 4000,
    }: { signal?: AbortSignal; requestTimeout?: number; timeoutMs?: number } = {},
  ) {
    const client = { clientId: 'secretreg', requestTimeout };
    const brokers = [`127.0.0.1:${proxy.port}`];
    const store = new KafkaStore({ brokers, topic, timeoutMs, client });
    opened.push(store);
    const seen: StoredRecord[] = [];
    await store.open((record) => seen.push(record), { create: true, ...(signal && { signal }) });
    return { store, seen };
  }

  const newTopic = () => `answers-${(topics += 1)}`;

  async function requireOneAttemptEach(store: Store) {
    const { facts } = await store.inspect();
    expect(alarmsIn(facts)).toEqual([]);
  }

  const faults: Fault[] = ['lose-request', 'lose-answer', 'silence', 'late', 'unexplained'];
  const requests = ['initProducerId', 'addPartitionsToTxn', 'produce', 'endTxn'] as const;

  describe.each(requests)('to %s', (request) => {
    it.each(faults)('%s', async (fault) => {
      const topic = newTopic();
      const { store } = await open(topic);
      if (request !== 'initProducerId') await store.transact(() => commit(1, { before: '1' }));
      const happened = proxy.next(API[request], fault);
      let runs = 0;
      const write = store.transact(() => {
        runs += 1;
        return commit(2, { a: `run ${runs}` });
      });
      await happened;
      const end = await write.then(
        () => 'acknowledged',
        (error: unknown) => (hasCode(error, 'store-unavailable') ? 'refused' : String(error)),
      );
      proxy.release();
      // A request that the broker may have fulfilled, of which nothing is known, is one that is found out about.
      expect(end).toBe(
        fault === 'unexplained' && (request === 'produce' || request === 'addPartitionsToTxn')
          ? 'refused'
          : 'acknowledged',
      );
      const other = await open(topic);
      const found = other.seen.filter(({ key }) => key === 'a');
      expect(found.map(({ value }) => value?.toString())).toEqual(
        end === 'acknowledged' ? [`run ${runs}`] : [],
      );
      await other.store.transact(() => commit(9, { b: '9' }));
      await store.transact(() => commit(10, { c: '10' }));
      await requireOneAttemptEach(store);
      await requireOneAttemptEach(other.store);
      const lines = (await allOf(store.readAudit())).map(({ line }) => line);
      expect(new Set(lines).size).toBe(lines.length);
    });
  });

  // A claim and its commit are a dozen requests one after another: whoever waits for less than these take fences the other
  // ones each time.
  it('of a broker far away let three writers come to an end', async () => {
    const topic = newTopic();
    const opening = Array.from({ length: 3 }, () =>
      open(topic, { requestTimeout: 5000, timeoutMs: 20_000 }),
    );
    const writers = await Promise.all(opening);
    proxy.latencyMs = 60;
    const ends = await Promise.allSettled(
      writers.map(async ({ store, seen }, writer) => {
        for (let i = 0; i < 4; i += 1)
          await store.transact(() =>
            commit(seen.length / 2 + 1, { [`${writer} ${i}`]: 'written' }),
          );
      }),
    );
    proxy.latencyMs = 0;
    expect(ends).toEqual(writers.map(() => ({ status: 'fulfilled', value: undefined })));
    const { seen } = await open(topic);
    expect(Object.keys(fold(seen)).filter((key) => /^\d \d$/.test(key)).length).toBe(12);
    for (const { store } of writers) await requireOneAttemptEach(store);
  }, 120_000);

  // Far away a turn takes seconds, and whoever takes the right to write may change nothing, or be gone.
  it('of a broker far away leave time to take back a right of which nobody made use', async () => {
    const topic = newTopic();
    const { store } = await open(topic, { requestTimeout: 5000 });
    proxy.latencyMs = 200;
    await store.transact(() => commit(1, { a: '1' }));
    proxy.latencyMs = 0;
    await Forger.does((forger) => forger.claim(), `127.0.0.1:${proxy.port}`, topic);
    await store.transact(() => commit(2, { a: '2' }));
    expect(fold((await open(topic)).seen)).toMatchObject({ a: '2' });
  });

  it('say so where it is never the turn of a writer', async () => {
    const topic = newTopic();
    const { store } = await open(topic, { timeoutMs: 1500 });
    await store.transact(() => commit(1, { a: '1' }));
    proxy.latencyMs = 20;
    const others = async (forger: Forger) => {
      const over = new AbortController();
      const write = store.transact(() => commit(2, { a: '2' })).finally(() => over.abort());
      const refused = expect(write).rejects.toThrow(
        /: other writers took the right to write \d+ times? within 1\.5 s; nothing was written$/,
      );
      while (!over.signal.aborted) await forger.claim();
      await refused;
    };
    await Forger.does(others, `127.0.0.1:${proxy.port}`, topic).finally(() => {
      proxy.latencyMs = 0;
    });
    await store.transact(() => commit(2, { a: '3' }));
    expect(fold((await open(topic)).seen)).toMatchObject({ a: '3' });
  });

  it('say so where the last of them is that the broker ends what another writer began', async () => {
    const topic = newTopic();
    const { store } = await open(topic, { timeoutMs: 1500 });
    await store.transact(() => commit(1, { a: '1' }));
    await Forger.does((forger) => forger.claim(), `127.0.0.1:${proxy.port}`, topic);
    const happened = proxy.always(API.initProducerId, 'busy');
    await expect(store.transact(() => commit(2, { a: '2' }))).rejects.toThrow(
      /: other writers took the right to write 1 time within 1\.5 s; nothing was written$/,
    );
    await happened;
    proxy.forgetFaults();
    await store.transact(() => commit(2, { a: '3' }));
    expect(fold((await open(topic)).seen)).toMatchObject({ a: '3' });
  });

  it('of where a time is in the trail, come late, pass over no line that was written meanwhile', async () => {
    const topic = newTopic();
    const { store } = await open(topic, { requestTimeout: NEVER });
    const other = await open(topic);
    const since = new Date().toISOString();
    const asked = proxy.next(READ_API.listOffsets, 'late');
    const from = store.auditPositionAt(since);
    await asked;
    await other.store.appendAudit(() => ['meanwhile']);
    proxy.release();
    expect(await allOf(store.readAudit(await from))).toEqual([{ position: 1, line: 'meanwhile' }]);
  });

  it('that are an error take one fact down, and no other', async () => {
    const { store } = await open(newTopic());
    const before = (await store.inspect()).facts.map(({ name }) => name);
    const happened = proxy.always(API.describeAcls, 'unexplained');
    const { facts } = await store.inspect();
    await happened;
    const without = facts.filter(({ text }) => !text.startsWith('cannot be found out'));
    expect(without.map(({ name }) => name)).toEqual(before);
    expect(facts.filter((fact) => !without.includes(fact))).toEqual([
      {
        name: 'who may read',
        state: 'warn',
        text: 'cannot be found out: the broker answered UNKNOWN (-1)',
      },
    ]);
  });

  describe('that somebody else made possible with the same transactional id are no proof of a change', () => {
    it.each([
      ['its headers outside of any transaction', 'endTxn', claimAndWrite, ['forged', 'run 2']],
      [
        'its headers in a transaction of a later claim',
        'endTxn',
        claimAndCommit,
        ['forged', 'run 2'],
      ],
      ['its headers under its producer id and epoch', 'endTxn', commitForged, ['forged', 'run 2']],
      ['its records without its lines', 'endTxn', commitAgain, ['run 1', 'run 2']],
      ['something else in its place', 'produce', writeInItsPlace, ['forged', 'run 2']],
    ] as const)('%s', async (_, request, attack, found) => {
      const topic = newTopic();
      const { store } = await open(topic, { timeoutMs: 20_000 });
      await store.transact(() => commit(1, { before: '1' }));
      const isHeld = proxy.always(API[request], 'hold');
      let runs = 0;
      const write = store.transact(() => {
        runs += 1;
        return commit(2, { a: `run ${runs}` });
      });
      await isHeld;
      await Forger.does(attack, `127.0.0.1:${proxy.port}`, topic);
      proxy.forgetFaults();
      await write;
      expect(runs).toBe(2);
      const { seen } = await open(topic);
      const values = seen.filter(({ key }) => key === 'a').map(({ value }) => value?.toString());
      expect(values).toEqual(found);
      const lines = (await allOf(store.readAudit())).map(({ line }) => line);
      expect(lines.filter((line) => line === 'commit 2')).toHaveLength(
        attack === writeInItsPlace ? 2 : 1,
      );
    });
  });

  it.each(faults)('to the batch of audit lines: %s', async (fault) => {
    const { store } = await open(newTopic());
    await store.appendAudit(() => ['1']);
    const happened = proxy.next(API.produce, fault);
    const append = store.appendAudit(({ lastLine }) => [`${Number(lastLine) + 1}`]);
    await happened;
    if (fault === 'unexplained')
      await expect(append).rejects.toMatchObject({ code: 'outcome-unknown' });
    else await append;
    proxy.release();
    // After an unknown end the chain is not gone on with: the line may be there or not.
    await store.appendAudit(({ lastLine }) => [`${Number(lastLine ?? 10) + 1}`]);
    const lines = (await allOf(store.readAudit())).map(({ line }) => line);
    expect(lines).toEqual(fault === 'unexplained' ? ['1', '2', '11'] : ['1', '2', '3']);
  });

  it('to audit lines that were sent before say nothing of the first time', async () => {
    const { store } = await open(newTopic());
    await store.appendAudit(() => ['1']);
    const first = proxy.next(API.produce, 'silence');
    const second = proxy.next(API.produce, 'refused');
    const append = store.appendAudit(({ lastLine }) => [`${Number(lastLine) + 1}`]);
    await expect(append).rejects.toMatchObject({
      code: 'outcome-unknown',
      // Of use to a read, of which nothing is handed out then.
      cause: {
        code: 'store-unavailable',
        params: { reason: 'the record is larger than max.message.bytes of the topic' },
        hint: expect.stringMatching(/^kafka-configs /),
      },
    });
    await Promise.all([first, second]);
    await store.appendAudit(({ lastLine }) => [`${Number(lastLine ?? 10) + 1}`]);
    const lines = (await allOf(store.readAudit())).map(({ line }) => line);
    expect(lines).toEqual(['1', '2', '11']);
  });

  it('to audit lines that are refused at once leave the chain as it is', async () => {
    const { store } = await open(newTopic());
    await store.appendAudit(() => ['1']);
    void proxy.next(API.produce, 'refused');
    const append = store.appendAudit(() => ['refused']);
    await expect(append).rejects.toMatchObject({ code: 'store-unavailable' });
    let head: string | undefined;
    await store.appendAudit(({ lastLine }) => {
      head = lastLine;
      return ['next'];
    });
    expect(head).toBe('1');
  });

  it('that never come do not hold an interrupted write', async () => {
    const stop = new AbortController();
    const { store } = await open(newTopic(), { signal: stop.signal, requestTimeout: NEVER });
    await store.transact(() => commit(1, { a: '1' }));
    const happened = proxy.always(API.produce, 'silence');
    const write = store.transact(() => commit(2, { a: '2' }));
    await happened;
    stop.abort();
    await expect(write).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('that never come to an interrupted end leave it unknown', async () => {
    const stop = new AbortController();
    const { store } = await open(newTopic(), { signal: stop.signal, requestTimeout: NEVER });
    await store.transact(() => commit(1, { a: '1' }));
    const happened = proxy.always(API.endTxn, 'hold');
    void proxy.always(API.initProducerId, 'hold');
    const write = store.transact(() => commit(2, { a: '2' }));
    await happened;
    stop.abort();
    await expect(write).rejects.toMatchObject({ code: 'outcome-unknown' });
  });

  it('that never come end a call at its deadline, and the next one finds everything', async () => {
    const topic = newTopic();
    const { store } = await open(topic, { requestTimeout: NEVER });
    const happened = proxy.always(API.endTxn, 'silence');
    void proxy.always(API.initProducerId, 'silence');
    const write = store.transact(() => commit(1, { a: '1' }));
    await Promise.race([happened, write.catch(() => undefined)]);
    await expect(write).rejects.toMatchObject({ code: 'store-unavailable' });
    proxy.forgetFaults();
    await store.transact(() => commit(2, { a: '2' }));
    expect(fold((await open(topic)).seen)).toEqual({ a: '2' });
  });

  it('to the first question that never come cost the connection, and the next call makes another', async () => {
    const brokers = [`127.0.0.1:${proxy.port}`];
    const store = new KafkaStore({ brokers, topic: newTopic(), timeoutMs: 2000 });
    opened.push(store);
    const stop = new AbortController();
    const silent = proxy.next(API_VERSIONS, 'silence');
    const first = store.open(() => undefined, { create: true, signal: stop.signal });
    await silent;
    stop.abort();
    await expect(first).rejects.toMatchObject({ code: 'interrupted' });
    // Until kafkajs has given the question up; the port has taken the connection, and keeps it.
    await delay(1500);
    await store.open(() => undefined, { create: true });
    await store.transact(() => commit(1, { a: '1' }));
  });

  it('a process that is closed first finishes what waits', async () => {
    const topic = newTopic();
    const { store, seen } = await open(topic);
    const happened = proxy.next(API.endTxn, 'late');
    const writes = [1, 2, 3].map((n) => store.transact(() => commit(n, { a: `${n}` })));
    const reads = [store.catchUp(), store.appendAudit(() => ['read'])];
    const closed = store.close();
    await happened;
    proxy.release();
    await Promise.all([...writes, ...reads, closed]);
    expect(fold(seen)).toEqual({ a: '3' });
  });

  it('are asked for once where many reads are audited at the same time', async () => {
    const { store } = await open(newTopic());
    await store.appendAudit(() => ['first']);
    const before = proxy.asked.get(API.produce) ?? 0;
    await Promise.all(
      Array.from({ length: 100 }, (_, i) => store.appendAudit(() => [`read ${i}`])),
    );
    // The first goes alone, all others together.
    expect((proxy.asked.get(API.produce) ?? 0) - before).toBeLessThanOrEqual(2);
    expect(await allOf(store.readAudit())).toHaveLength(101);
  });

  describe('that twenty wait for when the connection breaks make Node warn of nothing', () => {
    it.each([
      ['where the other connection ends by itself', 3000, 20_000, 'answered'],
      ['where the other connection is given up', NEVER, 3000, 'refused'],
    ] as const)('%s', async (_, requestTimeout, timeoutMs, end) => {
      const { store } = await open(newTopic(), { requestTimeout, timeoutMs });
      await store.transact(() => commit(1, { a: '1' }));
      const warnings: Error[] = [];
      const take = (warning: Error) => warnings.push(warning);
      process.on('warning', take);
      const read = () =>
        allOf(store.readAudit()).then(
          () => 'answered',
          (error: unknown) => hasCode(error, 'store-unavailable') && 'refused',
        );
      // Fetches have a connection of their own: it has one on its way, and the other connection nineteen questions.
      const fetched = proxy.always(READ_API.fetch, 'hold');
      const first = read();
      await fetched;
      const held = Array.from({ length: 19 }, () => proxy.next(READ_API.listOffsets, 'hold'));
      const others = Array.from({ length: 19 }, read);
      await Promise.all(held);
      proxy.forgetFaults();
      const broken = proxy.next(READ_API.listOffsets, 'lose-request');
      others.push(read());
      await broken;
      const ends = await Promise.all([first, ...others]);
      expect(ends).toContain(end);
      process.off('warning', take);
      expect(warnings).toEqual([]);
    });
  });

  it('to a write on a held claim are those of one transaction', async () => {
    const { store } = await open(newTopic());
    await store.transact(() => commit(1, { a: '1' }));
    const before = new Map(proxy.asked);
    await store.transact(() => commit(2, { a: '2' }));
    const asked = Object.entries(API).map(([name, api]) => [
      name,
      (proxy.asked.get(api) ?? 0) - (before.get(api) ?? 0),
    ]);
    const { addPartitionsToTxn, ...others } = Object.fromEntries(asked);
    // Asked again while the broker still completes the transaction before.
    expect(addPartitionsToTxn).toBeGreaterThanOrEqual(1);
    expect(others).toEqual({
      initProducerId: 0,
      produce: 1,
      endTxn: 1,
      // The broker to itself.
      writeTxnMarkers: 1,
      describeAcls: 0,
    });
  });
});
