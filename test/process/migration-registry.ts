// What the tests of killed moves share: a small registry, and what stands in a place, to the byte.
import type { MigrationOptions } from '../../src/registry/migration.ts';
import { registryFor } from '../../src/registry/registry.ts';
import { caller, init, name, path, write } from '../registry/fixture.ts';
import { OLD, openFile, real, storeAt } from './rotation-registry.ts';

const PATHS = 12;
const KEYS = 13;

export function moveOptions(from: string, to: string): MigrationOptions {
  return {
    source: () => storeAt(from),
    target: () => storeAt(to),
    given: { key: OLD },
    caller,
    ...real,
  };
}

/** Records for two batches of a copy, hidden and destroyed versions among them, and audit lines for two as well. */
export async function makeSmallRegistry(place: string): Promise<void> {
  await init(await storeAt(place), real, OLD);
  const { core, close } = await openFile(place, { key: OLD });
  const registry = registryFor(core, caller);
  const paths = Array.from({ length: PATHS }, (_, i) => `connector-${i}`);
  const keys = Array.from({ length: KEYS }, (_, i) => `key-${i}`);
  const writes = paths.flatMap((one) => keys.map((key) => write(one, key, `${key} of ${one}`)));
  await registry.write(writes);
  await registry.delete({ path: path('connector-7'), key: name('key-1') });
  await registry.delete({ path: path('connector-8') }, { permanent: true });
  const there = paths.filter((one) => one !== 'connector-8');
  await Promise.all([1, 2, 3].flatMap(() => there.map((one) => registry.readPath(path(one)))));
  await close();
}

/** Every record that counts, but those that are said of a store. */
export async function recordsAt(place: string): Promise<Record<string, string>> {
  const store = await storeAt(place);
  const records = new Map<string, string>();
  await store.open(({ key, value }) => {
    if (value === null) records.delete(key);
    else records.set(key, Buffer.from(value).toString());
  });
  await store.close();
  records.delete('["registry"]');
  records.delete('["commit"]');
  return Object.fromEntries(records);
}

export async function linesAt(place: string): Promise<string[]> {
  const store = await storeAt(place);
  await store.open(() => undefined);
  const lines: string[] = [];
  for await (const { line } of store.readAudit()) lines.push(line);
  await store.close();
  return lines;
}
