// The keys under which the credentials of a connector would be stored: none is taken twice, none is taken already.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseKey } from '../../../src/domain/names.ts';
import { literalSecrets } from '../../../src/validator/secrets/literal-secrets.ts';

const JAAS =
  'org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="p9";';

const ROWS: readonly (readonly [Record<string, string>, Record<string, string>])[] = [
  [{ 'connection.password': 'p1' }, { 'connection.password': 'password' }],
  [{ 'database.password': 'p1' }, { 'database.password': 'password' }],
  [{ 'ssl.key.password': 'p1' }, { 'ssl.key.password': 'ssl.key.password' }],
  [{ 'aws.secret.access.key': 'p1' }, { 'aws.secret.access.key': 'aws.secret.access.key' }],
  [{ 'aws.access.key.id': 'AKIAQ7ZR2TNVBX5MKFW3' }, { 'aws.access.key.id': 'aws.access.key.id' }],
  [{ 'headers.value': 'AKIAQ7ZR2TNVBX5MKFW3' }, { 'headers.value': 'token' }],
  [{ 'sasl.jaas.config': JAAS }, { 'sasl.jaas.config': 'password' }],
  [{ 'connection.url': 'jdbc:x://u:p1@h/' }, { 'connection.url': 'password' }],
  [
    { 'database.password': 'p1', 'sasl.jaas.config': JAAS },
    { 'database.password': 'password', 'sasl.jaas.config': 'sasl.jaas.config.password' },
  ],
  [
    { 'database.password': 'p1', 'connection.url': 'jdbc:x://u:${secret:o:password}@h/' },
    { 'database.password': 'database.password' },
  ],
  [
    { 'producer.override.ssl.key.password': 'p1', 'consumer.override.ssl.key.password': 'p1' },
    {
      'producer.override.ssl.key.password': 'producer.override.ssl.key.password',
      'consumer.override.ssl.key.password': 'producer.override.ssl.key.password',
    },
  ],
  [{ '2fa:token': 'p1' }, { '2fa:token': 'secret.2fa.token' }],
  [{ 'x y=z.password': 'p1' }, { 'x y=z.password': 'x.y.z.password' }],
];

test.each(ROWS)('%j is stored as %j', (settings, keys) => {
  const found = literalSecrets(entriesOf(settings));
  expect(Object.fromEntries(found.map(({ entry, key }) => [entry.key, key]))).toEqual(keys);
});

test('each key is a key, equal texts share one, others never do', () => {
  const words = fc.constantFrom(
    'a',
    'ssl',
    'key',
    '2',
    'password',
    'token',
    'ü',
    ':',
    'connection',
  );
  const name = fc
    .array(words, { minLength: 1, maxLength: 4 })
    .map((it) => [...it, 'password'].join('.'));
  const value = fc.constantFrom('p1', 'p2', 'p3', '${secret:o:password}', 'https://u:p4@h');
  fc.assert(
    fc.property(fc.dictionary(name, value, { maxKeys: 8 }), (settings) => {
      const found = literalSecrets(entriesOf(settings));
      for (const { key } of found) expect(parseKey(key).ok).toBe(true);
      const texts = new Map<string, string>();
      for (const { key, entry, start, end } of found) {
        const text = entry.value.slice(start, end);
        expect(texts.get(key) ?? text).toBe(text);
        texts.set(key, text);
      }
      const isReferredTo = Object.values(settings).includes('${secret:o:password}');
      if (isReferredTo) expect(texts.has('password')).toBe(false);
    }),
  );
});

function entriesOf(settings: Record<string, string>) {
  return Object.entries(settings).map(([key, value]) => ({ key, value, pointer: `/${key}` }));
}
