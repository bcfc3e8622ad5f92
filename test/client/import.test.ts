// `import --from-rest` where the other registry is not as one would wish.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Answer, FalseServer, hangUp, json, refusal } from './false-server.ts';

const BIN = resolve('bin/secretreg.js');
let home: string;
let source: FalseServer;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'secretreg-import-'));
  await run('init');
});
afterEach(async () => {
  await source.stop();
  rmSync(home, { recursive: true });
});

/** A registry of the original, of which one can say more than the table. */
async function serve(
  table: Record<string, Record<string, string>>,
  more: Record<string, Answer> = {},
) {
  const paths = new Map(
    Object.entries(table).map(([path, keys]) => [path, new Map(Object.entries(keys))]),
  );
  source = await FalseServer.start([
    (response, asked) => {
      const special = Object.hasOwn(more, asked.url) ? more[asked.url] : undefined;
      if (special !== undefined) return special(response, asked);
      const [, , , path = '', , key, , version] = asked.url
        .split('/')
        .map((part) => decodeURIComponent(part));
      const secret = paths.get(path)?.get(key ?? '');
      if (asked.url === '/secret/paths') return json([...paths.keys()])(response, asked);
      if (key === undefined) return json([...(paths.get(path)?.keys() ?? [])])(response, asked);
      if (version !== 'latest' || secret === undefined)
        return refusal(40402, 'not there')(response, asked);
      return json({ path, key, version: 7, secret })(response, asked);
    },
  ]);
}

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { HOME: home, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

const importAll = (...args: string[]) => run('import', '--from-rest', source.url.origin, ...args);
const exported = async () => JSON.parse((await run('export')).out) as unknown;

test('names that cannot be names here are told and left', async () => {
  await serve({
    '../etc': { a: '1' },
    'a:b': { a: '1' },
    '': { a: '1' },
    orders: { '1st': 'x', ok: 'v' },
    '\ud800': {},
  });
  const { code, out, err } = await importAll();
  expect(out).toBe('imported 2 secrets under 2 paths\n');
  expect(err).toContain(
    "not taken: 'a:b' cannot be a path here: it holds ':', which a reference cannot carry",
  );
  expect(err).toContain(
    "not taken: '1st' of orders cannot be a key here: it does not begin with a letter a-z or A-Z",
  );
  expect(code).toBe(1);
  expect(await exported()).toEqual({ '../etc': { a: '1' }, orders: { ok: 'v' } });
});

test('what goes away meanwhile is passed over', async () => {
  const gone = {
    '/secret/paths/orders/keys/b/versions/latest': refusal(40403, 'no version'),
    '/secret/paths/old/keys': json({ error_code: 404, message: 'gone' }, 404),
  };
  await serve({ orders: { a: '1', b: '2' }, old: { a: '1' } }, gone);
  expect(await importAll()).toMatchObject({ code: 0, out: 'imported 1 secret under 1 path\n' });
});

test('names such as __proto__ are names like others', async () => {
  await serve({ constructor: { toString: 'v' } });
  expect((await importAll()).out).toBe('imported 1 secret under 1 path\n');
});

test.each<[string, Answer, number, string]>([
  [
    'a redirect',
    (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
    3,
    'is not followed',
  ],
  [
    'a list that is none',
    json({ paths: ['orders'] }),
    3,
    'is not one that this secretreg understands',
  ],
  [
    'no right',
    refusal(40301, 'User:x is not allowed to list'),
    4,
    'is not allowed to list\nhint: --from-token-file FILE',
  ],
  ['an end before the end', hangUp, 3, 'was closed before the answer was complete'],
])('%s ends it with a sentence', async (_, answer, exit, text) => {
  await serve({}, { '/secret/paths': answer });
  const { code, out, err } = await importAll();
  expect({ code, out }).toEqual({ code: exit, out: '' });
  expect(err).toContain(text);
});

test('it goes on where it was broken off, and takes nothing twice', async () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, `value ${i}`]));
  await serve({ a: many, b: { last: 'v' } }, { '/secret/paths/b/keys': hangUp });
  expect((await importAll()).code).toBe(3);
  const first = Object.keys(((await exported()) as { a: object }).a).length;
  expect(first).toBe(256);
  await source.stop();
  await serve({ a: many, b: { last: 'v' } });
  const again = await importAll();
  expect(again.out).toBe('imported 45 secrets under 2 paths; 256 more are equal already\n');
  expect(await exported()).toEqual({ a: many, b: { last: 'v' } });
});
