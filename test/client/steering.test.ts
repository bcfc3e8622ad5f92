// What a server says reaches a terminal with escapes in place of what would steer it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommandLine } from '../process/command-line.ts';
import { runCommand } from './command-run.ts';
import { FalseServer, json, refusal } from './false-server.ts';
import { answering, STEERING } from './hostile-server.ts';

const home = mkdtempSync(join(tmpdir(), 'secretreg-steering-'));
const line = new CommandLine();
const FROM_SOURCE = resolve('test/process/run-main.ts');
let server: FalseServer;
beforeAll(async () => {
  server = await FalseServer.start([answering(STEERING)]);
});
afterAll(async () => {
  await server.stop();
  line.remove();
  rmSync(home, { recursive: true });
});

/** All of Cf, where the names of a registry may hold some. */
const STEERS = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const run = (words: string) => runCommand(home, server.url, words.split(' '));

const LISTINGS = [
  'list',
  'list --long --deleted',
  'list orders',
  'list orders --long',
  'list orders password --long',
  'list --unused-since 1d',
  'history orders',
  'history orders password --reads',
  'metadata orders password',
  'metadata orders password owner=me',
  'access grants',
  'access user list',
  'access token list',
  'access check read orders',
  'access who-can read orders',
  'audit',
  'rotate --status',
];

describe('a listing', () => {
  test.each(LISTINGS.flatMap((words) => [words, `${words} -o json`, `${words} -o table`]))(
    '%s',
    async (words) => {
      // The trail is lines of JSON, and never one text.
      const { told, error } = await run(words.replace(/^audit -o json$/, 'audit -o jsonl'));
      expect(error).toBeUndefined();
      expect(told).not.toMatch(STEERS);
      expect(told).toMatch(/\\u/);
    },
  );
});

test.each([
  'whoami',
  'whoami -o json',
  'list --tree',
  'doctor',
  'doctor -o json',
  'manifest',
  'access grant User:a DeveloperRead orders',
  'access user create User:a --no-password',
  'access token create',
  `put orders password --from-file ${join(home, 'value')}`,
  'delete orders --yes',
  'restore orders',
])('%s', async (words) => {
  writeFileSync(join(home, 'value'), 'hunter2');
  const { told } = await run(words);
  expect(told).not.toMatch(STEERS);
  expect(told).toMatch(/\\u|srt_/);
});

test.each(['connect check', 'connect check -o json', 'connect sync --dry-run'])(
  '%s, of a worker',
  async (words) => {
    const { told } = await run(`${words} --connect ${server.url.href}`);
    expect(told).not.toMatch(STEERS);
    expect(told).toMatch(/\\u/);
  },
);

test('context and init, of addresses and files', async () => {
  const folder = join(home, '.config/secretreg');
  mkdirSync(folder, { recursive: true });
  const address = `file:${STEERING.replaceAll('\r', '')}`;
  const contexts = { lab: { registry: address, tokenFile: STEERING } };
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify({ contexts }));
  const of = ['context show lab', 'context list', 'context list -o json'];
  for (const words of [...of, `init --registry ${address}`]) {
    const { told, error } = await run(words);
    expect(error).toBeUndefined();
    expect(told).not.toMatch(STEERS);
    expect(told).toMatch(/\\u/);
  }
});

test('a manifest that is written to a file', async () => {
  const { error } = await run(`manifest ${join(home, 'manifest.json')}`);
  expect(error).toBeUndefined();
  expect(readFileSync(join(home, 'manifest.json'), 'utf8')).not.toMatch(STEERS);
});

/** What the whole program writes, its error too. */
async function toldByProgram(words: string): Promise<string> {
  const env = { SECRETREG_REGISTRY: server.url.href, SECRETREG_DEBUG: '1' };
  const { stdout, stderr } = await line.run(words.split(' '), { env, bin: FROM_SOURCE });
  return stdout + stderr;
}

test('a refusal, what ends a trail, and why a change failed', async () => {
  expect(await toldByProgram(`rotate --new-key-id ${'f0'.repeat(16)}`)).not.toMatch(STEERS);
  server.answers = [refusal(40301, STEERING)];
  for (const words of ['audit', 'whoami', 'get orders password']) {
    const told = await toldByProgram(words);
    expect(told).toContain('secretreg: \\u{1b}');
    expect(told).not.toMatch(STEERS);
  }
  server.answers = [answering(STEERING)];
});

test('the value of a secret is as it is', async () => {
  server.answers = [
    json({
      path: 'orders',
      key: 'password',
      version: 1,
      secret: STEERING,
      createdAt: '',
      createdBy: '',
    }),
  ];
  expect((await run('get orders password')).told).toBe(STEERING);
  server.answers = [answering(STEERING)];
});
