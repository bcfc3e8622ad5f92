// From the settings of the original, `kafkastore.*`, and an address `kafka://host:9092,other:9092/topic` to what the
// store needs.
import { SecretregError } from '../../errors.ts';
import type { KafkaStoreOptions } from './kafka-store.ts';

const DEFAULT_PORT = 9092;
/** Ours: a file of a Confluent worker must never make us write into a live registry of theirs. */
const DEFAULT_TOPIC = '_secretreg';

/** Fails with settings-invalid. */
export function kafkaStoreOptions(address: string): KafkaStoreOptions {
  const invalid = (reason: string) =>
    new SecretregError('settings-invalid', { place: `registry '${address}'`, reason });
  const match = /^kafka:\/\/([^/?#]*)(?:\/([^/?#]*))?$/i.exec(address);
  if (match === null) throw invalid('it should be kafka://host:9092,other:9092/topic');
  const [, hosts = '', topic = ''] = match;
  const brokers = hosts.split(',').map((host) => {
    if (!/^([^\s:@[\]]+|\[[0-9a-f:]+\])(:\d{1,5})?$/i.test(host))
      throw invalid(`'${host}' is not a host with a port, such as broker:9092`);
    return /:\d+$/.test(host) ? host : `${host}:${DEFAULT_PORT}`;
  });
  // Kafka's own rule; two more names are those of a path.
  if (topic !== '' && (!/^[a-zA-Z0-9._-]{1,249}$/.test(topic) || /^\.\.?$/.test(topic)))
    throw invalid(
      `'${topic}' cannot be a topic: letters, digits, '.', '_' and '-', at most 249 of them`,
    );
  return { brokers, topic: topic === '' ? DEFAULT_TOPIC : topic };
}
