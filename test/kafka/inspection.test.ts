// What `doctor` is told of a topic and its cluster, on brokers that are as they should not be.
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import type { StoreFact } from '../../src/store/store.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';

const commit = (n: number, values: Record<string, string | null>) => ({
  attemptId: `attempt-${n}`,
  n,
  records: Object.entries(values).map(([key, value]) => {
    return { key, value: value === null ? null : Buffer.from(value) };
  }),
  audit: [`line ${n}`],
});

/** A transaction of a program that is none of ours, with one record in it. */
async function openTransaction(broker: Broker, topic: string): Promise<{ end(): Promise<void> }> {
  const client = new kafkajs.Kafka({
    brokers: [broker.address],
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const producer = client.producer({
    transactionalId: `stranger-${topic}`,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ key: 'x', value: 'x' }] });
  return {
    end: async () => {
      await transaction.abort();
      await producer.disconnect();
    },
  };
}

describeKafka('what an operator is told', () => {
  describe('of a topic on one broker', () => {
    let broker: Broker;
    let topics = 0;
    const stores: KafkaStore[] = [];

    beforeAll(async () => {
      broker = await Broker.start();
    }, 120_000);
    afterAll(async () => {
      for (const store of stores) await store.close();
      await broker.stop();
    });

    const open = async () => {
      topics += 1;
      const topic = `inspected-${topics}`;
      const store = new KafkaStore({ brokers: [broker.address], topic });
      stores.push(store);
      await store.open(() => undefined, { create: true });
      return { store, topic };
    };
    const factsOf = async (store: KafkaStore, name: string): Promise<StoreFact[]> =>
      (await store.inspect()).facts.filter((fact) => fact.name === name);

    it('that a broker which is lost takes the secrets with it, and that everybody may read', async () => {
      const { store, topic } = await open();
      const why =
        'with fewer than 3, of which a write waits for 2, secrets can be lost with a broker';
      expect((await factsOf(store, 'copies'))[0]).toEqual({
        name: 'copies',
        state: 'warn',
        text: `${topic} is on 1 broker, 1 in sync; a write waits for 1: ${why}`,
      });
      expect(await factsOf(store, 'who may read')).toMatchObject([{ state: 'warn' }]);
      expect(await factsOf(store, 'transactions')).toMatchObject([{ state: 'warn' }]);
    });

    it('the ACLs that let somebody read, and write', async () => {
      const { store, topic } = await open();
      const line = `kafka-acls --bootstrap-server ${broker.address} --command-config admin.properties --add --allow-principal User:NAME`;
      const writer = (await factsOf(store, 'a writer needs')).map(({ text }) => text);
      expect(writer).toContain(`${line} --operation Write --transactional-id secretreg-${topic}`);
      expect(writer.filter((text) => text.endsWith(`--topic ${topic}`))).toHaveLength(1);
      const reader = (await factsOf(store, 'a reader needs')).map(({ text }) => text);
      expect(reader.some((text) => text.includes('transactional-id'))).toBe(false);
      expect(reader.length).toBeGreaterThan(0);
    });

    it('how many replaced records stand there, and until when', async () => {
      const { store, topic } = await open();
      expect(await store.removeResidue()).toEqual({ gone: true, text: '' });
      await store.transact(() => commit(1, { a: 'a1', b: 'b1' }));
      const before = Date.now();
      await store.transact(() => commit(2, { a: 'a2', b: null }));
      const { gone, text } = await store.removeResidue();
      expect(gone).toBe(false);
      const [, until = ''] =
        /^2 replaced records stand in (?:\S+) until the log cleaner has run, which it does by (\S+) where/.exec(
          text,
        ) ?? [];
      // A day of max.compaction.lag.ms and a minute for the cleaner.
      expect(Date.parse(until) - before).toBeGreaterThanOrEqual(86_460_000 - 1000);
      const [fact] = await factsOf(store, 'old ciphertext');
      expect(fact).toMatchObject({ state: 'ok', text: expect.stringContaining(topic) });
    });

    it('that a transaction of another program holds up what is behind it', async () => {
      const { store, topic } = await open();
      await store.transact(() => commit(1, { a: 'a1' }));
      const stranger = await openTransaction(broker, topic);
      const [fact] = await factsOf(store, 'last stable offset');
      expect(fact?.text).toMatch(new RegExp(`^1 offset of ${topic} undecided for \\d+ s$`));
      await stranger.end();
      expect((await factsOf(store, 'last stable offset'))[0]?.text).toMatch(
        new RegExp(`^${topic} is decided up to its end, \\d+$`),
      );
    });
  });

  it('that a cluster of one broker which wants three for its transactions takes no change', async () => {
    const broker = await Broker.start({
      properties: { 'transaction.state.log.min.isr': '3' },
    });
    const store = new KafkaStore({ brokers: [broker.address], topic: 'three' });
    try {
      await store.open(() => undefined, { create: true });
      const { facts } = await store.inspect();
      const fact = facts.find(({ name }) => name === 'transactions');
      expect(fact).toEqual({
        name: 'transactions',
        state: 'fail',
        text: 'transaction.state.log.replication.factor is 1, transaction.state.log.min.isr 3, transaction.max.timeout.ms 900000: with 1 broker no transaction can begin, and nothing can be written',
      });
    } finally {
      await store.close();
      await broker.stop();
    }
  });
});
