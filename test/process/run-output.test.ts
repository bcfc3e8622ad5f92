// What a command under `run` prints, by real commands: masked wherever its writes end, and otherwise as without us.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runSession, until } from './run-session.ts';

const session = runSession();
const node = (script: string) => ['--path', 'orders', '--', process.execPath, '-e', script];

test('a value that comes byte by byte, each one read before the next is written, is masked', async () => {
  const script = `
    const bytes = Buffer.from('<' + process.env.PASSWORD + '>');
    let at = 0;
    const write = () => {
      process.stdout.write(bytes.subarray(at, at + 1));
      process.stderr.write('.');
      at += 1;
      if (at === bytes.length) process.exit();
    };
    process.stdin.on('data', write);
    write();`;
  const run = session().start(node(script));
  const { length } = '<hunter2-of-orders>';
  for (let dots = 1; dots < length; dots += 1) {
    await run.says('.'.repeat(dots).replaceAll('.', '\\.'));
    run.child.stdin?.write('n');
  }
  expect(await run.ended).toBe(0);
  expect([run.stdout, run.stderr]).toEqual(['<***>', '.'.repeat(length)]);
});

test('both outputs are masked, each for itself', async () => {
  const script = 'printf "<$PASSWORD>"; printf "($PASSWORD)" >&2';
  const run = session().start(['--path', 'orders', '--', 'sh', '-c', script]);
  expect(await run.ended).toBe(0);
  expect([run.stdout, run.stderr]).toEqual(['<***>', '(***)']);
});

test('a prompt without a line end goes on at once, and so does all that cannot begin a value', async () => {
  const script = `
    process.stdout.write('Password: ');
    process.stdin.once('data', () => { process.stdout.write(process.env.PASSWORD); process.exit(); });`;
  const run = session().start(node(script));
  await run.says('Password: ');
  run.child.stdin?.end('go\n');
  expect(await run.ended).toBe(0);
  expect(run.stdout).toBe('Password: ***');
});

test('what the command leaves running is masked too, and waited for, until a signal says otherwise', async () => {
  const script = '(read line < gate; echo "later: $PASSWORD") & echo started';
  const gate = session().file('gate.sh', 'mkfifo gate');
  const { spawnSync } = await import('node:child_process');
  spawnSync('sh', [gate], { cwd: session().home });
  const run = session().start(['--path', 'orders', '--', 'sh', '-c', script]);
  await run.says('started');
  spawnSync('sh', ['-c', 'echo > gate'], { cwd: session().home });
  expect(await run.ended).toBe(0);
  expect(run.stdout).toBe('started\nlater: ***\n');

  const second = session().start(['--path', 'orders', '--', 'sh', '-c', `${script}; exit 3`]);
  await second.says('started');
  const child = readFileSync(`/proc/${second.child.pid}/task/${second.child.pid}/children`, 'utf8');
  await until(() => child.trim() === '' || !isRunning(Number(child)));
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(3);
});

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('a slow reader slows the command: what nobody has read is not taken', async () => {
  const script = `
    const fs = require('node:fs');
    process.on('SIGPIPE', () => {});
    const chunk = Buffer.alloc(65536, 'x');
    let written = 0;
    try { for (;;) written += fs.writeSync(1, chunk); }
    catch (error) { fs.writeFileSync('written', error.code + ' ' + written); }`;
  const run = session().start(node(script));
  run.child.stdout.pause();
  // Takes a while, in which an unbounded one would read on and on.
  session().do(['list']);
  (run.child.stdout as unknown as { destroy(): void }).destroy();
  await run.ended;
  const [code, written] = readFileSync(`${session().home}/written`, 'utf8').split(' ');
  expect(code).toBe('EPIPE');
  expect(Number(written)).toBeLessThan(2 ** 21);
});

test('what it writes to /dev/stdout and /dev/stderr by name arrives, as with a pipe', async () => {
  const script = 'echo "to $PASSWORD" > /dev/stdout; echo "of $PASSWORD" > /dev/stderr';
  const run = session().start(['--path', 'orders', '--', 'sh', '-c', script]);
  expect(await run.ended).toBe(0);
  expect([run.stdout, run.stderr]).toEqual(['to ***\n', 'of ***\n']);
});

test('without mkfifo on the machine it has sockets, masked as well', async () => {
  const bin = session().file('bin', '');
  const args = ['--path', 'orders', '--', '/bin/sh', '-c', 'echo "$PASSWORD"'];
  const run = session().start(args, { PATH: bin });
  expect(await run.ended).toBe(0);
  expect([run.stdout, run.stderr]).toEqual(['***\n', '']);
});

test('a signal goes to the command, whose exit code we end with', async () => {
  const script = "trap 'echo asked to end; exit 5' TERM; echo ready; while :; do sleep 0.01; done";
  const run = session().start(['--path', 'orders', '--', 'sh', '-c', script]);
  await run.says('ready');
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(5);
  expect(run.stdout).toBe('ready\nasked to end\n');
});

test('--no-mask leaves the output as it is', async () => {
  const run = session().start(['--no-mask', '--path', 'orders', '--', 'printenv', 'PASSWORD']);
  expect(await run.ended).toBe(0);
  expect(run.stdout).toBe('hunter2-of-orders\n');
});
