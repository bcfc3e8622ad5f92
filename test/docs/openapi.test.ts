import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { openApiText } from '../../scripts/openapi-page.ts';
import { parsePrincipal } from '../../src/domain/access.ts';
import { parseMetadataChanges } from '../../src/domain/metadata.ts';
import { parseKey, parsePath } from '../../src/domain/names.ts';
import { routes } from '../../src/http/routes/index.ts';

const require = createRequire(import.meta.url);

interface Document {
  paths: Record<string, Record<string, { operationId: string; responses: object }>>;
  components: { schemas: Record<string, Schema>; responses: object };
}

interface Schema {
  pattern?: string;
  maxLength?: number;
  properties?: Record<string, Schema>;
  items?: Schema;
}

const text = await openApiText();
const document = JSON.parse(text) as Document;

test('docs/openapi.json is the API as it is; npm run docs writes it anew', () => {
  expect(readFileSync('docs/openapi.json', 'utf8')).toBe(text);
});

test('it is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(text);
  expect([valid, errors]).toEqual([true, undefined]);
  expect(validator.version).toBe('3.1');
});

interface Lint {
  problems: { ruleId: string; message: string; location: object[] }[];
}

/** Redocly's recommended rules, all of them as errors and none switched off. It asks nobody whether there is a newer one. */
function lint(openApi: string): { exit: number | null; problems: Lint['problems'] } {
  const folder = mkdtempSync(join(tmpdir(), 'secretreg-lint-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'openapi.json'), openApi);
  const linter = require.resolve('@redocly/cli/bin/cli.js');
  const args = ['lint', 'openapi.json', '--extends=recommended-strict', '--format=json'];
  const { PATH } = process.env;
  const { status, stdout } = spawnSync(process.execPath, [linter, ...args], {
    cwd: folder,
    env: { PATH, HOME: folder, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    encoding: 'utf8',
  });
  return { exit: status, problems: (JSON.parse(stdout) as Lint).problems };
}

test('a public linter finds nothing in it', () => {
  expect(lint(text)).toEqual({ exit: 0, problems: [] });
});

test('and would find what is wrong', () => {
  const { exit, problems } = lint(
    text.replace('"operationId": "readLatest"', '"operationId": "readKey"'),
  );
  expect([exit, problems.map(({ ruleId }) => ruleId)]).toEqual([
    1,
    ['operation-operationId-unique'],
  ]);
});

test('every route is in it once, with its answers and errors', () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  expect(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort()).toEqual(
    routes.map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`).sort(),
  );
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { operation } of operations)
    expect(Object.keys(operation.responses)).toEqual(
      expect.arrayContaining(['400', '406', '408', '431', '500']),
    );
  expect(Object.keys(document.components.responses)).toContain('Error503');
});

test('nothing that a reader would not understand is left in it', () => {
  expect(text).not.toMatch(/x-pattern|x-maxLength|x-headers|\$id|def-\d/);
});

const named = (name: string) => document.components.schemas[name] ?? {};
const patch = (name: string) => named('MetadataPatch').properties?.[name] ?? {};
const parsers: [what: string, schema: Schema, isTaken: (text: string) => boolean][] = [
  ['path', named('SecretPath'), (name) => parsePath(name).ok],
  ['key', named('SecretKey'), (name) => parseKey(name).ok],
  ['principal', named('Principal'), (name) => parsePrincipal(name).ok],
  ['description', patch('description'), (description) => parseMetadataChanges({ description }).ok],
  ['tag', patch('tags').items ?? {}, (tag) => parseMetadataChanges({ tags: [tag] }).ok],
];

const characters = fc.constantFrom(
  ...['a', 'Z', '1', '.', '*', ' ', ':', '{', '}', '\\', ',', '/', '%', '😀', 'ä', '\ufeff'],
  ...[
    '\n',
    '\0',
    '\x7f',
    '\x85',
    '\xa0',
    '\u061c',
    '\u200e',
    '\u2028',
    '\u202e',
    '\u2069',
    '\u206a',
  ],
);

test.each(parsers)('the pattern of a %s says what its parser takes', (_, schema, isTaken) => {
  const { pattern = '', maxLength = 0 } = schema;
  const fits = new RegExp(pattern, 'u');
  const says = (it: string) => fits.test(it) && [...it].length <= maxLength;
  const texts = fc.oneof(
    fc.string({ unit: characters, maxLength: 6 }),
    fc.string({ unit: characters, maxLength: 6 }).map((it) => `User:${it}`),
    fc.integer({ min: 254, max: 262 }).map((length) => `User:${'x'.repeat(length - 5)}`),
  );
  // Unicode's NFC is not to be said in a pattern.
  fc.assert(
    fc.property(texts, (it) => {
      fc.pre(it.normalize('NFC') === it);
      expect([it, says(it)]).toEqual([it, isTaken(it)]);
    }),
    { numRuns: 3000 },
  );
});
