import { expect, test } from 'vitest';
import { settingsFacts } from '../../src/cli/doctor/settings-facts.ts';
import type { Settings } from '../../src/cli/settings.ts';
import { SETTINGS } from '../../src/store/kafka/setting-names.ts';

const settings: Settings = {
  registry: { value: 'kafka://broker:9092/_secretreg', origin: '--registry' },
  key: { kind: 'text', value: 'canary-of-the-key', origin: 'SECRETREG_MASTER_KEY' },
  oldKey: { kind: 'text', value: 'canary-of-the-key-before', origin: 'worker.properties' },
  acceptedKeys: [{ kind: 'file', value: '/keys/next', origin: '--accept-key-file' }],
  kafkastore: new Map(SETTINGS.map((name) => [name, `canary-of-${name}`])),
};

test('every setting of a topic is told with its origin, and no credential', async () => {
  const facts = await settingsFacts(settings, undefined);
  const shown = facts.filter(({ text }) => text.includes('canary')).map(({ name }) => name);
  const hidden = facts.filter(({ text }) => text.startsWith('set, ')).map(({ name }) => name);
  expect(hidden).toEqual([
    'kafkastore.sasl.jaas.config',
    'kafkastore.sasl.oauthbearer.client.credentials.client.secret',
    'kafkastore.ssl.truststore.password',
    'kafkastore.ssl.keystore.key',
    'kafkastore.ssl.keystore.password',
    'kafkastore.ssl.key.password',
  ]);
  expect(new Set([...shown, ...hidden])).toEqual(new Set(SETTINGS));
  expect(facts.find(({ name }) => name === 'kafkastore.client.id')?.text).toBe(
    'canary-of-kafkastore.client.id (SECRETREG_KAFKASTORE_CLIENT_ID)',
  );
});

test('a key is told by where it is', async () => {
  const facts = await settingsFacts(settings, undefined);
  const texts = facts.map(({ name, text }) => `${name}: ${text}`);
  expect(texts).toContain('master key: text (SECRETREG_MASTER_KEY)');
  expect(texts).toContain('key before: text (worker.properties)');
  expect(texts).toContain(
    'accepted key: /keys/next (--accept-key-file): there is no such file or folder',
  );
});

test('what may hold a password is told without it', async () => {
  const kafkastore = new Map([
    ['kafkastore.sasl.oauthbearer.token.endpoint.url', 'https://app:canary@login.example/token'],
    ['kafkastore.ssl.truststore.certificates', `-----BEGIN ${'A'.repeat(4000)}`],
  ]);
  const facts = await settingsFacts({ ...settings, kafkastore }, undefined);
  const texts = facts.map(({ text }) => text);
  expect(texts.join()).not.toContain('canary');
  expect(Math.max(...texts.map(({ length }) => length))).toBeLessThan(200);
});
