// What two processes on one topic count, for who watches them.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { commit } from '../contract/store.contract.ts';
import { Broker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';

describeKafka('two stores on one topic', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(() => broker.stop());

  it('count the rights to write that each took, and those that the other took from it', async () => {
    const options = { brokers: [broker.address], topic: 'counted' };
    const [one, other] = [new KafkaStore(options), new KafkaStore(options)];
    await one.open(() => undefined, { create: true });
    expect(one.counters()).toEqual({ claims: 0, fences: 0, behind: 0 });
    await one.transact(() => commit(1, { a: '1' }));
    expect(one.counters()).toEqual({ claims: 1, fences: 0, behind: 0 });
    await other.open(() => undefined);
    await other.transact(() => commit(2, { a: '2' }));
    expect(other.counters()).toEqual({ claims: 1, fences: 0, behind: 0 });
    await one.transact(() => commit(3, { a: '3' }));
    expect(one.counters()).toEqual({ claims: 2, fences: 1, behind: 0 });
    await Promise.all([one.close(), other.close()]);
  });
});
