// The trail of two nodes on one topic, proven with the audit key alone, and followed while they write.
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAuditKey } from '../../src/crypto/audit-key-text.ts';
import { exportAuditKey, verifyWithAuditKey } from '../../src/registry/audit-key.ts';
import { auditedEvents, verifyAudit } from '../../src/registry/audit-read.ts';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { caller, init, name, openAs, path, write } from '../registry/fixture.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';
import { environment } from './writers.ts';

describeKafka('an auditor of a topic', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(() => broker.stop());

  async function nodes(topic: string) {
    const newStore = () => new KafkaStore({ brokers: [broker.address], topic });
    await init(newStore(), environment());
    const [one, two] = [
      await openAs(newStore(), environment()),
      await openAs(newStore(), environment()),
    ];
    const work = async () => {
      for (const { registry } of [one, two]) {
        await registry.write([write('orders', 'password', 'x')]);
        await registry.read(path('orders'), name('password'), 'latest');
      }
    };
    const close = async () => {
      await one.core.close();
      await two.core.close();
    };
    return { newStore, one, two, work, close };
  }

  it('proves what all nodes wrote, and finds a kept head again behind what came later', async () => {
    const { newStore, one, work, close } = await nodes('auditor');
    await work();
    const parsed = parseAuditKey(await exportAuditKey(one.core, caller));
    if (!parsed.ok) throw new Error(parsed.problem);
    const { head, lines } = await verifyAudit(one.core);
    expect(lines).toBe(6);
    await work();
    const store = newStore();
    const proof = await verifyWithAuditKey(store, { ...parsed.value, file: 'audit.key' }, head);
    expect(proof).toMatchObject({ fault: undefined, lines: 10 });
    if (head === undefined) throw new Error('no head');
    const other = { ...head, lines: head.lines + 1 };
    await store.close();
    expect((await verifyAudit(one.core, other)).fault?.reason).toBe(
      'has 1 line less before it than when it was kept',
    );
    await close();
  });

  it('misses a kept head that no retention has removed', async () => {
    const { one, work, close } = await nodes('emptied');
    await work();
    const { head } = await verifyAudit(one.core);
    const admin = new kafkajs.Kafka({
      brokers: [broker.address],
      logCreator: () => () => undefined,
    }).admin();
    await admin.connect();
    const topic = 'emptied-audit';
    // kafkajs knows where a topic is once it was asked for its offsets.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '-1' }] });
    await work();
    expect((await verifyAudit(one.core, head)).fault?.reason).toMatch(
      /is not there, and the settings of the topic remove none of its age$/,
    );
    const keep = async (configName: string, configValue: string) => {
      const configEntries = [{ name: configName, value: configValue }];
      const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries };
      await admin.alterConfigs({ validateOnly: false, resources: [resource] });
    };
    for (const [setting, value, isFault] of [
      ['retention.ms', '86400000', true],
      ['retention.ms', '1000', false],
      ['retention.bytes', '100000000', false],
    ] as const) {
      await keep(setting, value);
      const { fault, notes } = await verifyAudit(one.core, head);
      expect([setting, value, fault !== undefined]).toEqual([setting, value, isFault]);
      expect(notes.some((note) => note.includes('says nothing'))).toBe(!isFault);
    }
    await admin.disconnect();
    await close();
  });

  it('sees each request of each node once, as it comes', async () => {
    const { one, two, work, close } = await nodes('followed');
    const rounds = [work, () => two.registry.metadata(path('orders'), name('password'))];
    const next = async () => {
      const round = rounds.shift();
      if (round === undefined) throw new Error('the end of this test');
      await round();
      return true;
    };
    const methods: string[] = [];
    const seen = new Set<string>();
    const follow = async () => {
      for await (const { id, data } of auditedEvents(
        one.core,
        caller,
        {},
        { tell: () => undefined, next },
      )) {
        methods.push(data.methodName);
        seen.add(id);
      }
    };
    await expect(follow()).rejects.toThrow('the end of this test');
    expect(methods).toEqual([
      'registry.Init',
      'audit.Read',
      ...['secret.Write', 'secret.Read', 'secret.Write', 'secret.Read'],
      'secret.GetMetadata',
    ]);
    expect(seen.size).toBe(methods.length);
    await close();
  });
});
