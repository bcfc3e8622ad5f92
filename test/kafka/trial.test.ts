// `npm run kafka`, and what the README and docs/operations.md have a person do with it.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { describeKafka } from './describe-kafka.ts';

describeKafka('npm run kafka', () => {
  const home = mkdtempSync(join(tmpdir(), 'secretreg-trial-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const secretreg = (args: string, env: Record<string, string>, input = '') => {
    const all = { PATH: process.env['PATH'] ?? '', HOME: home, ...env };
    const bin = resolve('bin/secretreg.js');
    return spawnSync(process.execPath, [bin, ...args.split(' ')], { cwd: home, env: all, input });
  };
  const printed = (...call: Parameters<typeof secretreg>) => {
    const { status, stdout, stderr } = secretreg(...call);
    expect({ status, stderr: stderr.toString() }).toMatchObject({ status: 0 });
    return stdout.toString();
  };

  test('three commands make a registry, a backup is restored elsewhere, and Ctrl-C ends it all', async () => {
    const child = spawn(process.execPath, ['scripts/kafka.ts'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line.includes('put orders password')) break;
    }
    const said = /^Apache Kafka 4\.3\.1 is on (127\.0\.0\.1:\d+), until Ctrl-C$/.exec(
      lines[0] ?? '',
    );
    const address = said?.[1] ?? '';
    const [, registry = ''] = /^export SECRETREG_REGISTRY=(\S+)$/.exec(lines[2] ?? '') ?? [];
    expect(registry).toBe(`kafka://${address}/_secretreg`);

    const env = { SECRETREG_REGISTRY: registry };
    printed('init', env);
    expect(printed('put orders password -', env, 'hunter2')).toBe('orders\tpassword\t1\n');
    expect(printed('get orders password', env)).toBe('hunter2');
    printed('export backup.json', env);

    const trial = {
      SECRETREG_REGISTRY: `kafka://${address}/trial`,
      SECRETREG_MASTER_KEY_FILE: join(home, 'trial.key'),
    };
    printed('init', trial);
    expect(printed('import backup.json', trial)).toBe('imported 1 secret under 1 path\n');
    expect(printed('get orders password', trial)).toBe('hunter2');
    expect(printed('audit verify', trial)).toMatch(/^\d+ lines fit/);
    expect(secretreg('doctor -o json', trial).status).toBe(0);
    expect(readFileSync(join(home, 'backup.json'), 'utf8')).toContain('hunter2');

    child.kill('SIGINT');
    expect((await once(child, 'exit'))[0]).toBe(0);
    expect(secretreg('list', env).status).toBe(3);
    expect(existsSync(join(home, '.local'))).toBe(false);
  });
});
