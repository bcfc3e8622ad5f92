// The epoch of a transactional id has 15 bits. When they are used up the broker gives a new producer id, and whoever holds
// a claim under the old one is fenced all the same. At release size it is brought there, claim by claim.
import { expect, it } from 'vitest';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import type { StoredRecord } from '../../src/store/store.ts';
import { commit, fold } from '../contract/store.contract.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';
import { plainConnection } from './plain-connection.ts';

const IS_RELEASE = process.env['SECRETREG_TEST_SIZE'] === 'release';
const CLAIMS = IS_RELEASE ? 32_900 : 300;
const TOPIC = 'epochs';

describeKafka('a right to write', () => {
  it(`is claimed ${CLAIMS} times, and every writer before is fenced`, async () => {
    const broker = await Broker.start();
    const brokers = [broker.address];
    const held = new KafkaStore({ brokers, topic: TOPIC });
    const seen: StoredRecord[] = [];
    await held.open((record) => seen.push(record), { create: true });
    await held.transact(() => commit(1, { a: '1' }));
    const connection = plainConnection(broker.address, TOPIC);
    const deadline = { at: performance.now() + 600_000 };
    const request = { transactionalId: `secretreg-${TOPIC}`, transactionTimeout: 15_000 };
    const producers = new Set<string>();
    let runs = 0;
    for (let claim = 0; claim < CLAIMS; claim += 1) {
      const { producerId } = await connection.untilDeadline(deadline, async () =>
        (await connection.coordinator(request.transactionalId)).initProducerId(request),
      );
      producers.add(producerId);
    }
    await held.transact(() => commit((runs += 1) + 1, { b: '2' }));
    // Its own claim was of no use any more, so what it decided first was dropped.
    expect(runs).toBe(2);
    expect(fold(seen)).toEqual({ a: '1', b: '2' });
    expect(producers.size).toBe(IS_RELEASE ? 2 : 1);
    await held.close();
    connection.close();
    await broker.stop();
  }, 600_000);
});
