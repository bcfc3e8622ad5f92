// `npm run kafka`, and what the README and docs/operations.md have a person do with it.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { describeKafka } from './describe-kafka.ts';

/** The commands of the drill, for a shell. */
function drillOf(page: string): string {
  const [, block = ''] = /^The drill[^]*?```console\n([^]*?)```/m.exec(page) ?? [];
  return block.replace(/^\$ /gm, '');
}

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
    const said =
      /^Apache Kafka 4\.3\.1 is on (127\.0\.0\.1:\d+), until Ctrl-C: its data goes with it/.exec(
        lines[0] ?? '',
      );
    const address = said?.[1] ?? '';
    const [, registry = ''] = /^export SECRETREG_REGISTRY=(\S+)$/.exec(lines[2] ?? '') ?? [];
    expect(registry).toBe(`kafka://${address}/_secretreg`);

    const env = { SECRETREG_REGISTRY: registry };
    printed('init', env);
    expect(printed('put orders password -', env, 'hunter2')).toBe('orders\tpassword\t1\n');
    expect(printed('put orders unused - --force', env)).toBe('orders\tunused\t1\n');
    expect(printed('get orders password', env)).toBe('hunter2');

    const copy = join(home, 'copy.key');
    copyFileSync(join(home, '.config', 'secretreg', 'master.key'), copy);
    const connector = { name: 'orders', config: { 'a.password': '${secret:orders:password}' } };
    mkdirSync(join(home, 'connectors'));
    writeFileSync(join(home, 'connectors', 'orders.json'), JSON.stringify(connector));
    const drill = drillOf(readFileSync('docs/operations.md', 'utf8'))
      .replaceAll('kafka://broker:9092/_secretreg', registry)
      .replaceAll('127.0.0.1:9092', address)
      .replaceAll('/media/copy/master.key', copy);
    const bin = `secretreg() { '${process.execPath}' '${resolve('bin/secretreg.js')}' "$@"; }`;
    const done = spawnSync('/bin/bash', ['-ec', `${bin}\n${drill}`], {
      cwd: home,
      env: { PATH: process.env['PATH'], HOME: home },
      encoding: 'utf8',
    });
    expect({ status: done.status, stderr: done.stderr }).toMatchObject({ status: 0 });
    expect(done.stderr).toContain('import takes the values of orders:unused only with --force');
    expect(done.stdout).toContain('imported 2 secrets under 1 path\n');
    expect(done.stdout).toMatch(/^\d+ lines fit/m);
    expect(readdirSync(home).filter((name) => /^(backup|trial)/.test(name))).toEqual([]);

    child.kill('SIGINT');
    expect((await once(child, 'exit'))[0]).toBe(0);
    expect(secretreg('list', env).status).toBe(3);
    expect(existsSync(join(home, '.local'))).toBe(false);
  });
});
