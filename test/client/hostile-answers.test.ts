// Commands whose server answers what no registry would: none of it is a fault of secretreg itself.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { runCommand } from './command-run.ts';
import { errors, SecretregError } from '../../src/errors.ts';
import { generator } from '../random.ts';
import { type Answer, FalseServer, json, refusal } from './false-server.ts';
import { answering, STEERING } from './hostile-server.ts';

const home = mkdtempSync(join(tmpdir(), 'secretreg-hostile-'));
writeFileSync(join(home, 'value'), 'hunter2');
const config = { 'connector.class': 'a', password: '${secret:orders:password}' };
writeFileSync(join(home, 'orders.json'), JSON.stringify({ name: 'orders', config }));
afterAll(() => rmSync(home, { recursive: true }));
const running: FalseServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function serve(answer: Answer): Promise<FalseServer> {
  const server = await FalseServer.start([answer]);
  running.push(server);
  return server;
}

test.each([
  ['crn:///secretreg=ab/secret=a%2Fb/key=%C3%BC', 'secret=a/b/key=ü'],
  ['crn:///secretreg=ab/secret=%zz/key=k', 'secret=%zz/key=k'],
  ['crn:///secretreg=ab/secret=%ff', 'secret=%ff'],
  ['%', '%'],
  ['', ''],
])('audit shows the subject %j as %j', async (subject, shown) => {
  const { url } = await serve(answering(subject));
  const { told, error } = await runCommand(home, url, ['audit']);
  expect(error).toBeUndefined();
  expect(told.split('\t')[3]).toBe(shown);
});

test.each([
  ['its expiresAt is no time', "'expires' is no time"],
  ['its tags have one that is empty', "'tags' have one that is empty"],
  ['something newer', 'something newer'],
])('metadata that a server refuses is told by our names: %s', async (reason, shown) => {
  const { url } = await serve(refusal(42208, `this metadata is not taken: ${reason}`));
  const { error } = await runCommand(home, url, ['metadata', 'orders', 'password', 'owner=me']);
  expect(error).toMatchObject({
    code: 'bad-metadata',
    message: `this metadata is not taken: ${shown}`,
  });
});

test('rotate shows progress of any numbers', async () => {
  const kid = 'f0'.repeat(16);
  const told = (done: number, total: number, state = 'running') =>
    json({ kid, done, total, state });
  const server = await serve(told(1, 2));
  server.answers = [told(0, 0), told(10, 5), told(-10, 5), told(3, -5), told(1, 1, 'done')];
  const { error } = await runCommand(home, server.url, ['rotate', '--new-key-id', kid], true);
  expect(error).toBeUndefined();
});

const COMMANDS = [
  'list --long --deleted',
  'list --tree',
  'list orders --long',
  'list orders password --long',
  'list --unused-since 1d',
  'history orders password --reads',
  'metadata orders password',
  'metadata orders password owner=me',
  'access grants',
  'access grant User:a DeveloperRead orders',
  'access revoke User:a DeveloperRead orders',
  'access user list',
  'access user create User:a --no-password',
  'access user delete User:a --yes',
  'access token list',
  'access token create',
  'access token revoke srt_0123456789abcdef',
  'access check read orders',
  'access who-can read orders',
  'audit',
  'audit -o jsonl',
  'rotate --status',
  'rotate --new-key-id f0',
  'whoami',
  'doctor',
  'manifest',
  `put orders password --from-file ${join(home, 'value')}`,
  'delete orders --yes',
  'delete orders password --permanent --yes',
  'restore orders',
  'get orders password',
  'get orders --all',
  `validate ${join(home, 'orders.json')}`,
  `resolve ${join(home, 'orders.json')}`,
];
const OF_WORKERS = ['connect check', 'connect sync --dry-run'];

/** The command as it is typed; where it asks a worker, that is the same server. */
function wordsOf(command: string, url: URL): string[] {
  const words = command.split(' ');
  return OF_WORKERS.includes(command) ? [...words, '--connect', url.href] : words;
}

/** Fails where it is none that the command line has a sentence for. */
function requireOwn(error: unknown): void {
  if (error === undefined || error instanceof SecretregError) return;
  throw new Error('a fault of secretreg itself', { cause: error });
}

/** All but those with which the same is asked again after a while. */
const CODES = Object.values(errors)
  .flatMap((row) => ('http' in row ? [row.http] : []))
  .filter((code) => code !== 50301 && code !== 50305);

test.each(COMMANDS)('%s takes every refusal', async (command) => {
  const server = await serve(refusal(40001, ''));
  for (const code of [...new Set(CODES), 40499, 42299, 59999]) {
    server.answers = [refusal(code, STEERING)];
    requireOwn((await runCommand(home, server.url, wordsOf(command, server.url))).error);
  }
});

const TEXTS = ['', '%zz', '\ud800', '__proto__', '../../x', STEERING, '9'.repeat(400)];

test.each([...COMMANDS, ...OF_WORKERS])('%s takes any text', async (command) => {
  const server = await serve(answering(''));
  for (const text of TEXTS) {
    server.answers = [answering(text)];
    requireOwn((await runCommand(home, server.url, wordsOf(command, server.url))).error);
  }
});

const VALUES = [null, -1, 0.5, 1e308, true, [], {}, [[]], ...TEXTS, '+275760-09-13T00:00:00Z'];
const SEED = 20_261_129;

test.each([...COMMANDS, ...OF_WORKERS])('%s takes any value in any place', async (command) => {
  const random = generator(SEED);
  const server = await serve(answering(''));
  for (let round = 0; round < 40; round += 1) {
    const by = VALUES[Math.floor(random() * VALUES.length)];
    server.answers = [answering('2026-01-01T00:00:00.000Z', (it) => changed(it, by, random))];
    requireOwn((await runCommand(home, server.url, wordsOf(command, server.url))).error);
  }
});

/** The answer with the value in place of something in it, or of all. */
function changed(answer: unknown, by: unknown, random: () => number): unknown {
  const names = typeof answer === 'object' && answer !== null ? Object.keys(answer) : [];
  const name = names[Math.floor(random() * (names.length + 0.3))];
  if (name === undefined) return by;
  const copy = structuredClone(answer) as Record<string, unknown>;
  copy[name] = changed(copy[name], by, random);
  return copy;
}
