import { Connection } from '../../src/store/kafka/connection.ts';

/** A connection of nobody's store, for what a test or a floor asks the broker itself. */
export function plainConnection(address: string, topic: string): Connection {
  const brokers = [address];
  return new Connection(
    'plain',
    { brokers, connectMs: 5000, retry: { retries: 1 } },
    {
      brokers,
      topics: { records: topic, audit: `${topic}-audit` },
      security: { protocol: 'PLAINTEXT' },
    },
  );
}
