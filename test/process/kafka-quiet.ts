// A process that has a registry open while its broker goes away and comes back: `node kafka-quiet.ts ADDRESS`.
import { once } from 'node:events';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';

const [address = ''] = process.argv.slice(2);
const store = new KafkaStore({ brokers: [address], topic: 'quiet', timeoutMs: 20_000 });
await store.open(() => {}, { create: true });
process.stdout.write('open\n');
await once(process.stdin, 'data');
process.stdin.destroy();
await store.transact(() => ({
  attemptId: 'after',
  n: 1,
  records: [{ key: 'a', value: Buffer.from('1') }],
  audit: ['line'],
}));
await store.close();
