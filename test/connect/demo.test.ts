// `npm run demo:connect` as a person sees it.
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { installWorker } from './install.ts';
import { connectJar } from './jar.ts';

describeKafka('npm run demo:connect', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'secretreg-test-demo-'));
  let shown: { status: number | null; stdout: string; stderr: string };
  beforeAll(async () => {
    await Promise.all([installWorker(4), connectJar()]);
    // Settings of the person who runs it must not change what comes out.
    const env = { ...process.env, TMPDIR: temporary, SECRETREG_REGISTRY: 'file:own.db' };
    shown = spawnSync(process.execPath, ['scripts/demo-connect.ts'], {
      env,
      encoding: 'utf8',
      timeout: 240_000,
    });
  }, 300_000);
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  /** What a command of the demo printed. */
  const printed = (command: string) =>
    (shown.stdout.split(`$ ${command}`)[1] ?? '')
      .split('\n')
      .slice(1)
      .join('\n')
      .split(/\n[$#]/)[0];

  test('it ends well, and leaves no file and no process behind', () => {
    expect(shown.status, shown.stdout + shown.stderr).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
    expect(commandLines().filter((line) => line.includes(temporary))).toEqual([]);
  });

  test('a connector logs in with its secrets, before and after they are changed', () => {
    expect(printed("echo 'order 1'")).toContain('order 1');
    expect(printed("echo 'order 2'")).toContain('order 2');
    expect(shown.stdout).toContain('orders-source\trestarted\torders-source:username 1 → 2');
  });

  test('one that reaches for those of another is refused', () => {
    expect(printed('curl -s --json @curious.json')).toBe(
      `{"error_code":422,"message":"Connector 'curious-source' may only refer to secrets under its own name: 'producer.override.sasl.jaas.config' refers to path 'orders-source'"}\n`,
    );
  });

  test('the audit says which versions the worker was given, and nobody else', () => {
    const reads = printed('secretreg audit')
      ?.split('\n')
      .filter((line) => line.includes('secret.Read'))
      .map((line) => line.split('\t').slice(1).join(' '));
    expect([...new Set(reads)].sort((a, b) => (a < b ? -1 : 1))).toEqual([
      'User:connect secret.Read secret=orders-source/key=password/version=1 ok',
      'User:connect secret.Read secret=orders-source/key=username/version=1 ok',
      'User:connect secret.Read secret=orders-source/key=username/version=2 ok',
    ]);
  });
});

/** Of all processes, where the system tells them. */
function commandLines(): string[] {
  return globSync('/proc/[0-9]*/cmdline').flatMap((file) => {
    try {
      return [readFileSync(file, 'utf8')];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}
