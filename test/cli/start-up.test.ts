// What a command does not need is not loaded: each start pays for what is.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

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
