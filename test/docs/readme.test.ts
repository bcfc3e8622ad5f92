// The pages for people tell what is so: sessions are run, commands and exit codes are those of the code, files are there.
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { errors } from '../../src/errors.ts';
import { playPage } from '../scripts/session.ts';

const PAGES = [
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/architecture.md',
  'docs/connect-worker.md',
  'docs/security.md',
  'docs/testing.md',
];
const readme = readFileSync('README.md', 'utf8');

test('what the README shows is what its commands print', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const { expected, actual } = playPage('README.md', {
    env: { URL: `http://${address}`, SECRETREG_LISTEN: address },
    stands: [[address, '127.0.0.1:8185']],
  });
  expect(expected).toContain('```console\n');
  expect(actual).toBe(expected);
});

test('the README names every command, and no other', () => {
  const table = readme.split('## Daily commands')[1]?.split('\n\n```')[0] ?? '';
  const rows = [...table.matchAll(/^\| (`.*?`) \|/gm)].map(([, cell = '']) => cell);
  const named = rows.flatMap((cell) =>
    [...cell.matchAll(/`([a-z-]+)/g)].map(([, name = '']) => name),
  );
  expect(new Set(named)).toEqual(new Set(commands.map(({ name }) => name)));
});

test('the build leaves every manual page that the package names', () => {
  const { man } = JSON.parse(readFileSync('package.json', 'utf8')) as { man: string[] };
  expect(man.length).toBeGreaterThan(commands.length);
  expect(man.filter((file) => !existsSync(file))).toEqual([]);
});

test('the README names every exit code', () => {
  const table = readme.split('## Exit codes')[1]?.split('\n## ')[0] ?? '';
  const named = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  const used = Object.values(errors).map(({ exit }) => exit);
  expect(named).toEqual([0, 1, 2, 3, 4, 78, 130, 141]);
  expect(used.filter((code) => !named.includes(code))).toEqual([]);
});

test('the README names every variable that is a setting', () => {
  const sources = readdirSync('src/cli', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join('src/cli', file), 'utf8'));
  const variables = sources.flatMap((text) => [
    ...text.matchAll(/'(SECRETREG_[A-Z_]+|CREDENTIALS_DIRECTORY|XDG_[A-Z_]+)'/g),
  ]);
  const names = new Set(variables.map(([, name = '']) => name));
  expect(names.size).toBeGreaterThan(6);
  expect([...names].filter((name) => !readme.includes(name))).toEqual([]);
});

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(page, 'utf8');

  test('links to files that are there', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(
      ([, link = '']) => link,
    );
    expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
  });

  test('names files of the tree that are there', () => {
    const names = [...text.matchAll(/`((?:bin|src|test|fixtures|scripts|docs)\/[\w./-]+)`/g)].map(
      ([, name = '']) => name,
    );
    expect(names.filter((name) => !existsSync(name))).toEqual([]);
  });
});

/** The default port may be in use where the tests run. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
