// What several threads find is what one finds, in the same order.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifestText } from '../../src/validator/manifest.ts';

const FILES = 1200;
const folder = mkdtempSync(join(tmpdir(), 'secretreg-many-'));
const connectors = join(folder, 'connectors');

beforeAll(() => {
  mkdirSync(connectors);
  for (let number = 0; number < FILES; number += 1) {
    const path = number % 50 === 7 ? 'other' : `c${number}`;
    const config = `{"connector.class": "X", "p": "\${secret:${path}:p}"}`;
    const [name, text] =
      number % 3 === 0
        ? [`${number}.yaml`, `name: c${number}\nconfig: ${config}\n`]
        : [
            `${number}.json`,
            number % 3 === 1 ? `{"name": "c${number}", "config": ${config}}` : config,
          ];
    writeFileSync(join(connectors, name), text);
  }
  writeFileSync(join(connectors, '5.json'), Buffer.from('{"connector.class": 1}', 'utf16le'));
  mkdirSync(join(folder, 'home'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function validate(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['bin/secretreg.js', 'validate', connectors, ...args],
    {
      encoding: 'utf8',
      env: { ...process.env, HOME: join(folder, 'home'), XDG_DATA_HOME: '', XDG_CONFIG_HOME: '' },
      maxBuffer: 1024 ** 3,
    },
  );
  return { status, stdout, stderr };
}

describe('several threads', () => {
  test.each([
    ['the report for people', []],
    ['the report of every file', ['--format', 'json']],
    ['connectors that are named by their files', ['--name-from-file', '--format', 'json']],
    ['severities and exclusions', ['--rule', 'path-is-not-connector=note', '--format', 'jsonl']],
    ['what all files say together', ['--rule', 'shared-path=warning', '--format', 'jsonl']],
  ])('come to the same as one: %s', (_what, args) => {
    const one = validate(...args, '--jobs', '1');
    expect(validate(...args, '--jobs', '3')).toEqual(one);
    expect(one.stdout).toContain('path-is-not-connector');
    expect(one.status).toBe(3);
    expect(one.stderr).toContain("5.json' cannot be read: ");
  });

  test('look at names that exist', () => {
    const manifest = join(folder, 'manifest.json');
    const facts = new Map(
      Array.from({ length: 900 }, (_, number) => [
        `c${number}`,
        new Map([['p', { state: 'enabled' as const, version: 1 }]]),
      ]),
    );
    const about = { registry: '0'.repeat(32), authenticated: true };
    writeFileSync(manifest, manifestText({ madeAt: '2026-11-27T00:00:00.000Z', ...about, facts }));
    const one = validate('--manifest', manifest, '--format', 'jsonl', '--jobs', '1');
    expect(validate('--manifest', manifest, '--format', 'jsonl', '--jobs', '4')).toEqual(one);
    expect(one.stdout.match(/missing-path/g)?.length).toBeGreaterThan(150);
  });

  test('are more than none and fewer than a hundred', () => {
    expect(validate('--jobs', '0').stderr).toContain('--jobs takes a number from 1 to 99');
  });
});
