// On a cluster as it should be: what `init` makes of the two topics there, and that one broker may die.
import kafkajs from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import type { Store, StoredRecord } from '../../src/store/store.ts';
import { allOf, commit, fold } from '../contract/store.contract.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';

const TOPIC = 'three';
const DAY_MS = '86400000';
describeKafka('a registry on three brokers', () => {
  let brokers: [Broker, Broker, Broker];
  let admin: kafkajs.Admin;
  const opened: Store[] = [];

  beforeAll(async () => {
    const properties = {
      'transaction.state.log.replication.factor': '3',
      'transaction.state.log.min.isr': '2',
    };
    const one = await Broker.start({ properties });
    const two = await Broker.start({ properties, joins: one });
    brokers = [one, two, await Broker.start({ properties, joins: one })];
    const kafka = new kafkajs.Kafka({
      brokers: [one.address],
      logLevel: kafkajs.logLevel.NOTHING,
    });
    admin = kafka.admin();
    await admin.connect();
    // A port answers before its node takes part.
    while ((await admin.describeCluster()).brokers.length < 3);
  }, 120_000);
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });
  afterAll(async () => {
    await admin.disconnect();
    // One that is stopped waits for the others to take what it leads.
    for (const broker of brokers) await broker.kill();
    for (const broker of brokers) await broker.stop();
  });

  async function open(broker: Broker) {
    const store = new KafkaStore({ brokers: [broker.address], topic: TOPIC, timeoutMs: 20_000 });
    opened.push(store);
    const seen: StoredRecord[] = [];
    await store.open((record) => seen.push(record), { create: true });
    return { store, seen };
  }

  async function settingsOf(name: string): Promise<Record<string, string>> {
    const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }];
    const { resources: told } = await admin.describeConfigs({ includeSynonyms: false, resources });
    const entries = told[0]?.configEntries ?? [];
    return Object.fromEntries(entries.map((one) => [one.configName, one.configValue]));
  }

  async function judged(store: Store, name: string) {
    const { facts } = await store.inspect();
    return facts.filter((fact) => fact.name === name).map(({ state, text }) => [state, text]);
  }

  it('is made in three copies each, of which a write waits for two, with the settings that it rests on', async () => {
    const { store } = await open(brokers[0]);
    await store.transact(() => commit(1, { a: '1' }));
    for (const name of [TOPIC, `${TOPIC}-audit`])
      expect([name, await settingsOf(name)]).toMatchObject([
        name,
        {
          'compression.type': 'uncompressed',
          'max.message.bytes': '8388608',
          'min.insync.replicas': '2',
          'unclean.leader.election.enable': 'false',
        },
      ]);
    expect(await settingsOf(TOPIC)).toMatchObject({
      'cleanup.policy': 'compact',
      'max.compaction.lag.ms': DAY_MS,
      'min.compaction.lag.ms': '60000',
      'min.cleanable.dirty.ratio': '0.1',
      'segment.ms': '3600000',
    });
    expect(await settingsOf(`${TOPIC}-audit`)).toMatchObject({
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'retention.bytes': '-1',
    });
    const are = 'is on 3 brokers, 3 in sync; a write waits for 2';
    expect(await judged(store, 'copies')).toEqual([
      ['ok', `${TOPIC} ${are}`],
      ['ok', `${TOPIC}-audit ${are}`],
    ]);
    expect(await judged(store, 'transactions')).toEqual([
      ['ok', expect.stringContaining(`__transaction_state ${are}`)],
    ]);
  });

  it('goes on while one broker is dead, whichever it leads, and has lost nothing', async () => {
    const [one, two, three] = brokers;
    const { store, seen } = await open(one);
    let n = seen.length;
    for (const dead of [three, two]) {
      await store.transact(() => commit((n += 1), { [`before ${n}`]: 'x' }));
      await dead.kill();
      await store.transact(() => commit((n += 1), { [`meanwhile ${n}`]: 'x' }));
      const behind = ['warn', expect.stringMatching(/2 in sync; .*: a copy is behind$/)];
      expect(await judged(store, 'copies')).toEqual([behind, behind]);
      const other = await open(dead === two ? three : two);
      expect(fold(other.seen)).toEqual(fold(seen));
      await dead.restart();
      while ((await judged(store, 'copies')).some(([state]) => state !== 'ok'));
    }
    const lines = (await allOf(store.readAudit())).map(({ line }) => line);
    expect(lines.slice(-4)).toEqual([3, 2, 1, 0].map((back) => `commit ${n - back}`));
  });

  it('says that brokers are down where too few are left to keep transactions', async () => {
    const [one, two, three] = brokers;
    const few = { brokers: [one.address], topic: TOPIC, timeoutMs: 3000 };
    await two.kill();
    await three.kill();
    const store = new KafkaStore(few);
    opened.push(store);
    await store.open(() => undefined);
    await expect(store.transact(() => commit(1, { a: '1' }))).rejects.toMatchObject({
      code: 'store-unavailable',
      hint: expect.stringMatching(/^start the brokers that are down: /),
    });
  });
});
