// Whoever cuts the trail in a file is noticed, however much is written after that.
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyAudit } from '../../src/registry/audit-read.ts';
import { migrate } from '../../src/registry/migration.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { registryFolder } from '../store/sqlite-folder.ts';
import { caller, codeOf, environment, init, key, name, openAs, path, write } from './fixture.ts';

let folder: ReturnType<typeof registryFolder>;

beforeEach(() => {
  folder = registryFolder();
});
afterEach(() => folder.remove());

test.each([
  ['all lines', 'DELETE FROM audit'],
  ['the newest lines', 'DELETE FROM audit WHERE position >= 3'],
  [
    'the newest lines, their numbers too',
    "DELETE FROM audit WHERE position >= 3; UPDATE sqlite_sequence SET seq = 2 WHERE name = 'audit'",
  ],
  [
    'the line of the newest commit, changed',
    "UPDATE audit SET line = replace(line, 'alice', 'mallo') WHERE position = 5",
  ],
  [
    'the newest line, in place of one with the last number there is',
    'UPDATE audit SET line = replace(line, \'"seq":5\', \'"seq":9007199254740991\') WHERE position = 5',
  ],
])('cut: %s; ten later commits and reads do not mend it', async (_, attack) => {
  const env = environment();
  await init(new SqliteStore({ file: folder.file }), env);
  const first = await openAs(new SqliteStore({ file: folder.file }), env);
  for (let i = 0; i < 4; i += 1) await first.registry.write([write('orders', `key-${i}`, 'x')]);
  expect((await verifyAudit(first.core)).fault).toBeUndefined();
  await first.core.close();
  const database = new DatabaseSync(folder.file);
  database.exec(attack);
  database.close();
  const { core, registry } = await openAs(new SqliteStore({ file: folder.file }), env);
  expect((await verifyAudit(core)).fault).toBeDefined();
  for (let i = 0; i < 10; i += 1) {
    await registry.write([write('orders', 'later', `${i}`)]);
    await registry.read(path('orders'), name('later'), 'latest');
    expect((await verifyAudit(core)).fault).toBeDefined();
  }
  await core.close();
});

test('a trail without its first lines is not taken for one that retention has cut, by moving it', async () => {
  const env = environment();
  const source = async () => new SqliteStore({ file: folder.file });
  const target = async () => new SqliteStore({ file: `${folder.file}.moved` });
  await init(await source(), env);
  const database = new DatabaseSync(folder.file);
  database.exec('DELETE FROM audit WHERE position = 1');
  database.close();
  expect(await codeOf(migrate({ source, target, given: { key: key() }, caller, ...env }))).toBe(
    'audit-broken',
  );
  const { core, registry } = await openAs(await source(), env);
  await registry.write([write('orders', 'still', 'takes changes')]);
  await core.close();
});
