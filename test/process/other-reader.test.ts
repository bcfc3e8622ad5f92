// A registry as the command line makes it, read by a program that was written from docs/security.md alone: nobody needs this
// one to get at what is theirs.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyPassword } from '../../src/crypto/passwords.ts';
import { describePython, installed } from '../python.ts';
import { CommandLine, registryAt } from './command-line.ts';

const READER = resolve('test/crypto/python/read_registry.py');
const PASSWORD = 'a password of some length';

describePython('a program in Python', () => {
  const line = new CommandLine();
  afterAll(() => line.remove());
  const file = join(line.home, 'registry.db');
  const passphrase = line.file('passphrase', 'correct horse battery stäple\n');
  const newKey = join(line.home, 'new.key');
  let packages = '';

  beforeAll(async () => {
    packages = await installed(resolve('test/crypto/python/requirements.txt'));
    await run(['init'], passphrase);
    await run(['put', 'orders', 'password', '-'], passphrase, 'first');
    await run(['put', 'orders', 'password', '-'], passphrase, 'zweites é 日本');
    await run(['put', 'é/日本', 'user', '-'], passphrase, 'x');
    await run(['delete', 'orders', 'password', '--version', '1', '--yes'], passphrase);
    await run(['access', 'user', 'create', 'User:bob', '-'], passphrase, PASSWORD);
    await run(['access', 'grant', 'User:bob', 'DeveloperRead', 'orders'], passphrase);
  }, 600_000);

  test('reads every value, the hash of a password and the audit key under a passphrase', async () => {
    await expectAll(passphrase);
  });

  test('and after the master key was changed to one of keygen', async () => {
    await run(['keygen', newKey], passphrase);
    await run(['rotate', '--new-key-file', newKey], passphrase);
    await expectAll(newKey);
  });

  async function expectAll(keyFile: string): Promise<void> {
    const exported = `${keyFile}.audit`;
    await run(['audit', 'key', 'export', exported], keyFile);
    const auditKey = readFileSync(exported, 'utf8').trim();
    const [chain = '', seq = '', hash = ''] = (await run(['audit', 'head'], keyFile)).split(':');
    const told = readBy(keyFile);
    expect(told.pop()).toEqual({ chain, seq: Number(seq), hash });
    const sealed = new Map(told as [string, string][]);
    const hashed = sealed.get('["user","User:bob"]') ?? '';
    expect(await verifyPassword(hashed, PASSWORD)).toBe(true);
    const check = [...sealed.keys()].find((key) => key.includes('master-key')) ?? '';
    expect(sealed.get(check)).toBe('\0'.repeat(32));
    sealed.delete(check);
    expect([...sealed]).toEqual([
      ['["audit-key",1]', auditKey],
      ['["secret","orders","password",1]', 'first'],
      ['["secret","orders","password",2]', 'zweites é 日本'],
      ['["secret","é/日本","user",1]', 'x'],
      ['["user","User:bob"]', hashed],
    ]);
  }

  function readBy(keyFile: string): unknown[] {
    const env = { ...process.env, PYTHONPATH: packages, PYTHONIOENCODING: 'utf-8' };
    const told = execFileSync('python3', [READER, file, keyFile], { env, encoding: 'utf8' });
    return told
      .trimEnd()
      .split('\n')
      .map((one) => JSON.parse(one) as unknown);
  }

  async function run(args: readonly string[], keyFile: string, input = ''): Promise<string> {
    const env = { SECRETREG_REGISTRY: registryAt(file), SECRETREG_MASTER_KEY_FILE: keyFile };
    const ended = await line.run(args, { input, env });
    expect(ended.end, ended.stderr).toBe(0);
    return ended.stdout;
  }
});
