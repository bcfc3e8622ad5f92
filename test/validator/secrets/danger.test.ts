import { describe, expect, test } from 'vitest';
import { dangerIn } from '../../../src/validator/secrets/danger.ts';

const PREFIXES = ['', 'producer.override.', 'schema.history.internal.consumer.', 'source.cluster.'];
const TOKENS = 'sasl.oauthbearer.token.endpoint.url';
const KEYS = 'sasl.oauthbearer.jwks.endpoint.url';

const DANGERS: readonly (readonly [setting: string, value: string, part: string, cve: string])[] = [
  ['config.providers', 'file', 'name', 'CVE-2024-31141'],
  ['config.providers.file.class', 'x.FileConfigProvider', 'name', 'CVE-2024-31141'],
  ['config.providers.file.param.allowed.paths', '/', 'name', 'CVE-2024-31141'],
  [
    'sasl.jaas.config',
    'com.sun.security.auth.module.JndiLoginModule required x="y";',
    'com.sun.security.auth.module.JndiLoginModule',
    'CVE-2023-25194',
  ],
  ['sasl.jaas.config', 'JNDILOGINMODULE required;', 'JNDILOGINMODULE', 'CVE-2023-25194'],
  [
    'sasl.jaas.config',
    'com.sun.security.auth.module.LdapLoginModule required;',
    'com.sun.security.auth.module.LdapLoginModule',
    'CVE-2025-27818',
  ],
  [
    'sasl.jaas.config',
    'com.ibm.security.auth.module.LdapLoginModule required;',
    'com.ibm.security.auth.module.LdapLoginModule',
    'CVE-2025-27818',
  ],
  [TOKENS, 'file:///etc/passwd', 'file:///etc/passwd', 'CVE-2025-27817'],
  [TOKENS, ' FILE:/etc/passwd ', 'FILE:/etc/passwd', 'CVE-2025-27817'],
  [KEYS, 'file:/etc/kafka/jwks.json', 'file:/etc/kafka/jwks.json', 'CVE-2025-27817'],
  [KEYS, 'jar:https://x/y!/z', 'jar:https://x/y!/z', 'CVE-2025-27817'],
  [TOKENS, 'ftp://x/y', 'ftp://x/y', 'CVE-2025-27817'],
  [TOKENS, 'http://169.254.169.254/latest', 'http://169.254.169.254/latest', 'CVE-2025-27817'],
  [
    TOKENS,
    'http://metadata.google.internal/x',
    'http://metadata.google.internal/x',
    'CVE-2025-27817',
  ],
];

const SAFE: readonly (readonly [string, string])[] = [
  ['reconfig.providers', 'a'],
  ['config.providerscope', 'a'],
  ['sasl.jaas.config', 'org.apache.kafka.common.security.plain.PlainLoginModule required;'],
  ['sasl.jaas.config', 'com.acme.NotJndiLoginModules required;'],
  ['comment', 'never use JndiLoginModule'],
  [TOKENS, 'https://login.example.org/oauth/token'],
  [TOKENS, 'http://keycloak:8080/token'],
  [TOKENS, '${file:/run/idp:url}'],
  [TOKENS, '${secret:orders:token-url}'],
  ['oauth2.token.endpoint.url', 'file:///x'],
  ['sasl.oauthbearer.sub.claim.name', 'file:x'],
];

describe.each(PREFIXES)('behind the prefix "%s"', (prefix) => {
  test.each(DANGERS)('%s = %s is dangerous', (setting, value, wanted, cve) => {
    const danger = dangerIn(`${prefix}${setting}`, value);
    const part = danger?.part;
    expect(typeof part === 'object' ? value.slice(part.start, part.end) : part).toBe(wanted);
    expect(danger?.message).toContain(cve);
    expect(danger?.message).toContain(`'${prefix}${setting}'`);
  });
});

test.each(SAFE)('%s = %s is not', (setting, value) => {
  expect(dangerIn(setting, value)).toBeUndefined();
});
