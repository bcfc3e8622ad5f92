// A registry in a topic, with as many made-up secrets: `node made-up-topic.ts ADDRESS TOPIC SECRETS`.
import { MasterKey } from '../src/crypto/master-key.ts';
import { SecretValue } from '../src/domain/secret-value.ts';
import { initRegistry } from '../src/registry/init.ts';
import { openCore } from '../src/registry/open-registry.ts';
import { registryFor } from '../src/registry/registry.ts';
import { KafkaStore } from '../src/store/kafka/kafka-store.ts';
import { caller, environment, placeOf } from './made-up-registry.ts';

export const topicKey = {
  kind: 'bytes',
  key: MasterKey.fromBytes(new Uint8Array(32).fill(7)),
} as const;

export function openTopic(address: string, topic: string) {
  const store = new KafkaStore({ brokers: [address], topic });
  return openCore({ ...environment, store, keys: () => ({ key: topicKey }) });
}

const IN_A_COMMIT = 1000;

if (import.meta.main) {
  const [address = '', topic = '', secrets = '0'] = process.argv.slice(2);
  const empty = new KafkaStore({ brokers: [address], topic });
  await initRegistry({ ...environment, store: empty, key: topicKey, caller });
  await empty.close();
  const core = await openTopic(address, topic);
  const registry = registryFor(core, caller);
  for (let first = 0; first < Number(secrets); first += IN_A_COMMIT) {
    const numbers = Array.from({ length: IN_A_COMMIT }, (_, i) => first + i);
    await registry.write(
      numbers.map((number) => ({ ...placeOf(number), value: SecretValue.of(`made-up ${number}`) })),
    );
  }
  await core.close();
}
