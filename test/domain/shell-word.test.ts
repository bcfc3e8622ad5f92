import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { secretCommand, shellWord } from '../../src/domain/shell-word.ts';
import { SecretregError } from '../../src/errors.ts';

const HOSTILE = [
  '$(id>pwned)',
  '`id`',
  "it's",
  'a b',
  ';id',
  '~root',
  '*',
  '"',
  '!x',
  '',
  'CN=app, O=Ex',
];

/** What a shell makes of a line, word by word. */
function wordsOf(line: string): string[] {
  const script = `secretreg() { printf '%s\\n' "$@"; }; ${line}`;
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\n').slice(0, -1);
}

describe('a word for a shell', () => {
  test.each(HOSTILE)('%s stays as it is', (text) => {
    expect(wordsOf(`secretreg ${shellWord(text)}`)).toEqual([text]);
  });

  test.each(['orders', 'kafka://a:9092,b/t', 'User:CN=app,O=Example', './a-b_c.pem'])(
    '%s needs no quotes',
    (text) => expect(shellWord(text)).toBe(text),
  );

  test('shows what would steer a terminal', () => {
    expect(shellWord('a\u001b[2Kb')).toBe("'a\\u{1b}[2Kb'");
  });
});

describe('a command on a secret', () => {
  test.each(HOSTILE.filter((name) => name !== ''))('with the path %s runs nothing else', (path) => {
    expect(wordsOf(secretCommand('put', [path, 'key'], ['--force']))).toEqual([
      'put',
      path,
      'key',
      '--force',
    ]);
  });

  test.each([
    [['orders', 'key'], 'secretreg get orders key'],
    [['orders-eu', 'my key'], "secretreg get orders-eu 'my key'"],
    [['-'], 'secretreg get -'],
    [[], 'secretreg get'],
  ])('%j without options', (names, text) => {
    expect(secretCommand('get', names)).toBe(text);
  });

  test('with a path that begins as an option does has its options in front', () => {
    expect(secretCommand('restore', ['-x', 'key'], ['--version 2'])).toBe(
      'secretreg restore --version 2 -- -x key',
    );
  });
});

describe('the hint of an error', () => {
  const path = '$(id)';
  const key = 'k';
  test.each([
    new SecretregError('value-as-argument', { path, key }),
    new SecretregError('value-empty', { path, key }),
    new SecretregError('value-looks-masked', { path, key }),
    new SecretregError('value-not-utf8', { path, key }),
    new SecretregError('key-not-found', { path, key }),
    new SecretregError('version-not-found', { path, key, version: 1 }),
    new SecretregError('version-deleted', { path, key, version: 1 }),
    new SecretregError('version-moved-on', { path, key, expected: '1', actual: '2' }),
    new SecretregError('registry-moved', { place: 'file:/a', to: `file:/${path}` }),
    new SecretregError('registry-moving', { place: 'file:/a', to: `file:/${path}` }),
    new SecretregError('master-key-readable-by-others', { file: `/${path}`, mode: '0644' }),
  ])('$code has hostile text in quotes', ({ hint = '' }) => {
    expect(hint).toMatch(/'[^']*\$\(id\)'/);
    expect(hint.replace(/'[^']*'/g, '')).not.toContain('$');
  });
});
