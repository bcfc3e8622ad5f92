// What stands where a credential would: each text is decided here, and nowhere else.
import { expect, test } from 'vitest';
import { contentOf, withoutTemplates } from '../../../src/validator/secrets/no-secret.ts';

const NONE = [
  // References, whole or a part, of any provider, closed or not, and slips of them.
  '${secret:orders:password}',
  '${file:/run/secrets/orders.properties:password}',
  '${env:ORDERS_PASSWORD}',
  '${vault:secret/data/orders:password}',
  '${secretManager:projects/p/secrets/s}',
  'prefix-${secret:orders:password}',
  'Basic ${secret:orders:basic}',
  '${secret:orders:user}:${secret:orders:password}',
  '${secret:orders:password',
  '$secret:orders:password}',
  '{secret:orders:password}',
  '&{secret:orders:password}',
  '＄{secret:orders:password}',
  '$\u200B{secret:orders:password}',
  '${DB_PASSWORD}',
  '${DB_PASSWORD:-}',
  // Templates.
  '{{ orders_password }}',
  '{{ .Values.password | b64enc }}',
  '{{env "PASSWORD"}}',
  '<%= password %>',
  '#{ORDERS_PASSWORD}#',
  '%{password}',
  '$(ORDERS_PASSWORD)',
  '$PASSWORD',
  '$ORDERS_DB_PASSWORD',
  '%DB_PASSWORD%',
  '%%DB_PASSWORD%%',
  '%s',
  'SNOWFLAKE_PRIVATE_KEY',
  'ORDERS_DB_PASSWORD',
  'AWS_ACCESS_KEY_ID',
  '@db.password@',
  '__DB_PASSWORD__',
  '_DB_PASSWORD_',
  'var.orders_password',
  'data.aws_secretsmanager_secret_version.orders.secret_string',
  '((orders-password))',
  '((vault:orders/db.password))',
  // Words to be replaced.
  '',
  '   ',
  '<password>',
  '<your-password>',
  '<YOUR_API_KEY>',
  '[your password]',
  '[[password]]',
  '[[ db_password_2 ]]',
  'CHANGEME',
  'changeme',
  'change-me',
  'change_this',
  'please-change-me!',
  'REPLACE_ME',
  'replace-with-your-token',
  'your-password',
  'your_password_here',
  'YOUR_PASSWORD_HERE',
  'my-password',
  'the-secret-key-here',
  'insert-key-here',
  'enter_your_token',
  'xxx',
  'XXXXXXXX',
  '...',
  '…',
  'TODO',
  'TBD',
  'fixme',
  'placeholder',
  'dummy',
  'example',
  'AKIAIOSFODNN7EXAMPLE',
  'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  'null',
  'none',
  'true',
  'false',
  // Encrypted.
  'ENC(q7Zr2TnVbX5mKfW8dL==)',
  'ENC[AES256_GCM,data:q7Zr2Tn=,iv:x=,tag:y=,type:str]',
  '{cipher}AQB3mKfW8dLq7Zr2TnVbX5',
  '$ANSIBLE_VAULT;1.1;AES256',
  'vault:v1:q7Zr2TnVbX5mKfW8dL==',
  // Names of places in a vault.
  'vault:secret/data/orders#password',
  'arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-AbCdEf',
  'arn:aws-cn:ssm:cn-north-1:123456789012:parameter/orders',
  'projects/acme/secrets/orders/versions/latest',
  'sm://projects/acme/secrets/orders',
  'https://acme.vault.azure.net/secrets/orders/1',
  '@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/orders)',
  'op://kafka/orders/password',
  'ref+vault://secret/orders#/password',
  '/run/secrets/orders-password',
  'file:/etc/kafka/orders.key',
  '/mnt/Keys/Orders.json',
  'C:\\keys\\orders.json',
];

const MASKED = [
  ...['***', '******', '****************', '•••••••••', '●●●●', '[hidden]', '[HIDDEN]', '<hidden>'],
  ...['<redacted>', '[REDACTED]', '(redacted)', '***REDACTED***', '<masked>', '__REDACTED__'],
];

/** They look like none, and work all the same. */
const LITERAL = [
  ...[
    'hunter2',
    'SECRET',
    'KESSEL_77',
    'ZEPPELIN_TURKEY',
    'password',
    'secret',
    'admin',
    'test',
    'changeit',
    'confluent',
    'connect',
    '123456',
  ],
  ...[
    'p@ss$word',
    'pa$$',
    '$ecretPassw0rd',
    'P4$$w0rd{1}',
    '<3kafka',
    '%100%sure',
    '%%kessel%',
    '[[kessel',
    '[[kessel]]77',
    '**Stars2024',
    'a*b*c*',
    '((kessel',
    '((kessel))77',
  ],
  ...[
    'xX-Kessel',
    'xxl',
    'mypassword',
    'yourself-2024',
    'true-blue-77',
    'nullify',
    'Todo2024!',
    'exampleX1',
  ],
  ...[
    '/q7Zr2TnVbX5mKfW8dL/aB+c=',
    'aGVsbG8gd29ybGQ=',
    'vault-7',
    'ENCORE(1)x',
    'geheim',
    '{"a":1}',
    'a:b',
  ],
  ...[
    'AVNS_q7Zr2TnVbX5mKfW8dL',
    'pass word with blanks',
    'Straße-77',
    '密码-2024',
    '   leading-77',
  ],
];

test.each(NONE)('none: %j', (text) => {
  expect(contentOf(text, withoutTemplates(text))).toBe('none');
});

test.each(MASKED)('masked: %j', (text) => {
  expect(contentOf(text, withoutTemplates(text))).toBe('masked');
});

test.each(LITERAL)('literal: %j', (text) => {
  expect(contentOf(text, withoutTemplates(text))).toBe('literal');
});

test('a text keeps its offsets where its templates are blanked', () => {
  const text = 'a${x:y}b{{ z }}c$(d)e${open';
  const open = withoutTemplates(text);
  expect(open.length).toBe(text.length);
  expect(open.replaceAll('\u0000', '')).toBe('abce');
});
