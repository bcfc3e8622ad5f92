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
async function openTransaction(
  broker: Broker,
  topic: string,
  timestamp = String(Date.now()),
): Promise<{ end(): Promise<void> }> {
  const producer = clientOf(broker).producer({
    transactionalId: `stranger-${topic}`,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ key: 'x', value: 'x', timestamp }] });
  return {
    end: async () => {
      await transaction.abort();
      await producer.disconnect();
    },
  };
}

function clientOf(broker: Broker): kafkajs.Kafka {
  return new kafkajs.Kafka({ brokers: [broker.address], logLevel: kafkajs.logLevel.NOTHING });
}

/** Brokers refuse a time that lies an hour ahead, unless the topic has another limit. */
async function allowAnyTime(broker: Broker, topic: string): Promise<void> {
  const admin = clientOf(broker).admin();
  await admin.connect();
  const configEntries = [{ name: 'message.timestamp.after.max.ms', value: '9223372036854775807' }];
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type, name: topic, configEntries: [...KEPT, ...configEntries] }],
  });
  await admin.disconnect();
}

/** One record twice, by a program whose clock is wrong. */
async function putTwice(broker: Broker, topic: string, timestamp: string): Promise<void> {
  const producer = clientOf(broker).producer();
  await producer.connect();
  const messages = ['1', '2'].map((value) => ({ key: 'x', value, timestamp }));
  await producer.send({ topic, messages });
  await producer.disconnect();
}

/** kafkajs's `alterConfigs` puts every other setting back. */
const KEPT = [
  { name: 'cleanup.policy', value: 'compact' },
  { name: 'max.compaction.lag.ms', value: '86400000' },
];

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
        'what was acknowledged can be lost with one broker; 3 copies, of which a write waits for 2, survive the loss of one';
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
      const init = (await factsOf(store, 'init needs')).map(({ text }) => text);
      expect(init.filter((text) => text.includes('--operation Create'))).toHaveLength(2);
      const auditor = (await factsOf(store, 'an auditor needs')).map(({ text }) => text);
      expect(auditor.some((text) => /--operation Read .*-audit$/.test(text))).toBe(true);
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

    it('how far this process is behind what others have written', async () => {
      const { store, topic } = await open();
      const lag = async () => (await factsOf(store, 'lag')).map(({ text }) => text);
      expect(await lag()).toEqual([`0 offsets of ${topic} decided and not read here yet`]);
      const other = new KafkaStore({ brokers: [broker.address], topic });
      stores.push(other);
      await other.open(() => undefined);
      await other.transact(() => commit(1, { a: 'a1', b: 'b1' }));
      // Two records, and the mark of their end.
      expect(await lag()).toEqual([`3 offsets of ${topic} decided and not read here yet`]);
      await store.catchUp();
      expect(await lag()).toEqual([`0 offsets of ${topic} decided and not read here yet`]);
    });

    it.each(['9000000000000000', '9223372036854775807'])(
      'that a record of the time %s, which is no date, hides until when old ones stand there',
      async (timestamp) => {
        const { store, topic } = await open();
        await allowAnyTime(broker, topic);
        await putTwice(broker, topic, timestamp);
        const text = `1 replaced record stands in ${topic} until the log cleaner has run; the time of a record lies too far ahead to tell until when`;
        expect(await store.removeResidue()).toEqual({ gone: false, text });
        expect(await factsOf(store, 'old ciphertext')).toEqual([
          { name: 'old ciphertext', state: 'warn', text },
        ]);
        const stranger = await openTransaction(broker, topic, timestamp);
        const [fact] = await factsOf(store, 'last stable offset');
        expect(fact).toMatchObject({ state: 'warn' });
        expect(fact?.text).toContain(`1 offset of ${topic} undecided since a time that lies ahead`);
        await stranger.end();
      },
    );

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

  describe('of a topic on two brokers', () => {
    let brokers: Broker[];
    beforeAll(async () => {
      const one = await Broker.start();
      const two = await Broker.start({ joins: one });
      brokers = [one, two];
      const admin = clientOf(one).admin();
      await admin.connect();
      // A port answers before its node takes part.
      while ((await admin.describeCluster()).brokers.length < 2);
      await admin.disconnect();
    }, 120_000);
    afterAll(async () => {
      // One that is stopped waits for the other to take what it leads.
      for (const broker of brokers) await broker.kill();
      for (const broker of brokers) await broker.stop();
    });

    it.each([0, 1])('the same, whichever is asked first: number %s', async (first) => {
      const topic = `two-${first}`;
      const seed = brokers[first]?.address ?? '';
      const store = new KafkaStore({ brokers: [seed], topic });
      try {
        await store.open(() => undefined, { create: true });
        await store.transact(() => commit(1, { a: 'a1' }));
        const { facts } = await store.inspect();
        const told = (name: string) => facts.find((fact) => fact.name === name)?.text;
        // Made with one copy, whatever the settings have become since.
        expect(told('transactions')).toMatch(
          /^__transaction_state is on 1 broker, 1 in sync; a write waits for 1:/,
        );
        expect(told('copies')).toContain(
          `${topic} is on 2 brokers, 2 in sync; a write waits for 1: what`,
        );
        expect(told('who may read')).toMatch(/no authorizer/);
        expect(facts.filter(({ text }) => text.startsWith('cannot be found out'))).toEqual([]);
      } finally {
        await store.close();
      }
    });
  });

  // As Kafka 4 does it, both in the topics and in __transaction_state.
  it('that more copies in sync than there are copies are asked for, which stops no change', async () => {
    const broker = await Broker.start({
      properties: { 'transaction.state.log.min.isr': '3', 'min.insync.replicas': '2' },
    });
    const store = new KafkaStore({ brokers: [broker.address], topic: 'three' });
    const told = async (name: string) =>
      (await store.inspect()).facts.filter((fact) => fact.name === name);
    const why = (least: number) =>
      `min.insync.replicas is ${least}, more than there are copies: Kafka 4 takes it for 1, older brokers may refuse each write; what was acknowledged can be lost with one broker; 3 copies, of which a write waits for 2, survive the loss of one`;
    const are = 'is on 1 broker, 1 in sync; a write waits for 1';
    try {
      await store.open(() => undefined, { create: true });
      const settings =
        'transaction.state.log.replication.factor is 1, transaction.state.log.min.isr 3';
      expect(await told('transactions')).toEqual([
        {
          name: 'transactions',
          state: 'warn',
          text: `__transaction_state is not there yet; ${settings}: ${why(3)}; transaction.max.timeout.ms is 900000`,
        },
      ]);
      await store.transact(() => commit(1, { a: 'a1' }));
      await store.appendAudit(() => ['a read']);
      expect(await told('copies')).toEqual(
        ['three', 'three-audit'].map((topic) => {
          return { name: 'copies', state: 'warn', text: `${topic} ${are}: ${why(2)}` };
        }),
      );
      expect(await told('transactions')).toEqual([
        {
          name: 'transactions',
          state: 'warn',
          text: `__transaction_state ${are}: ${why(3)}; transaction.max.timeout.ms is 900000`,
        },
      ]);
    } finally {
      await store.close();
      await broker.stop();
    }
  });

  it('that a cluster of one broker which wants three copies for its transactions takes no change', async () => {
    const broker = await Broker.start({
      properties: { 'transaction.state.log.replication.factor': '3' },
    });
    const store = new KafkaStore({ brokers: [broker.address], topic: 'three', timeoutMs: 3000 });
    try {
      await store.open(() => undefined, { create: true });
      const { facts } = await store.inspect();
      const fact = facts.find(({ name }) => name === 'transactions');
      expect(fact).toEqual({
        name: 'transactions',
        state: 'fail',
        text: '__transaction_state is not there yet; transaction.state.log.replication.factor is 3, transaction.state.log.min.isr 1: with 1 broker no transaction can begin, and nothing can be written; transaction.max.timeout.ms is 900000',
      });
      await expect(store.transact(() => commit(1, { a: 'a1' }))).rejects.toMatchObject({
        code: 'store-unavailable',
      });
    } finally {
      await store.close();
      await broker.stop();
    }
  });
});
