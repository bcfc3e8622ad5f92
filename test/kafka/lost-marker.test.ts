// The lost commit marker (KAFKA-20734, Kafka 4.3 and 4.4): the end of a transaction is answered once it is prepared, and a
// broker that dies before it is written to the topics may forget it. Here each marker is kept from being written until
// the broker is killed; what is left then is what the issue describes. Whoever writes next must not give a number again.
import { expect, it } from 'vitest';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { READ_COMMITTED, READ_UNCOMMITTED } from '../../src/store/kafka/kafkajs-internals.ts';
import { endOf } from '../../src/store/kafka/offsets.ts';
import type { StoredRecord } from '../../src/store/store.ts';
import { allOf, commit, fold } from '../contract/store.contract.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';
import { plainConnection } from './plain-connection.ts';
import type { Connection } from '../../src/store/kafka/connection.ts';
import { API, Proxy } from './proxy.ts';
import { alarmsIn } from './alarms.ts';

/** The others are those of processes.test.ts. */
const KILLS = Math.ceil(Number(process.env['SECRETREG_TEST_KILLS'] ?? 10) * 0.4);
const TOPIC = 'lost-marker';

describeKafka('a broker that dies between the answer to a commit and its marker', () => {
  it(
    `is killed ${KILLS} times: nothing acknowledged is lost, no version has two attempts`,
    async () => {
      const proxy = await Proxy.start();
      const properties = { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${proxy.port}` };
      const broker = await Broker.start({ properties });
      proxy.target = broker.port;
      const brokers = [`127.0.0.1:${proxy.port}`];
      const open = async () => {
        const store = new KafkaStore({ brokers, topic: TOPIC, timeoutMs: 20_000 });
        const seen: StoredRecord[] = [];
        await store.open((record) => seen.push(record), { create: true });
        return { store, seen };
      };
      const raw = plainConnection(brokers[0]!, TOPIC);
      const writers = [await open(), await open()];
      const acknowledged: number[] = [];
      let hanging = 0;
      try {
        for (let kill = 1; kill <= KILLS; kill += 1) {
          // Sometimes one writer goes on with its claim, and sometimes the other one takes over.
          const write = nextVersion(writers[kill % 2]!);
          await write();
          const held = proxy.always(API.writeTxnMarkers, 'hold');
          const pending = write();
          await held;
          await broker.kill();
          proxy.forgetFaults();
          await broker.restart();
          hanging += await isHanging(raw);
          const other = nextVersion(writers[(kill + (kill % 3 === 0 ? 1 : 0)) % 2]!)();
          acknowledged.push(await pending, await other);
        }
        const { store, seen } = await open();
        writers.push({ store, seen });
        const versions = versionsOf(seen);
        expect(versions).toEqual(Array.from({ length: versions.length }, (_, i) => i + 1));
        expect(new Set(acknowledged).size).toBe(2 * KILLS);
        for (const version of acknowledged) expect(versions).toContain(version);
        for (const one of writers) {
          const { facts } = await one.store.inspect();
          expect(alarmsIn(facts)).toEqual([]);
          await one.store.catchUp();
          expect(fold(one.seen)).toEqual(fold(seen));
        }
        // An applied change has its line, and there is no other line but of changes that were not applied.
        const lines = (await allOf(store.readAudit())).map(({ line }) => line);
        for (const version of versions) expect(lines).toContain(`commit ${version}`);
        console.log(`${hanging} of ${KILLS} kills left a transaction that nobody could see`);
        expect(hanging).toBeGreaterThan(0);
      } finally {
        for (const { store } of writers) await store.close();
        raw.close();
        await proxy.stop();
        await broker.stop();
      }
    },
    120_000 + KILLS * 90_000,
  );
});

interface Writer {
  store: KafkaStore;
  seen: StoredRecord[];
}

const nextVersion =
  ({ store, seen }: Writer) =>
  async () => {
    let version = 0;
    await store.transact(() => {
      version = (versionsOf(seen).at(-1) ?? 0) + 1;
      return commit(version, { [`["secret",${version}]`]: `${version}` });
    });
    return version;
  };

function versionsOf(seen: readonly StoredRecord[]): number[] {
  return seen.map(({ key }) => Number(/\d+/.exec(key)?.[0])).sort((a, b) => a - b);
}

/** 1 where something stands in the topic that is neither committed nor aborted. */
async function isHanging(connection: Connection): Promise<number> {
  const deadline = { at: performance.now() + 20_000 };
  const [end, stable] = [READ_UNCOMMITTED, READ_COMMITTED].map((isolation) =>
    connection.untilDeadline(deadline, () => endOf(connection, TOPIC, isolation)),
  );
  return (await stable!) < (await end!) ? 1 : 0;
}
