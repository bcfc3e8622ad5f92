// `npm run quickstart` as a new user sees it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const SCRIPT = resolve('scripts/quickstart.ts');
const folder = mkdtempSync(join(tmpdir(), 'secretreg-test-quickstart-'));
const temporary = join(folder, 'tmp');
mkdirSync(temporary);
// A setting of the person who runs it must not be touched, and none must change what comes out.
const env = {
  PATH: process.env['PATH'],
  HOME: join(folder, 'home'),
  TMPDIR: temporary,
  SECRETREG_REGISTRY: `file:${join(folder, 'own.db')}`,
  SECRETREG_MASTER_KEY: 'short',
};
const shown = run(SCRIPT);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('it ends well, says nothing on stderr, and leaves nothing behind', () => {
  expect({ status: shown.status, stderr: shown.stderr }).toEqual({ status: 0, stderr: '' });
  expect(readdirSync(temporary)).toEqual([]);
  expect(readdirSync(folder)).toEqual(['tmp']);
});

test('it ends with the resolved configuration', () => {
  const file = 'fixtures/quickstart/orders-sink.json';
  const last = shown.stdout.split(`$ secretreg resolve ${file} --reveal\n`)[1] ?? '';
  const text = readFileSync(file, 'utf8');
  const [, password = ''] = /"connection.password": "(\w{24})"/.exec(last) ?? [];
  const values = {
    'connection.user': 'orders_app',
    'connection.password': password,
    ...(JSON.parse(readFileSync('fixtures/quickstart/kafka-credentials.json', 'utf8')) as object),
  };
  const resolved = Object.entries(values).reduce(
    (all, [key, value]) => all.replace(`\${secret:orders-sink:${key}}`, value),
    text,
  );
  expect(password).not.toBe('');
  expect(resolved).not.toContain('secret:');
  expect(last).toBe(resolved);
});

test('it shows a configuration refused, with three places and what would be right', () => {
  const places = [...shown.stdout.matchAll(/^\S+-wrong\.json:(\d+:\d+): error: .* \[(.+)\]$/gm)];
  expect(places.map(([, place, rule]) => `${place} ${rule}`)).toEqual([
    '8:34 path-is-not-connector',
    '9:29 malformed-reference',
    '14:191 missing-key',
  ]);
  expect(shown.stdout.match(/^hint: \$\{secret:orders-sink:.*\}$/gm)).toHaveLength(3);
});

test('off a terminal it uses no colour', () => {
  expect(shown.stdout).not.toContain('\u001b');
});

test('its commands, pasted into a shell, do the same', () => {
  const commands = [...shown.stdout.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command);
  const pasted = spawnSync('bash', { input: `${commands.join('\n')}\n`, env, encoding: 'utf8' });
  const comparable = (text: string) =>
    text
      .replace(/^[$#] .*\n/gm, '')
      .replace(/^\n(?=\n|\S)/gm, '')
      .replace(/\b[0-9a-f]{32}\b/g, '<id>')
      .replace(/"\w{24}"/, '"<generated>"');
  expect(pasted.stderr).toBe('');
  expect(comparable(pasted.stdout)).toBe(comparable(shown.stdout));
});

test('without a build it says what to do', () => {
  const bare = join(folder, 'bare', 'scripts');
  mkdirSync(bare, { recursive: true });
  cpSync(SCRIPT, join(bare, 'quickstart.ts'));
  const { status, stdout, stderr } = run(join(bare, 'quickstart.ts'));
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: '',
    stderr: 'quickstart: secretreg is not built yet\nhint: npm run build\n',
  });
});

function run(script: string) {
  return spawnSync(process.execPath, [script], { env, encoding: 'utf8', timeout: 60_000 });
}
