// No value holds the detectors for long: each text is a megabyte of what makes one of them look again and again.
import { expect, test } from 'vitest';
import { cpuTime } from '../../cpu-time.ts';
import { credentialsIn } from '../../../src/validator/secrets/credentials.ts';
import { dangerIn } from '../../../src/validator/secrets/danger.ts';
import { kindsIn } from '../../../src/validator/secrets/setting-kind.ts';

const LENGTH = 1024 ** 2;
const LONGEST_MS = 2000;

const PARTS = [
  '${',
  '${a:',
  '{{',
  '%{',
  '<%',
  '$(',
  '://',
  'a://',
  '://a@',
  'a:',
  'a=',
  'a={&',
  'a="',
  "a='\\",
  'a',
  'aB',
  'a.',
  'a-',
  '-',
  '*',
  '<',
  ' ',
  '\t',
  '\u0000',
  '\\',
  '"',
  '; ',
  ';a',
  'a b',
  '/a',
  '/A.',
  'LoginModule ',
  'LoginModule required a="',
  'JndiLoginModul',
  'password=',
  'password={a;',
  '?sig=&sv=',
  '-----BEGIN ',
  '-----BEGIN PRIVATE KEY-----',
  '-----END ',
  'eyJ',
  'eyJhbGciOiJIUzI1NiJ9.',
  'sk-',
  'cflt',
  'glpat-',
  'ghp_q7Zr2TnVbX5mKfW8dLp0Yc3Jh6Gs9AeUiOxBwN',
  'AKIAQ7ZR2TNVBX5MKFW3 ',
  'https://hooks.slack.com/',
  'authorization: ',
  'authorization ',
  'x-a: ',
  '-token',
  'api-key',
  '"a":"',
  '"password" : ',
  '"a\\',
];
const SETTINGS = ['x', 'connection.password', 'sasl.jaas.config', 'basic.auth.user.info'];

test.each(PARTS)('a megabyte of %j', (part) => {
  for (const setting of SETTINGS) expectQuick(setting, part.repeat(LENGTH / part.length));
});

test.each([
  ['jdbc:oracle:thin:', '/"'],
  ['jdbc:sqlserver://h;', 'password={a;'],
  ['X.LoginModule required ', 'a="\\'],
  ['{"', 'a":"'],
  ['ENC(', '('],
  ['vault:', 'a/'],
  ['your-', 'a-'],
  ['https::', 'a '],
  ['a://a:b/', '@a'],
  ['a://a:b/', ',a://a:b#@'],
  ['jdbc:a://b?', 'password=&'],
  ['jdbc:a://b', ';password={'],
])('%s and a megabyte of %j', (beginning, part) => {
  for (const setting of SETTINGS)
    expectQuick(setting, beginning + part.repeat(LENGTH / part.length));
});

test('a name of a megabyte', () => {
  const start = cpuTime();
  for (const part of PARTS) {
    const name = part.repeat(LENGTH / part.length);
    credentialsIn(kindsIn([])(name), 'hunter2');
    dangerIn(name, 'hunter2');
  }
  expect(cpuTime() - start).toBeLessThan(LONGEST_MS * 2);
});

test.each([
  ['value.converter.', ''],
  ['transforms.a.', ''],
  ['transforms.', '.b'],
])('40,000 settings %s…%s, each of a class to look up', (front, behind) => {
  const entries = Array.from({ length: 40_000 }, (_, at) => ({
    key: `${front}k${at}${behind}`,
    value: 'x',
    pointer: '',
  }));
  const kindOf = kindsIn(entries);
  const start = cpuTime();
  for (const { key } of entries) kindOf(key);
  expect(cpuTime() - start).toBeLessThan(LONGEST_MS);
});

test.each(['a', '\\\\a', "\\\\'"])(
  'an option of JAAS that is not closed, with 9 MB of %s',
  (part) => {
    const value = `LoginModule required password="${part.repeat(9e6 / part.length)}`;
    const [credential] = credentialsIn(kindsIn([])('sasl.jaas.config'), value);
    expect(credential).toMatchObject({ name: 'password', end: value.length });
  },
);

function expectQuick(setting: string, value: string): void {
  const start = cpuTime();
  credentialsIn(kindsIn([])(setting), value);
  dangerIn('sasl.jaas.config', value);
  expect(cpuTime() - start, setting).toBeLessThan(LONGEST_MS);
}
