// Whatever a registry holds comes back the same from each format, or the format says which name or value it cannot hold; and
// what is written is read the same by those it is written for.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { FORMATS, type TransferFormat } from '../../../src/cli/transfer/formats.ts';
import { readSecrets } from '../../../src/cli/transfer/read.ts';
import { secretsText } from '../../../src/cli/transfer/write.ts';
import { parseKey, parsePath } from '../../../src/domain/names.ts';
import { checkProperty } from '../../crypto/property.ts';
import { lines, readByJava } from '../../documents/properties/oracle.ts';
import { describeJava } from '../../java.ts';

type Table = Map<string, Map<string, string>>;

/** Where formats have their signs, and values their surprises. */
const PIECES = [
  ...`'"\`#$\\ \t\n\r=:!&*?|>%@{}[],~-<`,
  ...['\\n', '\\u0041', '${x}', '$(x)', '---\n', '...', '\u00e9', '\u65e5', '\u{1f511}'],
  ...['\u0085', '\u2028', '\ufeff', '\u00a0', '\u0000', '\u001b', '\u007f', '\uffff', '\f', '\v'],
  ...['no', 'null', '0755', '1e3', '2026-01-01', 'YWI=', 'export ', 'A=1', ' #', '\'"', '\\\n'],
];
const value = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', 'plain', "it's", Buffer.from([0, 255, 254]).toString('base64')),
);
const variable = fc.stringMatching(/^[A-Za-z]\w{0,8}$/);
const key = fc
  .oneof(
    variable,
    fc.constantFrom('no', 'y', 'null', 'constructor', 'connection.password', 'UID'),
    fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => `k${text}`),
  )
  .filter((text) => parseKey(text).ok);
const path = fc
  .oneof(
    fc.stringMatching(/^[a-z][a-z0-9-]{0,6}[a-z0-9]$/),
    fc.constantFrom('no', 'apiVersion', 'kind', '__proto__', '0755', '<<', '~', 'A_b'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
  )
  .filter((text) => parsePath(text).ok);

function tables(keys: fc.Arbitrary<string>): fc.Arbitrary<Table> {
  const inner = fc.array(fc.tuple(keys, value), { minLength: 1, maxLength: 4 });
  const all = fc.array(fc.tuple(path, inner), { minLength: 1, maxLength: 3 });
  return all.map((rows) => new Map(rows.map(([name, own]) => [name, new Map(own)])));
}

function readBack(text: string, format: TransferFormat, single: string | undefined): Table {
  const only = single === undefined ? undefined : parsePath(single);
  const { writes } = readSecrets(Buffer.from(text), {
    file: 'file',
    chosen: { format, by: 'flag' },
    ...(only?.ok === true && { path: only.value }),
    force: true,
    again: '',
  });
  const table: Table = new Map();
  for (const one of writes) {
    const keys = table.get(one.path) ?? new Map<string, string>();
    table.set(one.path, keys.set(one.key, one.value.reveal()));
  }
  return table;
}

test.each(Object.keys(FORMATS) as TransferFormat[])(
  'as %s, all that it says it can hold comes back',
  (format) => {
    let held = 0;
    const sometimes = fc.boolean();
    const samples = fc.tuple(tables(fc.oneof(variable, key)), sometimes);
    checkProperty(`round trip of ${format}`, 1000, samples, ([whole, asked]) => {
      const [first] = whole;
      const isSingle = asked || !FORMATS[format].hasPaths;
      const table = isSingle && first !== undefined ? new Map([first]) : whole;
      const { problems, text } = secretsText(table, format, isSingle);
      if (problems.length > 0) return;
      held += 1;
      expect(readBack(text, format, isSingle ? first?.[0] : undefined)).toEqual(table);
    });
    expect(held).toBeGreaterThan(100);
  },
);

test('as JSON, YAML and properties, nothing is left out', () => {
  checkProperty('nothing left out', 300, tables(key), (table) => {
    for (const format of ['json', 'yaml', 'properties'] as const)
      expect(secretsText(table, format, false).problems).toEqual([]);
  });
});

test('a dotenv file is read the same by Node and by bash', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secretreg-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, '.env');
  // Each sample in a file of its own would be as many processes; variables of one prefix share one.
  const all = new Map<string, string>();
  checkProperty('values of variables', 3000, value, (one) => {
    const name = `SECRET_${all.size}`;
    const { problems } = secretsText(new Map([['p', new Map([[name, one]])]]), 'dotenv', true);
    if (problems.length === 0) all.set(name, one);
  });
  expect(all.size).toBeGreaterThan(500);
  const { text } = secretsText(new Map([['p', all]]), 'dotenv', true);
  writeFileSync(file, text);
  const wanted = Object.fromEntries(all);
  expect(parseEnv(text)).toEqual(wanted);
  const script = 'set -a; . "$1"; env -0';
  const bash = spawnSync('bash', ['--norc', '-c', script, 'bash', file], {
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1024 ** 2 * 64,
  });
  expect(bash.stderr).toBe('');
  const variables = bash.stdout.split('\0').filter((line) => line.startsWith('SECRET_'));
  const read = variables.map((line) => [
    line.slice(0, line.indexOf('=')),
    line.slice(line.indexOf('=') + 1),
  ]);
  expect(Object.fromEntries(read)).toEqual(wanted);
});

describeJava('a .properties file', () => {
  test('is read the same by java.util.Properties', async () => {
    const all: Map<string, string>[] = [];
    checkProperty('settings for Java', 1000, tables(key), (table) => all.push(...table.values()));
    const texts = all.map((keys) => secretsText(new Map([['p', keys]]), 'properties', true).text);
    expect(await readByJava(texts)).toEqual(all.map((keys) => lines([...keys])));
  }, 60_000);
});

test('a Secret has the shape that Kubernetes documents, in YAML 1.1 and 1.2', () => {
  checkProperty('shape of Secrets', 300, tables(variable), (table) => {
    const { problems, text } = secretsText(table, 'kubernetes', false);
    if (problems.length > 0) return;
    for (const version of ['1.1', '1.2'] as const) {
      const documents = parseAllDocuments(text, { version });
      expect(documents.map((it) => it.toJS() as unknown)).toEqual(
        [...table].map(([name, keys]) => ({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name },
          type: 'Opaque',
          data: Object.fromEntries(
            [...keys].map(([one, text]) => [one, Buffer.from(text).toString('base64')]),
          ),
        })),
      );
    }
  });
});

test.each([
  [{ 'connection.password': 'x' }, "'p:connection.password' cannot be a variable"],
  [{ UID: 'x' }, 'bash lets nobody set it'],
  [{ a: 'it\'s "x"' }, 'a single quote beside one of'],
  [{ a: 'a\rb' }, 'a carriage return'],
  [{ a: 'a b\\' }, "it ends with '\\'"],
  [{ a: 'a\0b' }, 'a NUL character'],
])('no dotenv file holds %j', (keys, problem) => {
  const table = new Map([['p', new Map(Object.entries(keys))]]);
  const { problems } = secretsText(table, 'dotenv', true);
  expect(problems).toEqual([expect.stringContaining(problem)]);
});

test.each([
  ['Orders', { a: 'x' }, 'cannot be the name of a Secret'],
  ['orders_sink', { a: 'x' }, 'cannot be the name of a Secret'],
  ['orders', { 'a b': 'x' }, "'orders:a b' cannot be a key of a Secret"],
  [
    'orders',
    Object.fromEntries([1, 2, 3, 4, 5].map((i) => [`k${i}`, 'x'.repeat(220_000)])),
    'more than 1 MiB',
  ],
])('no Secret holds %s %#', (name, keys, problem) => {
  const table = new Map([[name, new Map(Object.entries(keys))]]);
  const { problems } = secretsText(table, 'kubernetes', false);
  expect(problems).toEqual([expect.stringContaining(problem)]);
});
