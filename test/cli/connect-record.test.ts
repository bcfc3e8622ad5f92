import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FileRecord, recordFile } from '../../src/cli/connect-record.ts';
import type { Io } from '../../src/cli/io.ts';
import { hasCode } from '../../src/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'secretreg-record-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ids = { registry: '0'.repeat(32), cluster: 'cluster' };
const held = (version: number) => [{ path: 'orders', key: 'password', version }];
const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);

test('it is made with its folder, for its owner only', () => {
  const file = join(folder, 'state', 'connect', 'worker.json');
  const record = new FileRecord(file, ids);
  expect(record.read()).toEqual(new Map());
  record.set('orders', held(1));
  expect(new FileRecord(file, ids).read()).toEqual(new Map([['orders', held(1)]]));
  expect([mode(file), mode(dirname(file))]).toEqual(['600', '700']);
});

test('what another process writes in between is kept', () => {
  const file = join(folder, 'two.json');
  const [one, other] = [new FileRecord(file, ids), new FileRecord(file, ids)];
  one.set('a', held(1));
  other.set('b', held(2));
  one.set('c', held(3));
  other.set('a', held(4));
  const all = new Map([
    ['a', held(4)],
    ['b', held(2)],
    ['c', held(3)],
  ]);
  expect(one.read()).toEqual(all);
  one.keepOnly(new Set(['b', 'c', 'd']));
  expect([...other.read().keys()]).toEqual(['b', 'c']);
});

test.each([
  ['another registry', { ...ids, registry: '1'.repeat(32) }],
  ['another cluster', { ...ids, cluster: 'other' }],
])('what connectors hold of %s is not known', (_, others) => {
  const file = join(folder, 'others.json');
  new FileRecord(file, ids).set('orders', held(1));
  const record = new FileRecord(file, others);
  expect(record.read()).toEqual(new Map());
  record.set('payments', held(2));
  expect(record.read()).toEqual(new Map([['payments', held(2)]]));
});

test('a file of something else is left as it is', () => {
  const file = join(folder, 'something.json');
  writeFileSync(file, '{}');
  const record = new FileRecord(file, ids);
  for (const attempt of [() => record.read(), () => record.set('orders', held(1))]) {
    try {
      attempt();
      expect.unreachable();
    } catch (error) {
      expect(hasCode(error, 'settings-invalid')).toBe(true);
    }
  }
});

test.each<[string, Record<string, string>, string, string | undefined, string]>([
  [
    'of the user',
    { HOME: '/h' },
    'http://localhost:8083',
    undefined,
    '/h/.local/state/secretreg/connect/localhost_8083.json',
  ],
  [
    'where the desktop says',
    { HOME: '/h', XDG_STATE_HOME: '/s' },
    'https://c.example',
    undefined,
    '/s/secretreg/connect/c.example.json',
  ],
  [
    'by the first address',
    { HOME: '/h' },
    'http://a:1/x/../y, http://b:2',
    undefined,
    '/h/.local/state/secretreg/connect/a_1_x_.._y.json',
  ],
  [
    'of an IPv6 address',
    { HOME: '/h' },
    'http://[::1]:8083',
    undefined,
    '/h/.local/state/secretreg/connect/_1_8083.json',
  ],
  ['that is named', { HOME: '/h' }, 'http://localhost:8083', 'record.json', '/w/record.json'],
])('the file %s', (_, env, place, given, expected) => {
  expect(recordFile({ env, cwd: '/w' } as unknown as Io, given, place)).toBe(expected);
});
