// The forms in which a value is masked, made here by those who write them: Node's own encoders, and Python's.
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SecretValue } from '../../../src/domain/secret-value.ts';
import { Automaton } from '../../../src/cli/run/automaton.ts';
import { Masker } from '../../../src/cli/run/masker.ts';
import { isMasked, needlesOf } from '../../../src/cli/run/needles.ts';

function masked(text: string, ...values: string[]): string {
  const needles = needlesOf(values.map((value) => SecretValue.of(value)));
  const masker = new Masker(new Automaton(needles));
  return Buffer.concat([masker.write(Buffer.from(text)), masker.end()]).toString();
}

const VALUE = 'p\u00e4ss "w/o\u{1f511}rd" 100%+\\n~*\'';
function withPassword(value: string): string {
  const url = new URL('https://u@h');
  url.password = value;
  return url.password;
}

const KEY = `-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASC
BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj
abc=
-----END PRIVATE KEY-----
`;
const pythonForms = `
import base64, json, sys, urllib.parse
value = sys.stdin.buffer.read().decode()
print(json.dumps(value)[1:-1])
print(urllib.parse.quote(value))
print(urllib.parse.quote(value, safe=''))
print(urllib.parse.quote_plus(value))
print(base64.urlsafe_b64encode(value.encode()).decode())
`;

describe('a value is masked', () => {
  const bytes = Buffer.from(VALUE);
  test.each([
    ['as it is', VALUE],
    ['in JSON', JSON.stringify(VALUE).slice(1, -1)],
    ['in JSON with escaped slashes', JSON.stringify(VALUE).slice(1, -1).replaceAll('/', '\\/')],
    ['in a URL', encodeURIComponent(VALUE)],
    ['in a form', new URLSearchParams({ a: VALUE }).toString().slice(2)],
    ['in base64', bytes.toString('base64')],
    ['in base64 without padding', bytes.toString('base64').replaceAll('=', '')],
    ['in base64 for URLs', bytes.toString('base64url')],
    ['in a URL of Node.js', withPassword(VALUE)],
    ['in a URL that is escaped as a whole', encodeURI(VALUE)],
  ])('%s', (_, form) => {
    expect(masked(`a ${form}, b`, VALUE)).toBe('a ***, b');
  });

  test("as Python's libraries write it", () => {
    const { stdout } = spawnSync('python3', ['-c', pythonForms], {
      input: VALUE,
      encoding: 'utf8',
    });
    expect(masked(stdout, VALUE)).toBe('***\n'.repeat(5));
  });

  // What is escaped beside what must be, by programs that are not here to be asked.
  test.each([
    ['JSON of Go', `p<&>='+"s`, String.raw`p\u003c\u0026\u003e='+\"s`],
    ['JSON of Gson', "p<&>='s", String.raw`p\u003c\u0026\u003e\u003d\u0027s`],
    ['JSON of .NET', `p"'+\`\u00e9`, String.raw`p\u0022\u0027\u002B\u0060\u00E9`],
    ['a URL of Go', 'p@s$&+,;=!w/o:?', 'p%40s$&+,;=%21w%2Fo%3A%3F'],
    ['a URI of Java', "p@s$&+,;=!w/o:?'", "p%40s$&+,;=!w%2Fo:%3F'"],
    ['a form of PHP', 'p ~*s', 'p+%7E%2As'],
    ['JSON, however short', 'a"bc', String.raw`a\"bc`],
  ])('in %s', (_, value, form) => {
    expect(masked(`<${form}>`, value)).toBe('<***>');
  });

  test.each([64, 76])('in base64 by lines of %i signs', (length) => {
    const value = `${VALUE}${'x'.repeat(120)}`;
    const lines = Buffer.from(value)
      .toString('base64')
      .match(new RegExp(`.{1,${length}}`, 'g'));
    for (const end of ['\n', '\r\n'])
      expect(masked(`a\n${lines?.join(end)}\nb`, value)).toBe('a\n***\nb');
    expect(masked(`> ${lines?.[0]}\n> ${lines?.[1]}`, value)).toBe('> ***\n> ***');
  });

  test('without the line end that a file has behind it', () => {
    expect(masked('u:hunter2@h', 'hunter2\n')).toBe('u:***@h');
    expect(masked(Buffer.from('us:hunter2').toString('base64'), 'hunter2\n')).toBe('dXM6***');
  });

  test('in a header of HTTP, behind a name of any length', () => {
    for (const name of ['u', 'us', 'use', 'user']) {
      const header = Buffer.from(`${name}:hunter2-and-more`).toString('base64');
      const left = masked(header, 'hunter2-and-more');
      expect(left).toContain('***');
      // The signs at its ends hold bits of its neighbours too: at most two bytes at each end stay.
      expect(left.length).toBeLessThan(name.length + 12);
    }
  });

  test('line by line, without the lines that say what it is, and those of a few signs', () => {
    const log = KEY.split('\n').map((line) => `12:00 ${line}`);
    expect(masked(log.join('\r\n'), KEY).split('\r\n')).toEqual([
      '12:00 -----BEGIN PRIVATE KEY-----',
      '12:00 ***',
      '12:00 ***',
      '12:00 abc=',
      '12:00 -----END PRIVATE KEY-----',
      '12:00 ',
    ]);
    expect(masked(KEY, KEY)).toBe('***');
  });

  test('whatever it is: as it is, in JSON, in a URL, in base64', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 4 }), (value) => {
        const forms = [
          value,
          JSON.stringify(value).slice(1, -1),
          encodeURIComponent(value),
          Buffer.from(value).toString('base64'),
        ];
        for (const form of forms) expect(masked(`<${form}>`, value)).not.toContain(`<${form}>`);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what would take apart what a program says', () => {
  test('is not masked: a value of fewer than four bytes', () => {
    expect(masked('a 1 abc', 'a', '1', 'abc')).toBe('a 1 abc');
    expect(['', 'abc', 'abcd', '\u{1f511}'].map((it) => isMasked(SecretValue.of(it)))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  test('nor is a form of it that is shorter than what stands somewhere by chance', () => {
    expect(needlesOf([SecretValue.of('abcd')]).map(String)).toEqual(['abcd', 'YWJjZA==', 'YWJjZA']);
  });

  test('of a value as large as a file its forms are not kept, for they would take twenty times its size', () => {
    expect(needlesOf([SecretValue.of('x'.repeat(16 * 1024))]).length).toBeGreaterThan(3);
    expect(needlesOf([SecretValue.of('x'.repeat(16 * 1024 + 1))])).toHaveLength(1);
  });
});
