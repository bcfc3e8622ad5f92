// A process that writes one secret again and again, through a registry: `node kafka-writer.ts ADDRESS TOPIC NAME [COUNT]`.
// Each line on stdout is an answer of the registry: `version N VALUE`, or `read N VALUE` for a line `read N` on stdin, or
// `failed CODE`, or `failed to read N: CODE`. It ends when its input does.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { hasCode } from '../../src/errors.ts';
import { caller, key, name, path, v, write } from '../registry/fixture.ts';
import { openCore } from '../../src/registry/open-registry.ts';
import { registryFor } from '../../src/registry/registry.ts';

const [address = '', topic = '', who = '', count = 'Infinity'] = process.argv.slice(2);

const store = new KafkaStore({ brokers: [address], topic, timeoutMs: 20_000 });
const environment = { clock: () => new Date(), random: (length: number) => randomBytes(length) };
const core = await openCore({ ...environment, store, keys: () => ({ key: key() }) });
const registry = registryFor(core, caller);
const tell = (line: string) => writeSync(1, `${line}\n`);
const stop = new AbortController();
const reads: Promise<void>[] = [];

createInterface({ input: process.stdin })
  .on('line', (line) => reads.push(read(Number(line.split(' ')[1]))))
  .on('close', () => stop.abort());

tell('ready');
for (let i = 0; i < Number(count) && !stop.signal.aborted; i += 1) {
  const value = `${who} ${process.pid} ${i}`;
  try {
    const [info] = await registry.write([write('orders', 'password', value)]);
    tell(`version ${info?.version} ${value}`);
  } catch (error) {
    tell(`failed ${reasonOf(error)}`);
  }
}
if (!stop.signal.aborted)
  await new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()));
await Promise.all(reads);
await core.close();

async function read(version: number): Promise<void> {
  try {
    const { value } = await registry.read(path('orders'), name('password'), v(version));
    tell(`read ${version} ${value.reveal()}`);
  } catch (error) {
    tell(`failed to read ${version}: ${reasonOf(error)}`);
  }
}

/** Where it is the store, its code alone. */
function reasonOf(error: unknown): string {
  const isOfStore = hasCode(error, 'outcome-unknown', 'store-unavailable', 'audit-unavailable');
  return isOfStore ? error.code : String(error);
}
