// Values in files: who can read them, and that nothing of them is left, however a run ends.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasEnded, ownMark } from '../../src/cli/run/process-mark.ts';
import { type Running, runSession, until } from './run-session.ts';

const session = runSession();
const FILES = ['--files', '--path', 'orders', '--'];
const folders = () => readdirSync(session().runtime);

/** Started, and has said so. */
async function ready(command: string, ...args: string[]): Promise<Running> {
  const run = session().start([...args, ...FILES, 'sh', '-c', `${command} echo ready; read line`]);
  await run.says('ready');
  return run;
}

test('each value is in a file of its own that nobody else can read, and in no variable', async () => {
  const run = await ready('env; ls -l "$PASSWORD_FILE";', '--no-mask');
  const [folder = ''] = folders();
  const file = join(session().runtime, folder, 'password');
  expect(run.stdout).toContain(`PASSWORD_FILE=${file}\n`);
  expect(run.stdout).not.toMatch(/^PASSWORD=|hunter2/m);
  expect(readFileSync(file, 'utf8')).toBe('hunter2-of-orders');
  expect([file, join(session().runtime, folder)].map((it) => statSync(it).mode & 0o777)).toEqual([
    0o600, 0o700,
  ]);
  run.child.stdin?.end('\n');
  expect(await run.ended).toBe(0);
  expect(folders()).toEqual([]);
});

test('a value that is base64 is there with its bytes, which are masked in the output', async () => {
  const bytes = Buffer.from([0, 255, 254, 1, 10, 200, 0]);
  session().put('store', { 'ssl.keystore': bytes.toString('base64'), password: 'hunter2' });
  const args = ['--files', '--base64', 'ssl.keystore', '--path', 'store', '--'];
  const script = 'od -An -tx1 "$SSL_KEYSTORE_FILE"; cat "$SSL_KEYSTORE_FILE" "$PASSWORD_FILE"';
  const run = session().start([...args, 'sh', '-c', script]);
  expect(await run.ended).toBe(0);
  expect(run.stdout).toBe(' 00 ff fe 01 0a c8 00\n***');
});

describe('nothing is left', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGXCPU'] as const)(
    'when %s ends it',
    async (signal) => {
      const run = await ready('');
      expect(folders()).toHaveLength(1);
      run.child.kill(signal);
      expect(await run.ended).toBeGreaterThan(128);
      expect(folders()).toEqual([]);
    },
  );

  test('when the command cannot be started', async () => {
    const run = session().start([...FILES, 'no-such-command']);
    expect(await run.ended).toBe(3);
    expect(folders()).toEqual([]);
  });

  test('when a value cannot be handed over', async () => {
    session().put('orders', { 'a/b': 'one', c: 'two' });
    const run = session().start([...FILES, 'true']);
    expect(await run.ended).toBe(1);
    expect(run.stderr).toContain('a slash cannot stand in the name of a file');
    expect(folders()).toEqual([]);
  });
});

describe('what a run that was killed has left', () => {
  test('is taken away by the next one, and nothing that is in use', async () => {
    const killed = await ready('echo $PPID;');
    const [left = ''] = folders();
    const living = await ready('');
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toBe('SIGKILL');
    expect(existsSync(join(session().runtime, left, 'password'))).toBe(true);

    const next = session().start([...FILES, 'true']);
    expect(await next.ended).toBe(0);
    expect(folders()).toHaveLength(1);
    expect(folders()).not.toContain(left);
    living.child.stdin?.end('\n');
    expect(await living.ended).toBe(0);
    expect(folders()).toEqual([]);
  });

  test('is not looked for behind a link, in what others can enter, nor under another name', async () => {
    const mark = ownMark()?.replace(/-\d+-\d+$/, '-4194305-1');
    const name = (end: string) => join(session().runtime, `secretreg-run-${mark}-${end}`);
    const elsewhere = join(session().home, 'elsewhere');
    mkdirSync(elsewhere, { mode: 0o700 });
    session().file('elsewhere/kept', '');
    symlinkSync(elsewhere, name('linked'));
    mkdirSync(name('opened'), { mode: 0o755 });
    mkdirSync(name('other-name'), { mode: 0o700 });
    mkdirSync(name('theirs').replace(/run-[0-9a-f]{8}/, 'run-00000000'), { mode: 0o700 });
    mkdirSync(name('reused'), { mode: 0o700 });
    symlinkSync(elsewhere, join(name('reused'), 'link'));
    const run = session().start([...FILES, 'true']);
    expect(await run.ended).toBe(0);
    const kept = folders().map((folder) => folder.split('-').at(-1));
    expect(new Set(kept)).toEqual(new Set(['linked', 'name', 'opened', 'theirs']));
    expect(existsSync(join(elsewhere, 'kept'))).toBe(true);
  });

  test('is known by the start of its process: another one may have its number', () => {
    const mark = ownMark() ?? '';
    expect(hasEnded(mark)).toBe(false);
    expect(hasEnded(mark.replace(/\d+$/, '1'))).toBe(true);
    expect(hasEnded(mark.replace(/^\w+/, '00000000'))).toBe(false);
    expect(hasEnded(mark.replace(/-\d+/, '-1'))).toBe(false);
  });

  test('has ended too where its parent has not asked for its end yet', async () => {
    const { spawn } = await import('node:child_process');
    const script = 'sleep 1000 & echo $!; exec sleep 1000';
    const parent = spawn('sh', ['-c', script]);
    try {
      const pid = await new Promise<string>((resolve) =>
        parent.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())),
      );
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
      const mark = ownMark()?.replace(/\d+-\d+$/, `${pid}-${stat[21]}`) ?? '';
      expect(hasEnded(mark)).toBe(false);
      // The shell would ask; what it becomes does not.
      await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n');
      process.kill(Number(pid), 'SIGKILL');
      await until(() => hasEnded(mark));
      expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ');
    } finally {
      parent.kill('SIGKILL');
    }
  });
});
