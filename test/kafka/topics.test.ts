// Topics that others alter, delete and write to while a registry is open, and brokers that are not there.
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import kafkajs from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { KafkaStore, type KafkaStoreOptions } from '../../src/store/kafka/kafka-store.ts';
import type { OpenOptions, Store, StoredRecord } from '../../src/store/store.ts';
import { allOf, commit, fold } from '../contract/store.contract.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';
import { alarmsIn } from './alarms.ts';

const { Kafka } = kafkajs;

const RIGHT = {
  'cleanup.policy': 'compact',
  'compression.type': 'uncompressed',
  'max.message.bytes': '8388608',
  'min.compaction.lag.ms': '60000',
  'max.compaction.lag.ms': '86400000',
};

describeKafka('a topic that others have their hands on', () => {
  let broker: Broker;
  let admin: kafkajs.Admin;
  let producer: kafkajs.Producer;
  let kafka: kafkajs.Kafka;
  let topic: string;
  let topics = 0;
  const opened: Store[] = [];
  const servers: Server[] = [];

  beforeAll(async () => {
    broker = await Broker.start({ properties: { 'auto.create.topics.enable': 'true' } });
    kafka = new Kafka({ brokers: [broker.address], logCreator: () => () => undefined });
    admin = kafka.admin();
    producer = kafka.producer({ allowAutoTopicCreation: false });
    await admin.connect();
    await producer.connect();
  }, 120_000);
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    for (const server of servers.splice(0)) server.close();
  });
  afterAll(async () => {
    await admin.disconnect();
    await producer.disconnect();
    await broker.stop();
  });

  async function open(options: Partial<KafkaStoreOptions> & OpenOptions = {}) {
    const { create = true, signal, readOnly, ...rest } = options;
    const settings = { brokers: [broker.address], topic, timeoutMs: 3000, ...rest };
    const store = new KafkaStore(settings);
    opened.push(store);
    const seen: StoredRecord[] = [];
    const how = { create, ...(signal && { signal }), ...(readOnly && { readOnly }) };
    await store.open((record) => seen.push(record), how);
    return { store, seen };
  }

  /** A registry of two commits. */
  async function registry(options: Partial<KafkaStoreOptions> = {}) {
    topics += 1;
    topic = `topics-${topics}`;
    const one = await open(options);
    await one.store.transact(() => commit(1, { a: '1' }));
    await one.store.transact(() => commit(2, { b: '2' }));
    return one;
  }

  /** This request replaces all settings. Resolves once it holds. */
  async function alter(name: string, value: string): Promise<void> {
    await alterTopic(topic, { ...RIGHT, [name]: value }, [name, value]);
  }

  async function alterTopic(
    altered: string,
    all: Record<string, string>,
    [name, value]: [string, string],
  ): Promise<void> {
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: altered };
    const configEntries = Object.entries(all).map(([key, text]) => ({ name: key, value: text }));
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ ...resource, configEntries }],
    });
    // The controller answers before its brokers know.
    await until(async () => {
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ ...resource, configNames: [name] }],
      });
      return resources[0]?.configEntries[0]?.configValue === value;
    });
  }

  /** With transactions of its own. */
  async function otherProgram(): Promise<kafkajs.Producer> {
    const transactionalId = `foreign-${topic}`;
    const foreign = kafka.producer({ transactionalId, maxInFlightRequests: 1, idempotent: true });
    await foreign.connect();
    return foreign;
  }

  const unavailable = (reason: RegExp) => ({
    code: 'store-unavailable',
    params: expect.objectContaining({ reason: expect.stringMatching(reason) }),
  });

  it('whose policy becomes delete cannot be used any more, until it is compact again', async () => {
    const { store } = await registry({ checkEveryMs: 0 });
    await alter('cleanup.policy', 'delete');
    const why = unavailable(
      /exactly compact: with delete, secrets older than the retention time are lost/,
    );
    await expect(store.catchUp()).rejects.toMatchObject(why);
    await expect(store.transact(() => commit(3, { c: '3' }))).rejects.toMatchObject(why);
    await expect(open()).rejects.toMatchObject(why);
    await alter('cleanup.policy', 'compact');
    await store.catchUp();
  });

  it.each([
    ['cleanup.policy', 'compact,delete', /exactly compact/, 'compact'],
    ['compression.type', 'producer', /has to be uncompressed/, 'uncompressed'],
    ['max.message.bytes', '1048576', /the largest secrets need 2097152/, '8388608'],
    ['min.compaction.lag.ms', '6000', /has to be longer than 6000/, '60000'],
  ])('whose %s is %s is refused at the start', async (name, value, reason, right) => {
    await registry();
    await alter(name, value);
    await expect(open()).rejects.toMatchObject({
      ...unavailable(reason),
      hint: `kafka-configs --bootstrap-server ${broker.address} --command-config admin.properties --alter --entity-type topics --entity-name ${topic} --add-config ${name}=${right}`,
    });
  });

  it('which cannot be opened is inspected nevertheless, as far as it can be', async () => {
    const { store: before } = await registry();
    const names = (await before.inspect()).facts.map((fact) => fact.name);
    await alter('compression.type', 'producer');
    await expect(open()).rejects.toThrow();
    const { facts } = (await opened.at(-1)?.inspect()) ?? { facts: [] };
    const unread = new Set(['lag', 'claims', 'settled', 'foreign records', 'commit numbers']);
    expect(facts.map((fact) => fact.name)).toEqual(names.filter((name) => !unread.has(name)));
    expect(alarmsIn(facts).map((fact) => fact.name)).toEqual(['compression']);
  });

  it('that takes only small records from now on refuses a larger one, and says what to alter', async () => {
    const { store } = await registry();
    await alter('max.message.bytes', '4000');
    const line = (name: string) =>
      `kafka-configs --bootstrap-server ${broker.address} --command-config admin.properties --alter --entity-type topics --entity-name ${name} --add-config max.message.bytes=8388608`;
    await expect(store.transact(() => commit(3, { c: 'x'.repeat(5000) }))).rejects.toMatchObject({
      code: 'commit-rejected',
      params: { reason: 'the record is larger than max.message.bytes of the topic' },
      hint: `${line(topic)} && ${line(`${topic}-audit`)}`,
    });
    await store.transact(() => commit(3, { c: 'small' }));
  });

  it('refuses what a clock writes that is two hours ahead, and nothing of it is there', async () => {
    const { store, seen } = await registry();
    const clock = vi
      .spyOn(Date, 'now')
      .mockImplementation(() => Math.round(performance.timeOrigin + performance.now()) + 7_200_000);
    try {
      const why = {
        params: { reason: expect.stringMatching(/^this machine's clock is ahead of the broker's/) },
        hint: expect.stringMatching(/^timedatectl /),
      };
      const write = store.transact(() => commit(3, { c: '3' }));
      await expect(write).rejects.toMatchObject({ code: 'commit-rejected', ...why });
      const append = store.appendAudit(() => ['a read']);
      await expect(append).rejects.toMatchObject({ code: 'store-unavailable', ...why });
    } finally {
      clock.mockRestore();
    }
    await store.transact(() => commit(3, { d: '4' }));
    expect(Object.keys(fold(seen))).toEqual(['a', 'b', 'd']);
    const audit = await allOf(store.readAudit());
    expect(audit.map(({ line }) => line)).not.toContain('a read');
  });

  it('whose audit topic is compacted is refused by every command, and the line puts it right', async () => {
    const { store } = await registry();
    const audit = `${topic}-audit`;
    const change = (policy: string) =>
      alterTopic(audit, { 'compression.type': 'uncompressed', 'cleanup.policy': policy }, [
        'cleanup.policy',
        policy,
      ]);
    await change('compact');
    // Before it is looked at again.
    await expect(store.appendAudit(() => ['a read'])).rejects.toMatchObject({
      ...unavailable(/does not take the records \(INVALID_RECORD\), as with compact in/),
      hint: 'secretreg doctor',
    });
    await expect(open()).rejects.toMatchObject({
      ...unavailable(/^cleanup.policy of \S+-audit is compact: .* takes no audit line/),
      hint: `kafka-configs --bootstrap-server ${broker.address} --command-config admin.properties --alter --entity-type topics --entity-name ${audit} --add-config cleanup.policy=delete`,
    });
    const { facts } = (await opened.at(-1)?.inspect()) ?? { facts: [] };
    expect(facts).toContainEqual(expect.objectContaining({ name: 'audit policy', state: 'fail' }));
    await change('delete');
    await (await open()).store.transact(() => commit(3, { c: '3' }));
  });

  it('that an administrator made with the defaults of Kafka is used, and told with the lines that it lacks', async () => {
    topics += 1;
    topic = `topics-${topics}`;
    const configs = (all: Record<string, string>) =>
      Object.entries(all).map(([name, value]) => ({ name, value }));
    const least = { 'cleanup.policy': 'compact', 'compression.type': 'uncompressed' };
    await admin.createTopics({
      topics: [
        {
          topic,
          configEntries: configs({
            ...least,
            'max.message.bytes': '8388608',
            'min.compaction.lag.ms': '60000',
          }),
        },
        { topic: `${topic}-audit`, configEntries: configs({ 'compression.type': 'uncompressed' }) },
      ].map((one) => ({ ...one, numPartitions: 1, replicationFactor: 1 })),
      waitForLeaders: true,
    });
    const { store } = await open();
    await store.transact(() => commit(1, { a: '1' }));
    const { facts } = await store.inspect();
    const line = (name: string, setting: string) =>
      `; hint: kafka-configs --bootstrap-server ${broker.address} --command-config admin.properties --alter --entity-type topics --entity-name ${name} --add-config ${setting}`;
    const found = alarmsIn(facts).map(({ name, state, text }) => [
      name,
      state,
      text.slice(text.indexOf('; hint')),
    ]);
    expect(found).toEqual([
      ['compaction limit', 'warn', line(topic, 'max.compaction.lag.ms=86400000')],
      ['audit retention', 'warn', line(`${topic}-audit`, 'retention.ms=-1')],
    ]);
  });

  it('of several partitions is refused', async () => {
    await registry();
    await admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] });
    await expect(open()).rejects.toMatchObject({ code: 'not-a-registry' });
  });

  it('whose audit topic is gone is told the line that makes it, with the settings of before', async () => {
    await registry();
    const audit = `${topic}-audit`;
    const settings = async () => {
      const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: audit }];
      const described = await admin.describeConfigs({ includeSynonyms: false, resources });
      const entries = described.resources[0]?.configEntries ?? [];
      return entries.map(({ configName, configValue }) => [configName, configValue]);
    };
    const before = await settings();
    await admin.deleteTopics({ topics: [audit] });
    await until(async () => !(await admin.listTopics()).includes(audit));
    // Another broker may know of it a little later, for which it is waited.
    const how = { create: false, openTimeoutMs: 10_000 };
    const refused = await open(how).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'not-a-registry' });
    const { hint = '' } = refused as { hint?: string };
    const [, name = '', partitions, copies, configs = ''] =
      /--create --topic (\S+) --partitions (\d+) --replication-factor (\d+)((?: --config \S+)+) {4}\(/.exec(
        hint,
      ) ?? [];
    expect([name, partitions, copies]).toEqual([audit, '1', '1']);
    const configEntries = [...configs.matchAll(/--config ([^=]+)=(\S+)/g)].map(
      ([, key, value]) => ({
        name: key ?? '',
        value: value ?? '',
      }),
    );
    const made = { topic: name, numPartitions: 1, replicationFactor: 1, configEntries };
    await admin.createTopics({ topics: [made], waitForLeaders: true });
    expect(await settings()).toEqual(before);
    const { store, seen } = await open({ create: false });
    expect(fold(seen)).toEqual({ a: '1', b: '2' });
    await store.transact(() => commit(3, { c: '3' }));
  });

  it('that never held a registry is not told to have lost its audit trail', async () => {
    topics += 1;
    topic = `orders-${topics}`;
    const make = { topic, numPartitions: 1, replicationFactor: 1 };
    await admin.createTopics({ topics: [make], waitForLeaders: true });
    const refused = async () => {
      const how = { create: false, openTimeoutMs: 10_000 };
      return open(how).catch((error: unknown) => error);
    };
    const line = `kafka-topics --bootstrap-server ${broker.address} --command-config admin.properties --create --topic ${topic}-audit `;
    expect(await refused()).toMatchObject({
      code: 'not-a-registry',
      params: {
        reason: `topic ${topic} is there and empty, but there is no audit topic ${topic}-audit`,
      },
      hint: expect.stringMatching(
        new RegExp(
          `^${line}.* {4}\\(where ${topic} was made for a registry; then: secretreg init\\)$`,
        ),
      ),
    });
    const other = {
      code: 'not-a-registry',
      params: { reason: `topic ${topic} holds no records of a registry` },
      hint: `check the name of the topic, '${topic}'`,
    };
    await producer.send({ topic, messages: [{ key: 'k', value: 'an order' }] });
    expect(await refused()).toMatchObject(other);
    // Of what stands behind a batch that cannot be read nothing is known.
    const compression = kafkajs.CompressionTypes.GZIP;
    await producer.send({ topic, messages: [{ key: 'k', value: 'x' }], compression });
    const headers = { 'secretreg-attempt': 'a' };
    await producer.send({ topic, messages: [{ key: 'k', value: 'x', headers }] });
    expect(await refused()).toMatchObject(other);
  }, 60_000);

  it('whose audit topic is deleted under a process is not taken for the topic that is gone', async () => {
    const { store } = await registry({ timeoutMs: 1500, checkEveryMs: 0 });
    await admin.deleteTopics({ topics: [`${topic}-audit`] });
    await expect(store.catchUp()).rejects.toMatchObject({
      ...unavailable(new RegExp(`^topic ${topic}-audit is not there, for 1.5 s$`)),
      hint: expect.stringMatching(
        new RegExp(
          `^kafka-topics .* --create --topic ${topic}-audit --partitions 1 .* {4}\\(the secrets are whole`,
        ),
      ),
    });
  });

  it('that is deleted fails every call, within the deadline', async () => {
    // Which of the two is gone is asked for a third of this time, and a machine with other tests on it may need some of that.
    const { store } = await registry({ timeoutMs: 4500, checkEveryMs: 0 });
    await admin.deleteTopics({ topics: [topic] });
    const gone = {
      ...unavailable(new RegExp(`^topic ${topic} is not there`)),
      hint: `kafka-topics --bootstrap-server ${broker.address} --command-config admin.properties --list    (is its name another one? Where it was deleted: docs/operations.md, "Restore")`,
    };
    await expect(store.catchUp()).rejects.toMatchObject(gone);
    await expect(store.transact(() => commit(3, { c: '3' }))).rejects.toMatchObject(gone);
    await expect(open({ create: false })).rejects.toMatchObject({ code: 'no-registry' });
  });

  it('that is made anew, shorter or longer, is never gone on with', async () => {
    const { store } = await registry();
    const held = await open();
    await admin.deleteTopics({ topics: [topic, `${topic}-audit`] });
    await until(async () => !(await admin.listTopics()).some((name) => name.startsWith(topic)));
    const anew = await open();
    const changed = unavailable(/made anew/);
    await expect(store.catchUp()).rejects.toMatchObject(changed);
    for (let n = 1; n <= 5; n += 1)
      await anew.store.transact(() => commit(n, { [`x${n}`]: 'new' }));
    // What was found out once is not forgotten because there is something to read again.
    await expect(store.catchUp()).rejects.toMatchObject(changed);
    await expect(held.store.transact(() => commit(9, { y: '9' }))).rejects.toMatchObject(changed);
    await anew.store.catchUp();
    expect(Object.keys(fold(anew.seen))).toEqual(['x1', 'x2', 'x3', 'x4', 'x5']);
  });

  it('holds records of other programs, which are told and not in the way', async () => {
    const { store, seen } = await registry();
    const headers = { 'secretreg-attempt': ['a', 'b'], other: 'x' };
    // While a topic is compact a broker takes no record without a key.
    await alter('cleanup.policy', 'delete');
    await producer.send({ topic, messages: [{ key: null, value: 'no key' }] });
    await alter('cleanup.policy', 'compact');
    const messages = [
      { key: 'no JSON', value: 'x' },
      { key: Buffer.from([0xff, 0xfe]), value: 'no text' },
      { key: '["secret"', value: Buffer.alloc(100_000), headers: { h: 'x'.repeat(10_000) } },
      { key: 'two headers', value: null, headers },
    ];
    await producer.send({ topic, messages });
    // The broker takes the compression of a producer away, as the topic says.
    const compression = kafkajs.CompressionTypes.GZIP;
    await producer.send({ topic, messages: [{ key: 'gzip', value: 'x' }], compression });
    await store.transact(() => commit(3, { c: '3' }));
    expect(fold(seen)).toMatchObject({ a: '1', b: '2', c: '3', gzip: 'x', 'no JSON': 'x' });
    const again = await open();
    expect(fold(again.seen)).toEqual(fold(seen));
    const { facts } = await again.store.inspect();
    expect(alarmsIn(facts)).toEqual([
      { name: 'foreign records', state: 'warn', text: '5 records of other programs' },
    ]);
  });

  async function commitNumbers(store: Store) {
    await store.catchUp();
    const { facts } = await store.inspect();
    return facts.find(({ name }) => name === 'commit numbers')?.state;
  }

  it('holds two commits with one number: an alarm, whatever was copied before them', async () => {
    const { store } = await registry();
    await store.transact(() => ({ ...commit(0, { copied: '1' }), n: undefined }));
    expect(await commitNumbers(store)).toBe('ok');
    await store.transact(() => commit(2, { b: 'other' }));
    expect(await commitNumbers(store)).toBe('fail');
  });

  it('holds numbers that another program made up: they raise no alarm, and hide none', async () => {
    const { store } = await registry();
    const forged = ['2', '1', '', '-1', 'x', '0.5', '1e999', String(Number.MAX_SAFE_INTEGER)];
    const messages = forged.map((n) => ({
      key: 'forged',
      value: n,
      headers: { 'secretreg-attempt': `forged ${n}`, 'secretreg-commit': n },
    }));
    await producer.send({ topic, messages });
    const foreign = await otherProgram();
    const transaction = await foreign.transaction();
    await transaction.send({ topic, messages: messages.slice(-1) });
    await transaction.commit();
    await foreign.disconnect();
    await store.transact(() => commit(3, { c: '3' }));
    expect(await commitNumbers(store)).toBe('ok');
    await store.transact(() => commit(3, { c: 'other' }));
    expect(await commitNumbers(store)).toBe('fail');
  });

  it('on which another program has a transaction open is not written to, and read up to there', async () => {
    const { store, seen } = await registry({ timeoutMs: 8000 });
    const foreign = await otherProgram();
    const transaction = await foreign.transaction();
    await transaction.send({ topic, messages: [{ key: 'foreign', value: 'x' }] });
    const other = await open({ timeoutMs: 8000 });
    expect(fold(other.seen)).toEqual(fold(seen));
    const why = {
      ...unavailable(/another application has a transaction open on topic/),
      hint: expect.stringMatching(
        new RegExp(
          `^kafka-transactions --bootstrap-server ${broker.address} --command-config admin.properties describe-producers --topic ${topic} --partition 0 {4}\\(`,
        ),
      ),
    };
    await expect(other.store.transact(() => commit(3, { c: '3' }))).rejects.toMatchObject(why);
    await transaction.abort();
    await other.store.transact(() => commit(3, { c: '3' }));
    await store.catchUp();
    expect(fold(seen)).toEqual({ a: '1', b: '2', c: '3' });
    await foreign.disconnect();
  });

  it('is made once where two processes make it at the same time, and never by whoever only opens', async () => {
    topics += 1;
    topic = `topics-${topics}`;
    await expect(open({ create: false })).rejects.toMatchObject({ code: 'no-registry' });
    // The broker of this file makes a topic for whoever asks in the usual way.
    expect(await admin.listTopics()).not.toContain(topic);
    const both = await Promise.all([open(), open()]);
    await both[0].store.transact(() => commit(1, { a: '1' }));
    await both[1].store.catchUp();
    expect(fold(both[1].seen)).toEqual({ a: '1' });
  });

  it('behind a port on which nobody is, or nobody answers, is given up at the deadline', async () => {
    await registry();
    const silent = createServer(() => {});
    servers.push(silent);
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    for (const address of ['127.0.0.1:1', `127.0.0.1:${port}`]) {
      const options = { brokers: [address], create: false, timeoutMs: 700 };
      await expect(open(options)).rejects.toMatchObject({ code: 'store-unavailable' });
    }
    // The next broker of the list is asked.
    const brokers = ['127.0.0.1:1', `127.0.0.1:${port}`, broker.address];
    await open({ brokers, create: false, timeoutMs: 9000 });
  });

  it('is given up at once where whoever waits for it is interrupted', async () => {
    await registry();
    const silent = createServer(() => {});
    servers.push(silent);
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const stop = new AbortController();
    silent.once('connection', () => stop.abort());
    const options = { brokers: [`127.0.0.1:${port}`], signal: stop.signal, timeoutMs: 3_600_000 };
    await expect(open(options)).rejects.toMatchObject({ code: 'interrupted' });
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500; i += 1) if (await isSo()) return;
  throw new Error('it did not become so');
}
