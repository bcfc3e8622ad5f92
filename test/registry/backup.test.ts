// A copy is proved before anybody relies on it, and whoever took it stands in it.
import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backUp } from '../../src/registry/backup.ts';
import type { Registry } from '../../src/domain/registry.ts';
import type { Core } from '../../src/registry/core.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { registryFolder } from '../store/sqlite-folder.ts';
import { caller, codeOf, environment, init, openAs, write } from './fixture.ts';

let folder: ReturnType<typeof registryFolder>;
let core: Core;
let registry: Registry;

beforeEach(async () => {
  folder = registryFolder();
  const store = () => new SqliteStore({ file: folder.file });
  await init(store());
  ({ core, registry } = await openAs(store()));
  await registry.write([write('orders', 'password', 'hunter2')]);
});
afterEach(async () => {
  await core.close();
  folder.remove();
});

/** Beside the registry. */
function place() {
  const file = join(folder.file, '../copy.db');
  const make = () => {
    writeFileSync(file, '', { mode: 0o600 });
    return file;
  };
  return { make, open: async () => new SqliteStore({ file }) };
}

test('the copy has the line that tells who took it, as its last one', async () => {
  const copy = place();
  const { records, lines, head } = await backUp(core, caller, copy);
  expect({ records, lines, last: head?.seq }).toEqual({ records: 2, lines: 3, last: 3 });
  const { core: copied, registry: own } = await openAs(await copy.open());
  const methods = [];
  for await (const event of own.audit({}, () => undefined)) methods.push(event.data.methodName);
  expect(methods).toEqual(['registry.Init', 'secret.Write', 'registry.Backup', 'audit.Read']);
  await copied.close();
});

test('a registry that is not whole is refused, whatever the copy', async () => {
  const database = new DatabaseSync(folder.file);
  database.exec(`DELETE FROM records WHERE record_key LIKE '["secret"%'`);
  database.close();
  expect(await codeOf(backUp(core, caller, place()))).toBe('record-not-authentic');
});

test('what is no file is not copied, and nothing stands in its trail', async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { core: other } = await openAs(new MemoryStore(log), env);
  const before = log.auditLength;
  await expect(backUp(other, caller, place())).rejects.toThrow(
    /is none: a backup of a registry in a topic/,
  );
  expect(log.auditLength).toBe(before);
});
