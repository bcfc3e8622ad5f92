// Record bytes are for ever: these lines never change once a version is released.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseRecordKey } from '../../src/registry/records.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { environment, init, name, openAs, path, v, write } from './fixture.ts';

const GOLDEN = 'fixtures/records/golden.jsonl';

test('init, writes, a delete and a destroyed version give these bytes', async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { registry } = await openAs(new MemoryStore(log), env);
  await registry.write([write('orders', 'password', 'one'), write('é/日本', 'user', '')]);
  await registry.write([write('orders', 'password', 'two')]);
  await registry.delete({ path: path('orders'), key: name('password'), version: v(1) });
  await registry.delete({ path: path('é/日本') }, { permanent: true });
  const records = log
    .recordsAfter(0)
    .map(
      ({ key, value }) => `${key}\t${value === null ? 'null' : new TextDecoder().decode(value)}`,
    );
  const audit = Array.from({ length: log.auditLength }, (_, i) => `audit\t${log.auditLine(i + 1)}`);
  const actual = `${[...records, ...audit].join('\n')}\n`;
  if (process.env['UPDATE_GOLDENS']) writeFileSync(GOLDEN, actual);
  expect(actual).toBe(readFileSync(GOLDEN, 'utf8'));
});

test.each([
  ['["registry"]', true],
  ['["secret","orders","password",1]', true],
  ['["key","é/日本","user"]', true],
  ['["secret","orders","password","1"]', false],
  ['["secret","orders","password",0]', false],
  ['["secret","orders","password",1.5]', false],
  ['["secret","orders","password",9007199254740992]', false],
  ['["secret","orders","password", 1]', false],
  ['["secret","..","password",1]', false],
  ['["secret","orders","1password",1]', false],
  ['["secret","\\u006frders","password",1]', false],
  ['["registry",1]', false],
  ['{"a":1}', false],
  ['registry', false],
  ['', false],
])('record key %s is ours: %s', (text, ours) => {
  expect(parseRecordKey(text) !== undefined).toBe(ours);
});
