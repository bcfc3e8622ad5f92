// `npm run kafka`, and what the README and docs/operations.md have a person do with it.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { describeKafka } from './describe-kafka.ts';
import { startedTrial } from './trial.ts';

/** The commands of the first session of a part of the page, for a shell. */
function sessionOf(page: string, heading: string): string {
  const [, part = ''] = page.split(`\n## ${heading}\n`);
  const [, block = ''] = /^```console\n([^]*?)```/m.exec(part) ?? [];
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

  test('three commands make a registry, the steps of the page work on it, and Ctrl-C ends it all', async () => {
    const { child, lines } = await startedTrial();
    const said =
      /^Apache Kafka 4\.3\.1 is on (127\.0\.0\.1:\d+), until Ctrl-C: its data goes with it/.exec(
        lines[0] ?? '',
      );
    const address = said?.[1] ?? '';
    const [, registry = ''] = /^export SECRETREG_REGISTRY=(\S+)$/.exec(lines[2] ?? '') ?? [];
    expect(registry).toBe(`kafka://${address}/_secretreg`);

    const [, block = ''] =
      /\n## With Kafka\n[^]*?\n```\n([^]*?)```\n/.exec(readFileSync('README.md', 'utf8')) ?? [];
    expect(block.replace('127.0.0.1:9092', address).split('\n')).toEqual([
      `export SECRETREG_REGISTRY=${registry}`,
      'secretreg init',
      'secretreg put orders-sink connection.password',
      '',
    ]);

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
    const page = readFileSync('docs/operations.md', 'utf8');
    const bin = `secretreg() { '${process.execPath}' '${resolve('bin/secretreg.js')}' "$@"; }`;
    const done = (heading: string) => {
      const session = sessionOf(page, heading)
        .replaceAll('kafka://broker:9092/_secretreg', registry)
        .replaceAll('kafka://new:9092/_secretreg', `kafka://${address}/moved`)
        .replaceAll('127.0.0.1:9092', address)
        .replaceAll('/media/copy/master.key', copy);
      const { status, stdout, stderr } = spawnSync('/bin/bash', ['-ec', `${bin}\n${session}`], {
        cwd: home,
        env: { PATH: process.env['PATH'], HOME: home },
        encoding: 'utf8',
      });
      expect(`${heading}: ${status}`, stderr).toBe(`${heading}: 0`);
      return { stdout, stderr };
    };

    const drill = done('Backup and restore');
    expect(drill.stderr).toContain('import takes the values of orders:unused only with --force');
    expect(drill.stdout).toContain('imported 2 secrets under 1 path\n');
    expect(drill.stdout).toMatch(/^\d+ lines fit/m);
    expect(readdirSync(home).filter((name) => /^(backup|trial)/.test(name))).toEqual([]);

    const key = join(home, '.config', 'secretreg', 'master.key');
    renameSync(key, join(home, 'found.key'));
    const lost = done('A lost key of a topic');
    expect(lost.stdout).toContain('orders\tpassword\t1\n');
    expect(readFileSync(join(home, 'lost.json'), 'utf8')).toContain('"key":"password"');
    renameSync(join(home, 'found.key'), key);

    const leaked = done('A leaked key of a topic');
    expect(leaked.stdout).toMatch(
      /^sealed records under key [0-9a-f]{32}: \d+, and every one opens$/m,
    );
    expect(leaked.stdout).toContain('orders\tpassword\t2\n');
    expect(secretreg('list', { ...env, SECRETREG_MASTER_KEY_FILE: copy }).status).toBe(78);

    const moved = done('Moving to another cluster');
    expect(moved.stdout).toContain(`moved to kafka://${address}/moved`);
    expect(moved.stdout).toMatch(/^\d+ lines fit/m);
    expect(secretreg('list', env).status).toBe(78);

    child.kill('SIGINT');
    expect((await once(child, 'exit'))[0]).toBe(0);
    expect(secretreg('list', env).status).toBe(3);
    expect(existsSync(join(home, '.local'))).toBe(false);
  });
});
