// Tokens are put together here, with checksums from another implementation: none of them was ever given to anybody.
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { crc32 as ourCrc32 } from '../../../src/validator/secrets/checksums.ts';
import { tokenCredentials } from '../../../src/validator/secrets/tokens.ts';

const LETTERS = 'q7Zr2TnVbX5mKfW8dLp0Yc3Jh6Gs9AeUiOxBwNvMtRkPlQzSyDjCgFhEaI1u4o';
const HEX = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const UUID = '3f2504e0-4f89-11d3-9a0c-0305e82c3301';

const TOKENS: readonly [string, string][] = [
  ['a GitHub token', withBase62Crc('ghp_')],
  ['a GitHub token', withBase62Crc('gho_')],
  ['a GitHub token', withBase62Crc('ghs_')],
  ['a GitHub token', `github_pat_${letters(22)}_${letters(59)}`],
  ['an npm token', withBase62Crc('npm_')],
  ['a GitLab token', `glpat-${letters(20)}`],
  ['a GitLab token', `glpat-${letters(40)}.01.0z1k2m3n4`],
  ['a GitLab token', `glptt-${HEX.slice(0, 40)}`],
  ['a Slack token', `xoxb-123456789012-1234567890123-${letters(24)}`],
  ['a Slack token', `xapp-1-A012BCDEF34-1234567890123-${HEX}`],
  ['a Slack webhook', `https://hooks.slack.com/services/T012ABCDE/B012ABCDEFG/${letters(24)}`],
  [
    'a Slack webhook',
    `https://hooks.slack.com/triggers/T012ABCDE/1234567890123/${HEX.slice(0, 32)}`,
  ],
  [
    'a Slack webhook',
    `https://hooks.slack.com/workflows/T012ABCDE/A012ABCDEFG/123456789012345678/${letters(24)}`,
  ],
  [
    'a Discord webhook',
    `https://discord.com/api/webhooks/123456789012345678/${letters(60)}_AbCdEfG`,
  ],
  ['a Discord webhook', `https://discordapp.com/api/webhooks/1234567890123456789/${letters(60)}`],
  [
    'a Teams webhook',
    `webhook.office.com/webhookb2/${UUID}@${UUID}/IncomingWebhook/${HEX.slice(0, 32)}/${UUID}`,
  ],
  ['a Telegram token', `https://api.telegram.org/bot1234567890:${letters(35)}`],
  ['an AWS access key id', 'AKIAQ7ZR2TNVBX5MKFW3'],
  ['an AWS access key id', 'ASIAQ7ZR2TNVBX5MKFW3'],
  ['a Stripe key', `sk_live_${letters(32)}`],
  ['a Stripe key', `rk_test_${letters(32)}`],
  ['a Google API key', `AIza${letters(35)}`],
  ['a Google client secret', `GOCSPX-${letters(28)}`],
  ['a SendGrid key', `SG.${letters(22)}.${letters(43)}`],
  ['a Confluent Cloud API secret', `cflt${letters(60)}`],
  ['a HashiCorp Vault token', `hvs.${letters(60)}`],
  ['a Databricks token', `dapi${HEX.slice(0, 32)}`],
  ['an Anthropic key', `sk-ant-api03-${(LETTERS + LETTERS).slice(0, 93)}AA`],
  ['an OpenAI key', `sk-proj-${letters(40)}T3BlbkFJ${letters(40)}`],
  ['a New Relic key', `NRAK-${letters(27).toUpperCase()}`],
  ['a PyPI token', `pypi-AgEIcHlwaS5vcmc${letters(60)}`],
  ['a DigitalOcean token', `dop_v1_${HEX}`],
  ['a Grafana token', withHexCrc(`glsa_${letters(32)}`)],
  ['a Hugging Face token', `hf_${letters(60).replace(/\d/g, '').slice(0, 34)}`],
  ['a Shopify token', `shpat_${HEX.slice(0, 32)}`],
  ['a MongoDB Atlas secret', `mdb_sa_sk_${letters(40)}`],
  ['a PlanetScale credential', `pscale_pw_${letters(43)}`],
  ['a Doppler token', `dp.pt.${letters(43)}`],
  [
    'a Dynatrace token',
    `dt0c01.${letters(24).toUpperCase()}.${(LETTERS + LETTERS).toUpperCase().slice(0, 64)}`,
  ],
  ['a password of Aiven', `AVNS_${letters(19)}`],
  ['a Supabase token', `sbp_${HEX.slice(0, 40)}`],
  ['a Linear key', `lin_api_${letters(40)}`],
  [
    'an age secret key',
    'AGE-SECRET-KEY-1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE',
  ],
  ['a token of this registry', `srt_${HEX.slice(0, 16)}_${letters(42)}A`],
  [
    'a JSON Web Token',
    `${json({ alg: 'HS256', typ: 'JWT' })}.${json({ sub: 'orders' })}.${letters(43)}`,
  ],
];

test.each(TOKENS)('%s: %s', (name, token) => {
  for (const value of [token, `x ${token}, y`, `https://u:${token}@host/`, `{"t":"${token}"}`]) {
    const found = tokenCredentials(value);
    expect(
      found.map(({ start, end }) => value.slice(start, end)),
      value,
    ).toContain(token);
    expect(found.map((it) => it.name)).toContain(name);
  }
});

const NO_TOKENS: readonly [string, string][] = [
  ['of a checksum that does not fit', `${withBase62Crc('ghp_').slice(0, -1)}!`.replace('!', 'x')],
  ['of a checksum that does not fit', withBase62Crc('npm_').replace('q7', '7q')],
  ['of a checksum that does not fit', withHexCrc(`glsa_${letters(32)}`).replace('q7', '7q')],
  ['of an account that cannot be', 'AKIA7777777777777777'],
  ['of the manual', 'AKIAIOSFODNN7EXAMPLE'],
  ['of one letter', `ghp_${'x'.repeat(36)}`],
  ['of one letter', `sk_live_${'x'.repeat(32)}`],
  ['too short', `glpat-${letters(19)}`],
  ['too long', `AIza${letters(36)}`],
  ['a word that begins alike', 'npm_config_registry_of_the_company_proxy'],
  ['a word that begins alike', 'sk-learn-is-a-library-for-machine-learning-in-python'],
  ['a word that ends alike', `myAKIAQ7ZR2TNVBX5MKFW3`],
  ['no JSON in front', `eyJhbGciOiJ.eyJzdWIiOiJ.${letters(43)}`],
  ['a class', 'io.confluent.connect.elasticsearch.ElasticsearchSinkConnector'],
  ['a UUID', UUID],
  ['a webhook without its token', 'https://discord.com/api/webhooks/123456789012345678'],
  ['a hash', HEX],
  [
    'a picture',
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  ],
  ['a key without a body', '-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----'],
];

test.each(NO_TOKENS)('no token, %s: %s', (_, value) => {
  expect(tokenCredentials(value)).toEqual([]);
});

test('our CRC-32 is that of zlib', () => {
  for (const text of ['', 'a', LETTERS, HEX]) expect(ourCrc32(text)).toBe(crc32(text));
});

function letters(length: number): string {
  return LETTERS.slice(0, length);
}

function withBase62Crc(prefix: string): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let rest = crc32(letters(30));
  let checksum = '';
  while (checksum.length < 6) {
    checksum = `${digits[rest % 62]}${checksum}`;
    rest = Math.floor(rest / 62);
  }
  return `${prefix}${letters(30)}${checksum}`;
}

function withHexCrc(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(crc32(text));
  return `${text}_${bytes.toString('hex')}`;
}

function json(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
