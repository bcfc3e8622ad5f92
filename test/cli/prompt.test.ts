// What a person answers at a terminal. script(1) of util-linux gives the command one.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const BIN = resolve('bin/secretreg.js');
const home = mkdtempSync(join(tmpdir(), 'secretreg-test-prompt-'));
const env = { PATH: process.env['PATH'], HOME: home, TERM: 'dumb' };

beforeAll(() => {
  for (const [args, input] of [[['init']], [['put', 'orders', 'password', '-'], 'one']] as const) {
    expect(spawnSync(process.execPath, [BIN, ...args], { env, input: input ?? '' }).status).toBe(0);
  }
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Types the answer once the question stands there. */
function answer(words: string, question: string, typed: string) {
  return answerAll(words, [[question, typed]]);
}

/** The same for several questions, one after the other. */
async function answerAll(words: string, dialogue: readonly (readonly [string, string])[]) {
  const command = `'${process.execPath}' '${BIN}' ${words}`;
  const child = spawn('script', ['-qfec', command, '/dev/null'], { env, cwd: home });
  let shown = '';
  const left = [...dialogue];
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    const [question, typed] = left[0] ?? [];
    if (question === undefined || !shown.includes(question)) return;
    left.shift();
    child.stdin.write(typed ?? '');
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, shown };
}

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

test.each([
  ['put orders password', 'value for orders:password', CTRL_C],
  ['put orders password', 'value for orders:password', CTRL_D],
  ['delete orders password', 'deleting orders:password?', CTRL_C],
  ['delete orders password', 'deleting orders:password?', CTRL_D],
])('%s: asked "%s", whoever leaves changes nothing', async (words, question, typed) => {
  const { code, shown } = await answer(words, question, typed);
  expect(shown).toContain('interrupted');
  expect(code).toBe(130);
});

test('a value that is typed is stored, and never shown', async () => {
  const { code, shown } = await answer('put orders password', 'value for', 'hunter2\r');
  expect(shown).not.toContain('hunter2');
  expect(code).toBe(0);
  const got = spawnSync(process.execPath, [BIN, 'get', 'orders', 'password'], { env });
  expect(got.stdout.toString()).toBe('hunter2');
});

test.each(['one\rtwo\r', 'one\rtwo'])('of several lines, %j, none is taken', async (typed) => {
  const { code, shown } = await answer('put orders pem', 'value for', typed);
  expect(shown).toContain('only one line is asked for');
  expect(code).toBe(2);
  const got = spawnSync(process.execPath, [BIN, 'get', 'orders', 'pem'], { env });
  expect([got.status, got.stdout.toString()]).toEqual([1, '']);
});

test('a delete that is not confirmed deletes nothing', async () => {
  const { shown } = await answer('delete orders password', 'deleting', 'n\r');
  expect(shown).toContain('nothing was deleted');
});

test('externalize shows what would change before it asks, and a no changes nothing', async () => {
  const file = join(home, 'billing.json');
  const text =
    '{"name":"billing","config":{"connector.class":"X","connection.password":"hunter3x"}}';
  writeFileSync(file, text);
  const question = 'storing 1 secret and writing 1 reference into 1 file?';
  const { shown, code } = await answer('externalize billing.json', question, 'n\r');
  expect(shown.indexOf('${secret:billing:password}')).toBeGreaterThan(-1);
  expect(shown.indexOf('${secret:billing:password}')).toBeLessThan(shown.indexOf(question));
  expect(shown).toContain('nothing was stored, nothing was written');
  expect(shown).not.toContain('hunter3x');
  expect(code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(text);
  const yes = await answer('externalize billing.json', question, 'y\r');
  expect(yes.shown).toContain('stored 1 secret');
  expect(readFileSync(file, 'utf8')).toBe(text.replace('hunter3x', '${secret:billing:password}'));
});

test('a new password is typed twice, and never shown', async () => {
  const again = (second: string) =>
    answerAll('access user create User:alice', [
      ['new password: ', 'correct horse battery\r'],
      ['once more: ', `${second}\r`],
    ]);
  const slip = await again('correct horse batery');
  expect(slip.shown).toContain('it was typed differently the second time');
  expect(slip.code).toBe(2);
  const { shown, code } = await again('correct horse battery');
  expect(shown).not.toContain('horse');
  expect(code).toBe(0);
});

test('who leaves at the second question made no user', async () => {
  const { code } = await answerAll('access user create User:bob', [
    ['new password: ', 'correct horse battery\r'],
    ['once more: ', CTRL_C],
  ]);
  expect(code).toBe(130);
  const users = spawnSync(process.execPath, [BIN, 'access', 'user', 'list'], { env });
  expect(users.stdout.toString()).not.toContain('bob');
});

test('Ctrl-C while the command for the master key runs is an interrupt, and nothing that failed', async () => {
  const words = 'list --master-key-command "echo asking >&2; cat >/dev/null; sleep 60"';
  const { code, shown } = await answer(words, 'asking', CTRL_C);
  expect(shown.split('interrupted; nothing was left half-written')).toHaveLength(2);
  expect(shown).not.toContain('failed');
  expect(code).toBe(130);
});

/** A terminal that script(1) makes for a pipe is 0 columns wide until it is told otherwise. */
test.each([
  ['stty cols 100; ', /importing \[[= ]{24}\] [\d,]+\/10,000 [\d,]+\/s/],
  ['', /^imported 10000 secrets under 1 path\s+$/],
])('%simport of many shows its bar where there is room for one', (before, shown) => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key-${i}`, `v${i}`]));
  writeFileSync(join(home, 'many.json'), JSON.stringify({ many }));
  const command = `${before}'${process.execPath}' '${BIN}' import many.json`;
  const done = spawnSync('script', ['-qfec', command, '/dev/null'], {
    ...{ env: { ...env, TERM: 'xterm' }, cwd: home, encoding: 'utf8', timeout: 60_000 },
  });
  expect(done.stdout).toMatch(shown);
  expect(done.status).toBe(0);
});
