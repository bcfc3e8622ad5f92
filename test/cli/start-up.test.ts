// What a command does not need is not loaded: each start pays for what is.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Script } from 'node:vm';
import { afterAll, describe, expect, test } from 'vitest';

const home = mkdtempSync(join(tmpdir(), 'secretreg-start-up-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('validate without a worker loads neither HTTP nor TLS', () => {
  const told = join(home, 'loaded.json');
  const script = join(home, 'tell.cjs');
  writeFileSync(
    script,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(told)}, JSON.stringify(process.moduleLoadList)));`,
  );
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      ...['-r', script, resolve('bin/secretreg.js'), 'validate'],
      resolve('fixtures/quickstart/orders-sink.json'),
    ],
    { cwd: home, env: { HOME: home }, encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const loaded = JSON.parse(readFileSync(told, 'utf8')) as string[];
  expect(loaded).toContain('NativeModule fs');
  expect(loaded.filter((name) => /^NativeModule (?:https?|tls)$/.test(name))).toEqual([]);
});

describe('the code cache of the build', () => {
  interface Loader {
    load(file: string, compiled: (file: string, script: Script) => void): unknown;
  }
  const run = (flags: readonly string[]) =>
    spawnSync(process.execPath, [...flags, resolve('bin/secretreg.js'), 'get', '--help'], {
      env: { HOME: home },
      encoding: 'utf8',
    });

  test('is taken by the Node.js that built', () => {
    const rejected = new Map<string, boolean | undefined>();
    const loader = createRequire(import.meta.url)('../../bin/load.js') as Loader;
    loader.load(resolve('dist/main.cjs'), (file, script) =>
      rejected.set(basename(file), script.cachedDataRejected),
    );
    expect(rejected.get('main.cjs')).toBe(false);
  });

  test('is left alone by a V8 of other flags, which does the same', () => {
    const { status, stdout, stderr } = run(['--no-opt']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(run([]).stdout);
  });
});
