// On a real broker: each place is a topic of its own.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/registry/audit-read.ts';
import { migrate } from '../../src/registry/migration.ts';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { random } from '../../src/crypto/primitives.ts';
import { accessContract } from '../contract/access.contract.ts';
import { registryContract } from '../contract/registry.contract.ts';
import { storeContract } from '../contract/store.contract.ts';
import { Broker } from '../kafka/broker.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { localAccess } from '../registry/local-access.ts';
import {
  caller,
  codeOf,
  collect,
  environment,
  init,
  key,
  name,
  openAs,
  path,
  write,
} from '../registry/fixture.ts';
import { registryFolder } from './sqlite-folder.ts';

describeKafka('a registry in a topic', () => {
  let broker: Broker;
  let topics = 0;
  const inNewTopic = () => {
    topics += 1;
    const topic = `contract-${topics}`;
    return () => new KafkaStore({ brokers: [broker.address], topic });
  };

  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(() => broker.stop());

  storeContract('Kafka', async () => ({ newStore: inNewTopic(), cleanup: async () => {} }));

  it('finds a time by those of its records, and behind all of them where they are older', async () => {
    const store = inNewTopic()();
    await store.open(() => undefined, { create: true });
    const line = (n: number) => JSON.stringify({ time: new Date().toISOString(), n });
    await store.appendAudit(() => [line(1), line(2)]);
    const since = async (milliseconds: number) => {
      const from = await store.auditPositionAt(new Date(Date.now() + milliseconds).toISOString());
      return { from, lines: (await collect(store.readAudit(from))).length };
    };
    expect(await since(0)).toEqual({ from: 1, lines: 2 });
    const later = await since(7_200_000);
    expect(later.lines).toBe(0);
    await store.appendAudit(() => [line(3)]);
    expect(await collect(store.readAudit(later.from))).toHaveLength(1);
    await store.close();
  });

  describe('a registry that moves from a file to a topic and back', () => {
    let folder: ReturnType<typeof registryFolder>;
    beforeEach(() => (folder = registryFolder()));
    afterEach(() => folder.remove());

    it('does not move into a topic where somebody else has written, and taken it away again', async () => {
      const env = environment();
      const fromFile = () => new SqliteStore({ file: folder.file });
      const inTopic = inNewTopic();
      await init(fromFile(), env);
      const stranger = inTopic();
      await stranger.open(() => {}, { create: true });
      const forged = Buffer.from('{"n":9007199254740991}');
      for (const value of [forged, null])
        await stranger.transact(() => ({
          attemptId: `attack ${value?.length}`,
          n: undefined,
          records: [{ key: '["key","nobody","key"]', value }],
          audit: [],
        }));
      await stranger.close();
      const moved = migrate({
        source: async () => fromFile(),
        target: async () => inTopic(),
        given: { key: key() },
        caller,
        ...env,
      });
      expect(await codeOf(moved)).toBe('not-a-registry');
      const { core, registry } = await openAs(fromFile(), env);
      await registry.write([write('orders', 'password', 'still here')]);
      await core.close();
    });

    it.each([
      ['into the file where it was', ''],
      ['into a new file', '.new'],
    ])('%s', async (_, end) => {
      const env = environment();
      const fromFile = () => new SqliteStore({ file: folder.file });
      const toFile = () => new SqliteStore({ file: folder.file + end });
      const inTopic = inNewTopic();
      await init(fromFile(), env);
      const first = await openAs(fromFile(), env);
      for (const value of ['one', 'two', 'three'])
        await first.registry.write([write('orders', 'password', value)]);
      await first.core.close();
      const move = (source: () => Store, target: () => Store) =>
        migrate({
          source: async () => source(),
          target: async () => target(),
          given: { key: key() },
          caller,
          ...env,
        });
      expect(await move(fromFile, inTopic)).toMatchObject({ records: 4 });
      const second = await openAs(inTopic(), env);
      await second.registry.write([write('orders', 'password', 'four')]);
      expect(await verifyAudit(second.core)).toMatchObject({ fault: undefined, notes: [] });
      await second.core.close();
      expect(await move(inTopic, toFile)).toMatchObject({ records: 5 });
      const third = await openAs(toFile(), env);
      const versions = await third.registry.readKey(path('orders'), name('password'));
      expect(versions.map(({ value }) => value.reveal())).toEqual(['one', 'two', 'three', 'four']);
      await third.registry.write([write('orders', 'password', 'five')]);
      expect(third.core.state.alarms).toEqual([]);
      expect((await verifyAudit(third.core)).fault).toBeUndefined();
      expect(await codeOf(openAs(inTopic(), env))).toBe('registry-moved');
      await third.core.close();
      const topic = inTopic().place.replace(/.*\//, '');
      const line = (name: string) => `kafka-topics .+ --delete --topic ${name}`;
      await expect(move(toFile, inTopic)).rejects.toMatchObject({
        code: 'not-a-registry',
        hint: expect.stringMatching(`^${line(topic)} && ${line(`${topic}-audit`)} {4}`),
      });
    });
  });

  registryContract('Kafka', async () => {
    const newStore = inNewTopic();
    const env = environment();
    const stores: KafkaStore[] = [];
    const open = async () => {
      const store = newStore();
      stores.push(store);
      return (await openAs(store, env)).registry;
    };
    await init(newStore(), env);
    return {
      registry: await open(),
      other: open,
      cleanup: async () => {
        for (const store of stores) await store.close();
      },
    };
  });

  accessContract('Kafka', async () => {
    const newStore = inNewTopic();
    const env = { ...environment(), random };
    await init(newStore(), env);
    const { core } = await openAs(newStore(), env);
    return localAccess(core, () => core.close());
  });
});
