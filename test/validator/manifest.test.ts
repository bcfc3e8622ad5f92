import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseKey, parsePath } from '../../src/domain/names.ts';
import { factsOf, type KeyFact } from '../../src/validator/existence.ts';
import { type Manifest, manifestText, parseManifest } from '../../src/validator/manifest.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { readNames } from '../../src/registry/open-registry.ts';
import { environment, init, name, openAs, path, write } from '../registry/fixture.ts';

const made = {
  madeAt: '2026-11-27T06:00:00.000Z',
  registry: '0123456789abcdef0123456789abcdef',
  authenticated: false,
};

const madeOf = (facts: Record<string, Record<string, KeyFact>>): Manifest => ({
  ...made,
  facts: new Map(Object.entries(facts).map(([it, keys]) => [it, new Map(Object.entries(keys))])),
});

test('one secret stands on each line', () => {
  const text = manifestText({
    ...madeOf({
      orders: {
        password: { state: 'enabled', version: 3, expiresAt: '2027-01-31T00:00:00.000Z' },
        token: { state: 'deleted', version: 1, by: 'User:alice', at: '2026-11-01T00:00:00.000Z' },
      },
    }),
    paths: ['orders'],
  });
  expect(text).toBe(`{
  "format": "secretreg-manifest",
  "formatVersion": 1,
  "madeAt": "2026-11-27T06:00:00.000Z",
  "registry": "0123456789abcdef0123456789abcdef",
  "authenticated": false,
  "paths": [
    "orders"
  ],
  "secrets": [
    {"path":"orders","key":"password","state":"enabled","version":3,"expiresAt":"2027-01-31T00:00:00.000Z"},
    {"path":"orders","key":"token","state":"deleted","version":1,"deletedAt":"2026-11-01T00:00:00.000Z"}
  ]
}
`);
});

test('an empty registry has a manifest too', () => {
  expect(JSON.parse(manifestText(madeOf({})))).toMatchObject({ secrets: [] });
  expect(parseManifest(manifestText(madeOf({})))).toEqual({ ok: true, value: madeOf({}) });
});

test('no value, and nobody by name, is in the manifest of a registry', async () => {
  const log = new MemoryLog();
  const env = environment();
  await init(new MemoryStore(log), env);
  const { registry } = await openAs(new MemoryStore(log), env);
  await registry.write([write('orders', 'password', 'canary-hunter2')]);
  await registry.write([write('orders', 'password', 'canary-hunter3')]);
  await registry.write([write('orders', 'gone', 'canary-hunter4')]);
  const metadata = { owner: 'canary-team', description: 'canary-text', tags: ['canary-tag'] };
  await registry.setMetadata(path('orders'), name('password'), { ...metadata, rotateEveryDays: 9 });
  await registry.delete({ path: path('orders'), key: name('gone') });
  const keys = await readNames(new MemoryStore(log));
  const text = manifestText({ ...made, facts: factsOf(keys) });
  expect(text).not.toMatch(/canary|User:/);
  expect(JSON.parse(text)).toMatchObject({
    secrets: [
      { path: 'orders', key: 'gone', state: 'deleted', version: 1 },
      { path: 'orders', key: 'password', state: 'enabled', version: 2 },
    ],
  });
  expect(text).toMatch(/"key":"password","state":"enabled","version":2,"rotationAt":"20/);
});

test('what is written is read again', () => {
  const time = fc
    .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString());
  const version = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  const optional = { requiredKeys: ['state', 'version'] } as const;
  const fact = fc.oneof(
    fc.record(
      { state: fc.constant('enabled' as const), version, expiresAt: time, rotationAt: time },
      { requiredKeys: [...optional.requiredKeys] },
    ),
    fc.record(
      { state: fc.constant('deleted' as const), version, at: time },
      { requiredKeys: [...optional.requiredKeys] },
    ),
  );
  const text = fc.string({ unit: 'grapheme', maxLength: 9 });
  const paths = fc.oneof(text, fc.constantFrom('__proto__', '10', '9'));
  const keys = text.map((it) => `k${it}`);
  const table = fc.array(fc.tuple(paths, keys, fact)).map((rows) => {
    const facts = new Map<string, Map<string, KeyFact>>();
    for (const [one, key, it] of rows)
      if (parsePath(one).ok && parseKey(key).ok)
        facts.set(one, (facts.get(one) ?? new Map<string, KeyFact>()).set(key, it));
    return facts;
  });
  fc.assert(
    fc.property(table, (facts) => {
      const manifest = { ...made, facts };
      expect(parseManifest(manifestText(manifest))).toEqual({ ok: true, value: manifest });
    }),
  );
});

const whole = JSON.parse(
  manifestText(madeOf({ orders: { password: { state: 'enabled', version: 1 } } })),
) as { secrets: object[] };

test('what a later version has beside it is passed over, and a byte order mark too', () => {
  const secrets = whole.secrets.map((it) => ({ ...it, length: 9 }));
  const text = `\uFEFF${JSON.stringify({ ...whole, secrets, more: [] })}`;
  expect(parseManifest(text)).toMatchObject({ ok: true });
});

describe('what is no manifest', () => {
  const secret = (changed: object) => ({ secrets: [{ ...whole.secrets[0], ...changed }] });
  test.each<[string, object | string]>([
    ['it is not JSON', '{"format": "hunter2'],
    ['it is not JSON', ''],
    ['it is no manifest of secretreg', '"hunter2"'],
    ['it is no manifest of secretreg', '{"orders": {"password": "hunter2"}}'],
    ['it is no manifest of secretreg', '[]'],
    ['it has another format than 1, which this secretreg knows', { formatVersion: 2 }],
    ['when it was made is not told as RFC 3339', { madeAt: 'hunter2' }],
    ['which registry it is of is not told', { registry: 'https://hunter2@host' }],
    ["its 'authenticated' is no true or false", { authenticated: 'hunter2' }],
    ["its 'paths' is no list of paths", { paths: ['hunter2:'] }],
    ["its 'paths' is no list of paths", { paths: 'hunter2' }],
    ['it has no list of secrets', { secrets: { hunter2: 1 } }],
    ['its secret number 1 is no object', { secrets: ['hunter2'] }],
    ['its secret number 1 has a path that is empty', secret({ path: 9 })],
    ["its secret number 1 has a path that holds ':'", secret({ path: 'hunter2:' })],
    ['its secret number 1 has a key that is empty', secret({ key: undefined })],
    ['its secret number 1 has no version that is a whole', secret({ version: '1' })],
    ['its secret number 1 has no version that is a whole', secret({ version: 0 })],
    ["its secret number 1 has a time in 'expiresAt'", secret({ expiresAt: 'hunter2' })],
    ["its secret number 1 has a time in 'rotationAt'", secret({ rotationAt: null })],
    ['its secret number 1 has a state that is neither', secret({ state: 'hunter2' })],
    ['its secret number 2 is there twice', { secrets: [...whole.secrets, ...whole.secrets] }],
  ])('%s', (problem, changed) => {
    const text = typeof changed === 'string' ? changed : JSON.stringify({ ...whole, ...changed });
    const parsed = parseManifest(text);
    expect(parsed).toEqual({ ok: false, problem: expect.stringContaining(problem) as string });
    expect(JSON.stringify(parsed)).not.toContain('hunter2');
  });
});
