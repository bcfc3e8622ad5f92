// Reading the trail from a time on: what is older is not read at all, and what is read is judged as if it had been.
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { registryFor } from '../../src/registry/registry.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { wrapped } from '../contract/wrapped-store.ts';
import { registryFolder } from '../store/sqlite-folder.ts';
import { caller, collect, type Env, environment, init, openAs, write } from './fixture.ts';

let folder: ReturnType<typeof registryFolder>;
let env: Env;
let now: Date;

beforeEach(async () => {
  folder = registryFolder();
  now = new Date('2026-01-01T00:00:00.000Z');
  env = { ...environment(), clock: () => now };
  await init(new SqliteStore({ file: folder.file }), env);
});
afterEach(() => folder.remove());

/** `init` and four writes, an hour apart, and from where the trail was read since. */
async function filled() {
  const from: (number | undefined)[] = [];
  const store = new SqliteStore({ file: folder.file });
  const readAudit = (position?: number) => {
    from.push(position);
    return store.readAudit(position);
  };
  const { core, registry } = await openAs({ ...wrapped(store), readAudit }, env);
  for (let i = 0; i < 4; i += 1) {
    now = new Date(now.getTime() + 3_600_000);
    await registry.write([write('orders', `key-${i}`, 'x')]);
  }
  from.length = 0;
  return { core, from };
}

const subjects = (events: readonly { subject: string }[]) =>
  events.flatMap(({ subject }) => /key=(.*)\/version/.exec(subject)?.[1] ?? []);

test('begins to read there', async () => {
  const { core, from } = await filled();
  const since = '2026-01-01T03:00:00.000Z';
  const read = await collect(registryFor(core, caller).audit({ since }));
  expect(subjects(read)).toEqual(['key-2', 'key-3']);
  expect(from).toEqual([4]);
  await core.close();
});

test('reads nothing of before where all is older, and follows what comes', async () => {
  const { core, from } = await filled();
  const registry = registryFor(core, caller);
  now = new Date('2026-01-02T00:00:00.000Z');
  const ended = new AbortController();
  const events = registry.audit({ since: now.toISOString() }, () => undefined, {
    until: ended.signal,
  });
  const seen: { subject: string; methodName: string }[] = [];
  for await (const { subject, data } of events) {
    seen.push({ subject, methodName: data.methodName });
    if (seen.length === 1) await registry.write([write('orders', 'key-4', 'x')]);
    if (subjects(seen).length === 1) ended.abort();
  }
  // The request itself, which is in the trail before it is read, and what came later.
  expect(seen.map(({ methodName }) => methodName)).toEqual(['audit.Read', 'secret.Write']);
  expect(from.every((position) => (position ?? 0) > 5)).toBe(true);
  await core.close();
});

test('tells the number of a line that was changed, among all that are there', async () => {
  const { core } = await filled();
  const database = new DatabaseSync(folder.file);
  database.exec(`UPDATE audit SET line = replace(line, 'key-3', 'key-9') WHERE position = 5`);
  database.close();
  const events = registryFor(core, caller).audit({ since: '2026-01-01T03:00:00.000Z' });
  await expect(collect(events)).rejects.toMatchObject({
    code: 'audit-broken',
    params: { line: 5 },
  });
  await core.close();
});
