// From `kafkastore.*` and an address to the options of a store: what is taken, what is noted, what is refused.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { SecretregError } from '../../src/errors.ts';
import { openStore } from '../../src/store/open-store.ts';
import { kafkaStoreOptions } from '../../src/store/kafka/settings.ts';
import { requestToken } from '../../src/store/kafka/token-request.ts';
import { type Certificates, makeCertificates } from '../kafka/certificates.ts';

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule';
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule';
const BEARER = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule';
const USER = 'required username="app" password="hunter2";';

/** By the name without `kafkastore.`. */
function options(settings: Record<string, string>, address = 'kafka://a:9093,b/topic') {
  const kafkastore = new Map(
    Object.entries(settings).map(([name, value]) => [`kafkastore.${name}`, value]),
  );
  return kafkaStoreOptions(address, kafkastore);
}

function refusal(settings: Record<string, string>, address?: string): string {
  try {
    options(settings, address);
  } catch (error) {
    if (!(error instanceof SecretregError)) throw error;
    expect(error.code).toBe('settings-invalid');
    const text = `${error.message}\n${error.hint ?? ''}`;
    expect(text).not.toContain('hunter2');
    return text;
  }
  throw new Error('it was not refused');
}

describe('the address', () => {
  test('names brokers and topic; what is missing comes from the settings, then from us', () => {
    expect(options({ topic: 'other' }).options).toMatchObject({
      brokers: ['a:9093', 'b:9092'],
      topic: 'topic',
    });
    expect(options({ topic: 'other' }, 'kafka://a').options.topic).toBe('other');
    expect(options({}, 'kafka://a/').options.topic).toBe('_secretreg');
  });

  test('may hold settings, which come first', () => {
    const { options: it } = options(
      { 'timeout.ms': '5000', 'security.protocol': 'SASL_SSL' },
      'kafka://a/t?timeout.ms=6000&kafkastore.security.protocol=PLAINTEXT',
    );
    expect(it).toMatchObject({ timeoutMs: 6000, security: { protocol: 'PLAINTEXT' } });
  });

  test.each([
    ['kafka://app:hunter2@a/t', 'a user or password does not belong into the address'],
    ['kafka://a/t?sasl.jaas.config=hunter2', "'sasl.jaas.config' does not belong into the address"],
    ['kafka://a/t?ssl.key.password=hunter2', 'SECRETREG_KAFKASTORE_SSL_KEY_PASSWORD'],
    ['kafka://a/t?my.password=hunter2', "'my.password' does not belong into the address"],
    ['kafka://a/t?timeout.ms=5000&timeout.ms=6000', "'timeout.ms' stands there twice"],
    ['kafka://[::1]:9092/t', 'an IPv6 address is not taken'],
    ['kafka://a:x/t', "'a:x' is not a host with a port"],
    ['kafka://a:99999/t', "'a:99999': a port is a number from 1 to 65535"],
    ['kafka://a:65536/t', "'a:65536': a port is a number from 1 to 65535"],
    ['kafka://a:0/t', "'a:0': a port is a number from 1 to 65535"],
    ['kafka://$(id>pwned):9092/t', "a host has letters, digits, '.', '_' and '-'"],
    ['kafka://a`id`/t', "'a`id`' is not a host with a port"],
    ['kafka://-x/t', "'-x' is not a host with a port"],
    ['kafka://app:hun/hunter2@a/t', "registry 'kafka:…': it should be kafka://host:9092"],
    ['kafka://app:pass?hunter2@a/t', 'a user or password does not belong into the address'],
    ['kafka://app/hunter2@a', 'a user or password does not belong into the address'],
    ['kafka://app:hunter2%40a/t', 'a user or password does not belong into the address'],
    ['kafka://a/t#hunter2', 'it should be kafka://host:9092,other:9092/topic'],
    ['kafka://a/..', "'..' cannot be a topic"],
    ['kafka://a:9092/t/', "the '/' at its end is too much: a topic has none\nkafka://a:9092/t"],
  ])('%s is refused', (address, reason) => {
    expect(refusal({}, address)).toContain(reason);
  });
});

describe('an address of another kind is told without what may be a password', () => {
  test.each([
    ['kafka+ssl://app:hunter2@a:9092/t', "registry 'kafka+ssl:…': it should be file:"],
    ['http://app:hunter2@a/', "registry 'http:…': it should be file:"],
    ['https://a/registry?key=hunter2', "registry 'https://a/registry?…': it should be file:"],
    ['kafka:app:hunter2@a/t', "registry 'kafka:…': it should be kafka://host"],
    ['kafkas://a/t?sasl.jaas.config=hunter2', "registry 'kafkas://a/t?…': it should be file:"],
    ['app:hun?ter2@hunter2', "registry 'app:…': it should be file:"],
    ['file://app:hunter2@a/registry.db', "registry 'file:…': after file: comes the absolute path"],
    ['registry.db', "registry 'registry.db': it should be file:"],
  ])('%s', async (address, text) => {
    const opening = openStore(address, new Map(), () => undefined);
    await expect(opening).rejects.toThrow(text);
    await expect(opening).rejects.not.toThrow(/hun|ter2/);
  });
});

describe('an address without its scheme is told with it', () => {
  test.each([
    ['127.0.0.1:9092/_x', 'kafka://127.0.0.1:9092/_x'],
    ['localhost:9092', 'kafka://localhost:9092'],
    ['a:9092,b:9093/t', 'kafka://a:9092,b:9093/t'],
    ['/tmp/reg.db', 'file:/tmp/reg.db'],
    ['reg.db', 'file:reg.db'],
    ['app:hunter2@a:9092/t', undefined],
    ['hunter2', undefined],
    ['/tmp/', undefined],
  ])('%s', async (address, hint) => {
    const opening = openStore(address, new Map(), () => undefined);
    await expect(opening).rejects.toMatchObject({ code: 'settings-invalid', hint });
  });
});

describe('a name that does nothing is told', () => {
  test.each([
    [
      'topic.replicas.factor',
      'is not a setting that is known here, and is not used; did you mean kafkastore.topic.replication.factor?',
    ],
    ['frobnicate', 'is not a setting that is known here, and is not used'],
    ['ssl.cipher.suites', "is not used: Node.js's own choice is used"],
    ['request.timeout.ms', 'is not used: secretreg has its own way'],
    ['group.id', 'is not used: nothing here needs it'],
  ])('%s', (name, note) => {
    expect(options({ [name]: 'hunter2' }).notes).toEqual([
      expect.stringContaining(`kafkastore.${name} ${note}`),
    ]);
  });
});

describe('a name that can only be a slip is refused, wherever it stands', () => {
  test.each([
    ['topc', 'topic'],
    ['sasl.mechanisms', 'sasl.mechanism'],
    ['security.protocl', 'security.protocol'],
    ['Security.Protocol', 'security.protocol'],
    ['ssl.trustore.location', 'ssl.truststore.location'],
  ])('%s', (name, meant) => {
    const told = `kafkastore.${name}: it is not a setting that is known here, and nothing else is taken in its place; did you mean kafkastore.${meant}?`;
    expect(refusal({ 'security.protocol': 'SASL_SSL', [name]: 'hunter2' })).toContain(told);
    expect(refusal({}, `kafka://a/t?${name}=x`)).toContain(told);
  });

  test.each([
    'sasl.oauthbearer.jwks.endpoint.url',
    'security.providers',
    'ssl.protocol',
    'retries',
  ])("%s of Kafka's clients is none", (name) => {
    expect(options({ [name]: 'x' }).notes).toHaveLength(1);
  });
});

describe('the protocol', () => {
  test('may stand in front of the servers', () => {
    const settings = { 'bootstrap.servers': 'SASL_PLAINTEXT://a,SASL_PLAINTEXT://b' };
    const { options: it } = options({ ...settings, 'sasl.jaas.config': `${PLAIN} ${USER}` });
    expect(it.security).toEqual({
      protocol: 'SASL_PLAINTEXT',
      mechanism: 'PLAIN',
      principal: 'User:app',
    });
    expect(it.client?.sasl).toEqual({ mechanism: 'plain', username: 'app', password: 'hunter2' });
    expect(it.client?.ssl).toBeUndefined();
  });

  test('without a log-in leaves one that was given unused, and says so', () => {
    const login = { 'sasl.jaas.config': `${PLAIN} ${USER}` };
    const note = expect.stringContaining('kafkastore.sasl.* is not used');
    expect(options({ ...login, 'security.protocol': 'SSL' }).notes).toEqual([note]);
    expect(options({ ...login, 'bootstrap.servers': 'PLAINTEXT://a' }).notes).toEqual([note]);
  });

  test.each([
    ['sasl.jaas.config', `${PLAIN} ${USER}`],
    ['sasl.mechanism', 'PLAIN'],
    ['sasl.oauthbearer.client.credentials.client.id', 'app'],
  ])('that is missing beside %s is not PLAINTEXT', (name, value) => {
    expect(refusal({ [name]: value })).toBe(
      `kafkastore.security.protocol: it is missing, and without it nothing is encrypted and nobody logs in, while kafkastore.${name} asks for a log-in\n` +
        'kafkastore.security.protocol=SASL_SSL',
    );
    expect(options({ [name]: '' }).options.security).toEqual({ protocol: 'PLAINTEXT' });
  });

  test.each([
    ['ssl.truststore.location', '/ca.pem'],
    ['ssl.keystore.location', '/client.pem'],
    ['ssl.endpoint.identification.algorithm', ''],
  ])('%s alone does not mean that nothing is encrypted', (name, value) => {
    const told = refusal({ [name]: value });
    expect(told).toContain('kafkastore.security.protocol: it is missing');
    expect(told).toContain(`kafkastore.${name} asks for TLS`);
    expect(told).toContain('kafkastore.security.protocol=SSL    (SASL_SSL with a log-in)');
    expect(refusal({ [name]: value, 'sasl.jaas.config': 'hunter2' })).toContain(
      '\nkafkastore.security.protocol=SASL_SSL',
    );
    const inClear = { [name]: value, 'security.protocol': 'PLAINTEXT' };
    expect(options(inClear).options.security).toEqual({ protocol: 'PLAINTEXT' });
    const inFront = { [name]: value, 'bootstrap.servers': 'PLAINTEXT://a' };
    expect(options(inFront).options.security).toEqual({ protocol: 'PLAINTEXT' });
  });

  test.each([
    ['a password', `${PLAIN} ${USER}`, {}, 'the password'],
    [
      'a token',
      `${BEARER} required clientId="a" clientSecret="hunter2";`,
      { 'sasl.oauthbearer.token.endpoint.url': 'https://idp.example/token' },
      'the token',
    ],
  ])('without TLS is told where it shows %s', (_, jaas, more, what) => {
    const settings = { 'security.protocol': 'SASL_PLAINTEXT', 'sasl.jaas.config': jaas, ...more };
    const note = `kafkastore.security.protocol is SASL_PLAINTEXT: ${what} goes to the brokers in clear, for everybody on the way to read; with TLS it is SASL_SSL`;
    expect(options(settings).notes).toEqual([note]);
    expect(options(settings, 'kafka://localhost,b/t').notes).toEqual([note]);
    expect(options(settings, 'kafka://localhost,127.0.0.1:9093/t').notes).toEqual([]);
    expect(options({ ...settings, 'security.protocol': 'SASL_SSL' }).notes).toEqual([]);
  });

  test('without TLS shows no password of SCRAM', () => {
    const scram = { 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.jaas.config': `${SCRAM} ${USER}` };
    expect(options({ ...scram, 'security.protocol': 'SASL_PLAINTEXT' }).notes).toEqual([]);
  });

  test.each([
    [{ 'security.protocol': 'TLS' }, 'there are PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL'],
    [
      { 'security.protocol': 'SASL_SLL', 'bootstrap.servers': 'SASL_SSL://a' },
      'kafkastore.security.protocol: there are PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL, and this is none of them',
    ],
    [
      { 'bootstrap.servers': 'SLL://a' },
      'SASL_SSL, and what stands in front of kafkastore.bootstrap.servers is none of them',
    ],
    [
      { 'security.protocol': 'SSL', 'bootstrap.servers': 'SASL_SSL://a' },
      'it is SSL, and in front of kafkastore.bootstrap.servers stands SASL_SSL',
    ],
    [{ 'bootstrap.servers': 'SSL://a,SASL_SSL://b' }, 'there are SSL and SASL_SSL in front'],
    [{ 'timeout.ms': '5' }, 'it should be a whole number from 1000 on'],
    [{ 'timeout.ms': '1e4' }, 'it should be a whole number from 1000 on'],
  ])('%j is refused', (settings, reason) => {
    expect(refusal(settings)).toContain(reason);
  });
});

describe('the log-in', () => {
  const sasl = (
    jaas: string | undefined,
    mechanism?: string,
    more: Record<string, string> = {},
  ) => ({
    'security.protocol': 'SASL_PLAINTEXT',
    ...(jaas !== undefined && { 'sasl.jaas.config': jaas }),
    ...(mechanism !== undefined && { 'sasl.mechanism': mechanism }),
    ...more,
  });

  test.each([
    ['PLAIN', PLAIN, 'plain'],
    ['SCRAM-SHA-256', SCRAM, 'scram-sha-256'],
    ['scram-sha-512', SCRAM, 'scram-sha-512'],
  ])('%s', (mechanism, module, ours) => {
    expect(options(sasl(`${module} ${USER}`, mechanism)).options.client?.sasl).toMatchObject({
      mechanism: ours,
      password: 'hunter2',
    });
  });

  test('two settings that ran together, as in the published example, are taken for what they mean', () => {
    const handler = 'io.confluent.kafka.clients.plugins.auth.token.TokenUserLoginCallbackHandler';
    const login =
      'required username="app" password="hunter2" metadataServerUrls="http://mds:8090";';
    const it = options({
      'bootstrap.servers': 'SASL_PLAINTEXT://a',
      'sasl.login.callback.handler.class': `${handler} ${login}`,
    });
    expect(it.options.security).toEqual({ protocol: 'SASL_PLAINTEXT', mechanism: 'OAUTHBEARER' });
    expect(it.notes).toEqual([
      expect.stringContaining('metadataServerUrls has an address without TLS'),
      expect.stringContaining('the token goes to the brokers in clear'),
    ]);
  });

  test.each([
    ['no JAAS text', sasl(undefined), 'kafkastore.sasl.jaas.config: it is missing'],
    [
      'a JAAS text that is broken',
      sasl(`${PLAIN} required username="app" password=hunter2`),
      'at character 97: it ends where there should be an option such as username="…", or \';\'',
    ],
    [
      'SCRAM of either length',
      sasl(`${SCRAM} ${USER}`),
      'with ScramLoginModule it is SCRAM-SHA-256 or SCRAM-SHA-512',
    ],
    [
      'Kerberos',
      sasl(`${PLAIN} ${USER}`, 'GSSAPI'),
      'there are PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER here',
    ],
    [
      'a module for another mechanism',
      sasl(`${PLAIN} ${USER}`, 'SCRAM-SHA-512'),
      'PlainLoginModule does not fit kafkastore.sasl.mechanism=SCRAM-SHA-512; that one takes ScramLoginModule',
    ],
    [
      'a module that nobody knows',
      sasl('com.example.hunter2 required;'),
      'its login module is not one that is known here',
    ],
    [
      'no password',
      sasl(`${PLAIN} required username="app";`),
      'the option password is missing or empty',
    ],
    [
      'a handler that nobody knows',
      sasl(`${BEARER} required;`, undefined, {
        'sasl.login.callback.handler.class': 'com.example.Handler',
      }),
      'this is neither',
    ],
    [
      'no token endpoint',
      sasl(`${BEARER} required clientId="a" clientSecret="hunter2";`),
      'kafkastore.sasl.oauthbearer.token.endpoint.url: it is missing',
    ],
    [
      'a token endpoint without TLS',
      sasl(`${BEARER} required clientId="a" clientSecret="hunter2";`, undefined, {
        'sasl.oauthbearer.token.endpoint.url': 'http://idp.example/token',
      }),
      'it should begin with https://',
    ],
    [
      'a client without a secret',
      sasl(`${BEARER} required clientId="a";`, undefined, {
        'sasl.oauthbearer.token.endpoint.url': 'https://idp.example/token',
      }),
      'needs the options clientId and clientSecret',
    ],
    [
      'metadata servers that are none',
      sasl(
        `${BEARER} required username="a" password="hunter2" metadataServerUrls="<metadata server URLs>";`,
      ),
      'metadataServerUrls should be a list',
    ],
  ])('%s is refused', (_, settings, reason) => {
    expect(refusal(settings)).toContain(reason);
  });
});

describe('TLS of a token server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secretreg-token-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => vi.unstubAllEnvs());

  test('is checked whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const { broker, authority } = makeCertificates(folder);
    const pem = readFileSync(broker);
    const asked: string[] = [];
    const server = createServer({ key: pem, cert: pem }, ({ headers }, response) => {
      asked.push(headers.authorization ?? '');
      response.end('{}');
    });
    server.listen(0, 'localhost');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const url = new URL(`https://localhost:${port}/token`);
    const headers = { authorization: 'Basic hunter2' };
    const request = { url, method: 'GET', headers, timeoutMs: 5000 } as const;
    await expect(requestToken({ ...request, ca: undefined })).rejects.toThrow(
      /no token could be had from .* \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/,
    );
    expect(asked).toEqual([]);
    // The same server, where its authority is known.
    const ca = [readFileSync(authority, 'utf8')];
    await expect(requestToken({ ...request, ca })).resolves.toEqual({});
    expect(asked).toEqual(['Basic hunter2']);
    server.closeAllConnections();
    await once(server.close(), 'close');
  });
});

describe('TLS', () => {
  let folder: string;
  let made: Certificates;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'secretreg-tls-'));
    made = makeCertificates(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const ssl = (settings: Record<string, string>) =>
    options({ 'security.protocol': 'SSL', ...settings });
  const sslRefusal = (settings: Record<string, string>) =>
    refusal({ 'security.protocol': 'SSL', ...settings });
  const text = (file: string) => readFileSync(file, 'utf8');
  const onOneLine = (file: string) => text(file).replaceAll('\n', ' ');

  test('authorities, a certificate with its key, from files', () => {
    const { options: it } = ssl({
      'ssl.truststore.location': made.authority,
      'ssl.keystore.location': made.client,
      'ssl.key.password': made.password,
    });
    expect(it.client?.ssl).toMatchObject({ rejectUnauthorized: true, ca: [text(made.authority)] });
    expect(it.security?.principal).toBe('User:CN=client,O=Example');
  });

  test('the same as text on one line, as a properties file has it', () => {
    const { options: it } = ssl({
      'ssl.truststore.certificates': onOneLine(made.authority),
      'ssl.keystore.certificate.chain': onOneLine(made.clientCertificate),
      'ssl.keystore.key': onOneLine(made.clientKey),
      'ssl.key.password': made.password,
    });
    expect(it.client?.ssl).toMatchObject({
      ca: [text(made.authority)],
      cert: text(made.clientCertificate),
      key: text(made.clientKey),
    });
  });

  test('an empty algorithm turns the check of the name off, with a note', () => {
    const { notes } = ssl({ 'ssl.endpoint.identification.algorithm': '' });
    expect(notes).toEqual([
      expect.stringContaining("the name in a broker's certificate is not checked"),
    ]);
  });

  test.each<[string, () => Record<string, string>, string]>([
    [
      'a file that is not there',
      () => ({ 'ssl.truststore.location': '/none.pem' }),
      "'/none.pem' cannot be read (ENOENT)",
    ],
    [
      'a file without a certificate',
      () => ({ 'ssl.truststore.location': made.clientKey }),
      'there is no certificate in it',
    ],
    [
      'a certificate that is damaged',
      () => ({
        'ssl.truststore.certificates':
          '-----BEGIN CERTIFICATE----- aHVudGVyMg== -----END CERTIFICATE-----',
      }),
      'its certificate number 1 cannot be read',
    ],
    [
      'an encrypted key without its password',
      () => ({ 'ssl.keystore.location': made.client }),
      'kafkastore.ssl.key.password: it is missing',
    ],
    [
      'an encrypted key with another password',
      () => ({ 'ssl.keystore.location': made.client, 'ssl.key.password': 'hunter2' }),
      'kafkastore.ssl.key.password: it does not open the key',
    ],
    [
      'a key without a certificate',
      () => ({ 'ssl.keystore.key': text(made.clientKey) }),
      'kafkastore.ssl.keystore.certificate.chain: it is missing',
    ],
    [
      'a key of somebody else',
      () => ({
        'ssl.keystore.certificate.chain': text(made.authority),
        'ssl.keystore.key': text(made.clientKey),
        'ssl.key.password': made.password,
      }),
      'the key does not belong to the first certificate',
    ],
    [
      'an algorithm that nobody knows',
      () => ({ 'ssl.endpoint.identification.algorithm': 'none' }),
      "there is 'https', and nothing",
    ],
  ])('%s is refused', (_, settings, reason) => {
    expect(sslRefusal(settings())).toContain(reason);
  });

  describe.skipIf(!hasKeytool())(
    'a store of Java is refused with the command that converts it',
    () => {
      // The commands ask for passwords; here the answers come from stdin.
      const convert = (command: string, ...answers: string[]) =>
        execFileSync('/bin/bash', ['-c', command], {
          cwd: folder,
          input: `${answers.join('\n')}\n`,
          stdio: ['pipe', 'ignore', 'ignore'],
        });
      const commandIn = (hint: string) => hint.split('\n')[1]?.split('    (')[0] ?? '';

      test.each(['JKS', 'PKCS12'])('a truststore, %s', (type) => {
        const store = join(folder, `trust-${type}.jks`);
        convert(
          `keytool -importcert -noprompt -alias ca -file ${made.authority} -keystore ${store} -storetype ${type} -storepass changeit`,
        );
        const told = sslRefusal({ 'ssl.truststore.location': store });
        expect(told).toContain(`'${store}' is a ${type} store, and PEM is what is read here`);
        convert(commandIn(told), 'changeit');
        const { options: it } = ssl({
          'ssl.truststore.location': join(folder, `trust-${type}.pem`),
        });
        expect(it.client?.ssl).toMatchObject({ ca: [text(made.authority)] });
      });

      test.each(['PKCS12', 'JKS'])('a keystore, %s', (type) => {
        const pkcs12 = join(folder, 'key-PKCS12.p12');
        const pair = `-in ${made.clientCertificate} -inkey ${made.clientKey} -passin pass:${made.password}`;
        convert(
          `openssl pkcs12 -export ${pair} -name client -out ${pkcs12} -passout pass:changeit`,
        );
        const store = type === 'PKCS12' ? pkcs12 : join(folder, 'key-JKS.jks');
        if (type === 'JKS')
          convert(
            `keytool -importkeystore -srckeystore ${pkcs12} -srcstorepass changeit -destkeystore ${store} -deststoretype JKS -deststorepass changeit`,
          );
        const told = sslRefusal({ 'ssl.keystore.location': store });
        const [keytool = '', openssl = ''] =
          type === 'JKS' ? commandIn(told).split(' && ') : ['', commandIn(told)];
        if (type === 'JKS') convert(keytool, 'changeit', 'changeit', 'changeit');
        convert(`${openssl} -passin pass:changeit -passout pass:another-one`);
        const { options: it } = ssl({
          'ssl.keystore.location': join(folder, `key-${type}.pem`),
          'ssl.key.password': 'another-one',
        });
        expect(it.security?.principal).toBe('User:CN=client,O=Example');
      });
    },
  );

  test('a path with a space stands in quotes in the command', () => {
    const store = join(folder, "it's a store.jks");
    writeFileSync(store, Buffer.from('feedfeed00000002', 'hex'));
    expect(sslRefusal({ 'ssl.truststore.location': store })).toContain(
      `-keystore '${folder}/it'\\''s a store.jks'`,
    );
  });
});

function hasKeytool(): boolean {
  try {
    execFileSync('keytool', ['-help'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
