// Prints the median milliseconds of a read, a write and a list of one path, each of them audited and durable, in an open registry.
import { readFileSync } from 'node:fs';
import { parseMasterKey } from '../../src/crypto/master-key.ts';
import { SecretValue } from '../../src/domain/secret-value.ts';
import { openCore } from '../../src/registry/open-registry.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { caller, environment, placeOf, valueOf } from '../made-up-registry.ts';
import { median } from '../measure.ts';

export type SizeTimes = { read: number; write: number; list: number };

const [file = '', keyFile = '', secrets = ''] = process.argv.slice(2);
const OPERATIONS = 300;
const WARM_UP = 100;

const store = new SqliteStore({ file });
const key = valueOf(parseMasterKey(readFileSync(keyFile, 'utf8')));
const core = await openCore({ ...environment, store, keys: () => ({ key }) });
const registry = registryFor(core, caller);
const samples: { read: number[]; write: number[]; list: number[] } = {
  read: [],
  write: [],
  list: [],
};

for (let i = 0; i < WARM_UP + OPERATIONS; i += 1) {
  // Spread over the whole registry, each key once at most.
  const place = placeOf(Math.floor((i * Number(secrets)) / (WARM_UP + OPERATIONS)));
  const value = SecretValue.of(`value ${i}`);
  const times = {
    read: await timed(() => registry.read(place.path, place.key, 'latest')),
    write: await timed(() => registry.write([{ ...place, value }])),
    list: await timed(() => registry.listKeys(place.path)),
  };
  if (i < WARM_UP) continue;
  for (const name of ['read', 'write', 'list'] as const) samples[name].push(times[name]);
}
await core.close();
const { read, write, list } = samples;
const answer: SizeTimes = { read: median(read), write: median(write), list: median(list) };
console.log(JSON.stringify(answer));

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
