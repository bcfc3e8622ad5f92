// `run --watch` with real commands: they are started anew when a value is another one, and only then.
import { spawnSync } from 'node:child_process';
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Broker } from '../kafka/broker.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { type Running, runSession, until } from './run-session.ts';

const session = runSession();
const WATCH = ['--watch', '--every', '20ms', '--no-mask'];
const UP = 'echo "up with $PASSWORD $USER_NAME"; exec sleep 1000';

async function up(script = UP, ...args: string[]): Promise<Running> {
  const run = session().start([...WATCH, ...args, '--path', 'orders', '--', 'sh', '-c', script]);
  await run.says('up with');
  return run;
}

const starts = (run: Running) =>
  [...run.stdout.matchAll(/^up with (.*?) *$/gm)].map(([, it]) => it);
const password = (value: string) => session().put('orders', { password: value });
const isRead = (version: number) =>
  session()
    .do(['audit', '--path', 'orders'])
    .includes(`secret.Read\tsecret=orders/key=password/version=${version}\t`);
const reads = () =>
  session()
    .do(['audit', '--path', 'orders'])
    .match(/secret\.Read/g)?.length;

describe('a command that is watched', () => {
  test('is started anew with a value that is another one, once for two of one change', async () => {
    session().put('orders', { 'user.name': 'app' });
    const run = await up();
    session().put('orders', { password: 'second', 'user.name': 'app2' });
    await run.says('up with second app2');
    password('third');
    await run.says('up with third');
    expect(starts(run)).toEqual(['hunter2-of-orders app', 'second app2', 'third app2']);
    expect(run.stderr).toMatch(
      /^secretreg: orders:(password, orders:user.name|user.name, orders:password) changed: the command is started anew\nsecretreg: orders:password changed: the command is started anew\n$/,
    );
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(143);
  });

  test('goes on where a new version has the value of before, which is read once', async () => {
    const run = await up();
    password('hunter2-of-orders');
    await until(() => isRead(2));
    password('third');
    await run.says('up with third');
    expect(starts(run)).toEqual(['hunter2-of-orders', 'third']);
    expect(reads()).toBe(3);
    run.child.kill('SIGTERM');
    await run.ended;
  });

  test('goes on with what was deleted, and is told of it; back again it is not read anew', async () => {
    const run = await up();
    session().do(['delete', 'orders', 'password', '--yes']);
    await run.says('orders:password was deleted; the command goes on with the value that it has');
    session().do(['restore', 'orders', 'password']);
    password('second');
    await run.says('up with second');
    expect(starts(run)).toEqual(['hunter2-of-orders', 'second']);
    expect(reads()).toBe(2);
    run.child.kill('SIGTERM');
    await run.ended;
  });

  test('has the version of before where the newest one is deleted', async () => {
    password('second');
    const run = await up();
    session().do(['delete', 'orders', 'password', '--version', '2', '--yes']);
    await run.says('up with hunter2-of-orders');
    run.child.kill('SIGTERM');
    await run.ended;
  });

  test('gets a key that came to its path, and no other than --only names', async () => {
    const [all, some] = [await up(), await up(UP, '--only', 'password')];
    session().put('orders', { 'user.name': 'app' });
    await all.says('up with hunter2-of-orders app');
    password('second');
    await some.says('up with second');
    expect(starts(some)).toEqual(['hunter2-of-orders', 'second']);
    for (const run of [all, some]) run.child.kill('SIGTERM');
    await Promise.all([all.ended, some.ended]);
  });

  test('ends it when it ends, with its exit code', async () => {
    const run = await up('echo up with; read line; exit 7');
    run.child.stdin?.end('\n');
    expect(await run.ended).toBe(7);
  });

  test('is killed where it does not end', async () => {
    const deaf = 'trap "" TERM; echo "up with $PASSWORD"; while :; do sleep 0.05; done';
    const run = await up(deaf, '--kill-after', '50ms');
    password('second');
    await run.says('up with second');
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(130);
  });

  test('is not started anew when it was told to end', async () => {
    const slow =
      'trap "read line < gate; exit 9" TERM; echo "up with $PASSWORD"; while :; do sleep 0.05; done';
    spawnSync('mkfifo', ['gate'], { cwd: session().home });
    const run = await up(slow);
    password('second');
    await run.says('is started anew');
    run.child.kill('SIGTERM');
    spawnSync('sh', ['-c', 'echo > gate'], { cwd: session().home });
    expect(await run.ended).toBe(9);
    expect(starts(run)).toEqual(['hunter2-of-orders']);
  });

  test('goes on with what it has where a new value cannot be handed over, until one can', async () => {
    const run = await up();
    session().do(['put', 'orders', 'password', '-'], 'with\0nul');
    await run.says('it holds a NUL character; it is tried again');
    password('third');
    await run.says('up with third');
    expect(starts(run)).toEqual(['hunter2-of-orders', 'third']);
    run.child.kill('SIGTERM');
    await run.ended;
  });

  test('of a connector: its settings', async () => {
    const config = { name: 'orders', 'a.url': 'db?p=${secret:orders:password}' };
    const file = session().file('orders.json', JSON.stringify(config));
    const command = [
      '--connector',
      file,
      '--',
      'sh',
      '-c',
      'echo "up with $A_URL"; exec sleep 1000',
    ];
    const run = session().start([...WATCH, ...command]);
    await run.says('up with db');
    password('second');
    await run.says('up with db\\?p=second');
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(143);
  });

  test('masks new values as well', async () => {
    const args = [
      '--watch',
      '--every',
      '20ms',
      '--path',
      'orders',
      '--',
      'sh',
      '-c',
      `echo start; ${UP}`,
    ];
    const run = session().start(args);
    await run.says('up with');
    password('second-value');
    await until(() => run.stdout.match(/start/g)?.length === 2);
    await until(() => run.stdout.split('up with').length === 3);
    run.child.kill('SIGTERM');
    await run.ended;
    expect(run.stdout).toBe('start\nup with *** \nstart\nup with *** \n');
  });
});

test('with --signal and --files the files are new, and the command is told', async () => {
  const script = `
    const { readFileSync } = require('node:fs');
    const tell = () => console.log('up with', process.pid, readFileSync(process.env.PASSWORD_FILE, 'utf8'));
    process.on('SIGHUP', tell);
    tell();
    setInterval(() => {}, 1000);`;
  const args = [...WATCH, '--files', '--signal', 'HUP', '--path', 'orders', '--'];
  const run = session().start([...args, process.execPath, '-e', script]);
  await run.says('up with');
  password('second');
  await run.says('second');
  const [first, second] = starts(run).map((it) => it?.split(' '));
  expect([first?.[1], second?.[1]]).toEqual(['hunter2-of-orders', 'second']);
  expect(first?.[0]).toBe(second?.[0]);
  expect(run.stderr).toContain('secretreg: orders:password changed: SIGHUP is sent\n');
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(143);
});

describe('a registry that is away', () => {
  test('as a file, is told of once, and followed again', async () => {
    const run = await up();
    const place = join(session().home, '.local/share/secretreg');
    renameSync(place, `${place}-away`);
    await run.says('it is tried again');
    renameSync(`${place}-away`, place);
    await run.says('the secrets are followed again');
    password('second');
    await run.says('up with second');
    expect(run.stderr.match(/tried again/g)).toHaveLength(1);
    run.child.kill('SIGTERM');
    await run.ended;
  });

  test('as a server, too', async () => {
    const token = session().file('token', '');
    const admin = ['--principal', 'User:a', '--role', 'SystemAdmin', '-O', `${token}-a`];
    session().do(['access', 'token', 'create', ...admin]);
    const first = session().begin(['serve', '--listen', '127.0.0.1:0']);
    const served = () => / at (http:\S+)/.exec(first.stdout)?.[1];
    await until(() => served() !== undefined);
    const url = served() ?? '';
    const run = await up(UP, '--registry', url, '--token-file', `${token}-a`);
    first.child.kill('SIGTERM');
    await first.ended;
    await run.says('it is tried again');
    const second = session().begin(['serve', '--listen', url.replace('http://', '')]);
    await run.says('the secrets are followed again');
    password('second');
    await run.says('up with second');
    expect(starts(run)).toEqual(['hunter2-of-orders', 'second']);
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(143);
    second.child.kill('SIGTERM');
    await second.ended;
  });

  test('from the beginning, ends it before the command is started', async () => {
    const args = [
      ...WATCH,
      '--registry',
      'file:nowhere.db',
      '--path',
      'orders',
      '--',
      'echo',
      'started',
    ];
    const run = session().start(args);
    expect(await run.ended).toBe(78);
    expect(run.stdout).toBe('');
  });
});

describeKafka('a registry in a topic', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.start();
  }, 120_000);
  afterAll(() => broker.stop());

  test('is followed as one in a file is, and keeps no process from its end', async () => {
    const place = ['--registry', `kafka://${broker.address}/run`];
    session().do(['init', ...place]);
    const put = (value: string) =>
      session().do(['put', 'orders', 'password', '-', ...place], value);
    put('first');
    const script = 'echo "up with $(cat $PASSWORD_FILE)"; read line < gate; exit 7';
    spawnSync('mkfifo', ['gate'], { cwd: session().home });
    const run = await up(script, ...place, '--files-in', session().runtime, '--only', 'password');
    put('first');
    put('second');
    await run.says('orders:password changed: the command is started anew');
    await run.says('up with second');
    spawnSync('sh', ['-c', 'echo > gate'], { cwd: session().home });
    expect(await run.ended).toBe(7);
    expect(readdirSync(session().runtime)).toEqual([]);
  });
});
