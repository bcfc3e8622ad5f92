// On a real broker: each place is a topic of its own.
import { afterAll, beforeAll } from 'vitest';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { registryContract } from '../contract/registry.contract.ts';
import { storeContract } from '../contract/store.contract.ts';
import { Broker } from '../kafka/broker.ts';
import { describeKafka } from '../kafka/install.ts';
import { environment, init, openAs } from '../registry/fixture.ts';

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

  storeContract('Kafka', async () => ({ newStore: inNewTopic(), cleanup: async () => {} }), {
    givesReplaced: true,
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
});
