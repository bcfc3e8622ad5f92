import { cpuTime } from '../cpu-time.ts';
import { expect, test } from 'vitest';
import { scanReferences } from '../../src/domain/reference.ts';
import { surroundingsOf } from '../../src/validator/surroundings.ts';

/** The first of its references; `§` is one. */
function around(text: string, setting = 'x'): string | undefined {
  const value = text.replaceAll('§', '${secret:orders:p}').replace('°', '${secret:orders:q}');
  const references = scanReferences(value);
  const asked = references.find(({ key }) => key === 'p');
  if (asked === undefined) throw new Error('no reference');
  return surroundingsOf(setting, value, references, asked);
}

const JAAS = 'org.apache.kafka.common.security.plain.PlainLoginModule required';

test.each([
  ['§', 'setting'],
  [' § ', 'setting'],
  [`${JAAS} username="°" password="§";`, 'jaas-double-quotes'],
  [`${JAAS} username="\\"°" password='§';`, 'jaas-single-quotes'],
  [`${JAAS} username=° password=§;`, 'jaas-word'],
  [`${JAAS} username=° password=x§;`, 'jaas-word'],
  [`${JAAS} § username="a";`, undefined],
  ['{"a": "b\\"", "key": "§"}', 'json-string'],
  ['{"a": "b", "key": §}', undefined],
  [' ["§"]', 'json-string'],
  ['<a b="c">§</a>', 'xml-text'],
  ['<a b="§">', 'xml-double-quotes'],
  ["<a b='§'>", 'xml-single-quotes'],
  ['<§>', undefined],
  ['https://§@host/', 'url-password'],
  ['https://§:°@host/', 'url-user'],
  ['https://user:§@host/', 'url-password'],
  ['mongodb://user:§@host/', 'mongodb-login'],
  ['mongodb+srv://user:§@host/?w=1', 'mongodb-login'],
  ['postgresql://°:§@host', 'url-password'],
  ['https://a:b@c,https://user:§@host/', 'url-password'],
  ['mongodb://h1,h2/db?a=b&c=§', 'url-form'],
  ['https://§/path', 'line'],
  ['jdbc:postgresql://host:5432/db?user=a&password=§', 'url-form'],
  ['jdbc:mysql://host/db?password=§&x=y', 'url-query'],
  ['jdbc:mysql:loadbalance://host/db?password=§', 'url-query'],
  ['https://hooks.example.com/services/§', 'url-path'],
  ['jdbc:sqlserver://host:1433;user=sa;password=§', 'connection-string'],
  ['jdbc:sqlserver://host:1433;user=sa;password={§};encrypt=true', 'connection-string-braces'],
  ['Endpoint=sb://x.example.com/;SharedAccessKeyName=a;SharedAccessKey=§', 'connection-string'],
  ['AccountKey=§;EndpointSuffix=core', 'connection-string'],
  ['jdbc:oracle:thin:scott/§@host:1521:x', 'oracle-login'],
  ['jdbc:oracle:thin:scott/"§"@host', 'double-quotes'],
  ["select * from t where token = '§'", 'single-quotes'],
  ['a,§,b', 'list'],
  ['Bearer §', 'line'],
  ["don't §", 'line'],
  ['-----BEGIN KEY-----§-----END KEY-----', undefined],
  ['a=b\nc=§', undefined],
])('%s stands in %s', (text, surroundings) => {
  expect(around(text)).toBe(surroundings);
});

test('a setting may say by its name what it is', () => {
  expect(around('§:°', 'schema.registry.basic.auth.user.info')).toBe('user-of-a-pair');
  expect(around('°:§', 'schema.registry.basic.auth.user.info')).toBe('line');
  expect(around('§:°', 'note')).toBe('line');
  expect(around('Other required password="§";', 'producer.override.sasl.jaas.config')).toBe(
    'jaas-double-quotes',
  );
});

test('nothing is asked about a text that nobody writes, however long it is', () => {
  const before = cpuTime();
  expect(around(`${'x://a,'.repeat(100_000)}§`)).toBeUndefined();
  expect(around('§ '.repeat(33))).toBeUndefined();
  for (const part of ['x://a,', '"', '\\', ';a=', '/', ' ', '?'])
    for (let i = 0; i < 32; i += 1) around(`${part.repeat(2700)}§`);
  expect(cpuTime() - before).toBeLessThan(2000);
});

/** Each ends so that a pattern which may begin at every part of it fits from none: 0.7 s and more, where one does. */
test.each([
  ['=', ';', 'sasl.jaas.config'],
  ['a', ' ', 'x'],
  [' ', ';', 'x'],
  ['=a://', '"', 'x'],
])('a text of %j before %j is gone over once', (part, end, setting) => {
  const begun = cpuTime();
  const text = `${part.repeat(15_000 / part.length)}${end}§`;
  for (let i = 0; i < 32; i += 1) around(text, setting);
  expect(cpuTime() - begun).toBeLessThan(400);
});
