// Every way to log in, on a real broker: passwords, certificates, tokens of a server on loopback.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SecretregError } from '../../src/errors.ts';
import { aclLines } from '../../src/store/kafka/acls.ts';
import { bearerTokens } from '../../src/store/kafka/bearer-tokens.ts';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { probeListener } from '../../src/store/kafka/listener-probe.ts';
import { kafkaStoreOptions } from '../../src/store/kafka/settings.ts';
import { Broker } from '../kafka/broker.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { FalseBroker } from '../kafka/false-broker.ts';
import { SCRAM_USER, SecureBroker } from '../kafka/secure-broker.ts';
import { TokenServer } from '../kafka/token-server.ts';

const KAFKA = 'org.apache.kafka.common.security';
const TOPIC = 'logins';
const MODULE = `${KAFKA}.oauthbearer.OAuthBearerLoginModule required`;
const HANDLER = 'io.confluent.kafka.clients.plugins.auth.token.TokenUserLoginCallbackHandler';

describeKafka('a log-in', () => {
  let broker: SecureBroker;
  let server: TokenServer;
  beforeAll(async () => {
    broker = await SecureBroker.start({ users: ['app'] });
    const store = new KafkaStore({ brokers: [broker.inner], topic: TOPIC });
    await store.open(() => {}, { create: true });
    await store.close();
    const topics = { records: TOPIC, audit: `${TOPIC}-audit` };
    const bootstrapServer = `localhost:${broker.ports.saslSsl}`;
    for (const name of ['app', SCRAM_USER.name, 'CN=client,O=Example'])
      await broker.run(aclLines(topics, 'writer', { principal: `User:${name}`, bootstrapServer }));
  }, 120_000);
  afterAll(() => broker.stop());
  beforeEach(async () => {
    server = await TokenServer.start();
  });
  afterEach(() => server.stop());

  async function write(port: keyof SecureBroker['ports'], settings: Record<string, string>) {
    const all = {
      'ssl.truststore.location': broker.certificates.authority,
      'timeout.ms': '3000',
      ...settings,
    };
    const kafkastore = new Map(
      Object.entries(all).map(([name, value]) => [`kafkastore.${name}`, value]),
    );
    const address = `kafka://localhost:${broker.ports[port]}/${TOPIC}`;
    const store = new KafkaStore(kafkaStoreOptions(address, kafkastore).options);
    try {
      await store.open(() => {});
      const records = [{ key: 'k', value: Buffer.from('v') }];
      const attemptId = crypto.randomUUID();
      await store.transact(() => ({ attemptId, n: 1, records, audit: [] }));
      await store.appendAudit(() => ['line']);
    } finally {
      await store.close();
    }
  }

  async function told(port: keyof SecureBroker['ports'], settings: Record<string, string>) {
    const failure: unknown = await write(port, settings).catch((error: unknown) => error);
    if (!(failure instanceof SecretregError))
      throw new Error('it did not fail', { cause: failure });
    const text = `${failure.message}\n${failure.hint ?? ''}`;
    expect(text).not.toContain('hunter2');
    return text;
  }

  const scram = (mechanism: string, password = SCRAM_USER.password) => ({
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': mechanism,
    'sasl.jaas.config': `${KAFKA}.scram.ScramLoginModule required username="${SCRAM_USER.name}" password="${password}";`,
  });
  const plain = (protocol: string, password = 'app-password') => ({
    'security.protocol': protocol,
    'sasl.jaas.config': `${KAFKA}.plain.PlainLoginModule required username="app" password="${password}";`,
  });
  const client = () => ({
    'security.protocol': 'SSL',
    'ssl.keystore.location': broker.certificates.client,
    'ssl.key.password': broker.certificates.password,
  });
  const tokens = (jaas: string, handler = HANDLER) => ({
    'security.protocol': 'SASL_SSL',
    'sasl.jaas.config': `${MODULE} ${jaas};`,
    'sasl.login.callback.handler.class': handler,
  });
  const metadata = (urls: string, password = 'hunter2') =>
    tokens(`username="app" password="${password}" metadataServerUrls="${urls}"`);
  const credentials = (secret = 'hunter2', path = '/token') => ({
    ...tokens(
      `clientId="app" clientSecret="${secret}" scope="secrets"`,
      `${KAFKA}.oauthbearer.OAuthBearerLoginCallbackHandler`,
    ),
    'sasl.oauthbearer.token.endpoint.url': `${server.url}${path}`,
  });

  describe('lets in', () => {
    test.each<[string, keyof SecureBroker['ports'], () => Record<string, string>]>([
      ['SCRAM-SHA-512', 'saslSsl', () => scram('SCRAM-SHA-512')],
      ['SCRAM-SHA-256', 'saslSsl', () => scram('SCRAM-SHA-256')],
      ['PLAIN over TLS', 'saslSsl', () => plain('SASL_SSL')],
      ['PLAIN in clear', 'saslPlaintext', () => plain('SASL_PLAINTEXT')],
      ['a certificate', 'ssl', client],
      ['client credentials', 'saslSsl', () => credentials()],
      ['a metadata server', 'saslSsl', () => metadata(server.url)],
    ])('%s', async (_, port, settings) => {
      await expect(write(port, settings())).resolves.toBeUndefined();
    });

    test('by the next metadata server where one is away', async () => {
      await write('saslSsl', metadata(`http://127.0.0.1:1,${server.url}/`));
      expect(new Set(server.requests)).toEqual(new Set(['GET /security/1.0/authenticate']));
    });

    test('by one token for all connections', async () => {
      await write('saslSsl', credentials());
      expect(server.requests).toEqual(['POST /token']);
    });
  });

  describe('is refused with a sentence, at once', () => {
    test.each<[string, keyof SecureBroker['ports'], () => Record<string, string>, string]>([
      [
        'another SCRAM password',
        'saslSsl',
        () => scram('SCRAM-SHA-512', 'hunter2'),
        'the broker refused the user or the password (SCRAM-SHA-512)',
      ],
      [
        'another PLAIN password',
        'saslSsl',
        () => plain('SASL_SSL', 'hunter2'),
        'the broker refused the user or the password (PLAIN)',
      ],
      [
        'a mechanism that is not enabled',
        'saslPlaintext',
        () => ({ ...scram('SCRAM-SHA-512'), 'security.protocol': 'SASL_PLAINTEXT' }),
        'does not let anybody log in by SCRAM-SHA-512; there is PLAIN',
      ],
      [
        'an authority that is not known',
        'saslSsl',
        () => ({ ...plain('SASL_SSL'), 'ssl.truststore.location': broker.certificates.stranger }),
        'is of an authority that is not known here',
      ],
      [
        'no TLS where there is',
        'saslSsl',
        () => plain('SASL_PLAINTEXT'),
        'speaks SASL_SSL with OAUTHBEARER, PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, and the security protocol is SASL_PLAINTEXT',
      ],
      [
        'TLS where there is none',
        'saslPlaintext',
        () => plain('SASL_SSL'),
        'speaks SASL_PLAINTEXT with PLAIN, and the security protocol is SASL_SSL',
      ],
      [
        'no log-in where there is one',
        'saslPlaintext',
        () => ({ 'security.protocol': 'PLAINTEXT' }),
        'speaks SASL_PLAINTEXT with PLAIN, and the security protocol is PLAINTEXT',
      ],
      [
        'no certificate where one is asked for',
        'ssl',
        () => ({ 'security.protocol': 'SSL' }),
        'asks for a certificate of ours',
      ],
      [
        'another client secret',
        'saslSsl',
        () => credentials('hunter2!'),
        '/token refused the credentials (401)',
      ],
      [
        'another password for the metadata server',
        'saslSsl',
        () => metadata(server.url, 'hunter2!'),
        'refused the credentials (401)',
      ],
      [
        'a token server without the path',
        'saslSsl',
        () => credentials('hunter2', '/none'),
        '/none answered 404',
      ],
    ])('%s', async (_, port, settings, sentence) => {
      expect(await told(port, settings())).toContain(sentence);
    });

    test.each<[string, NonNullable<TokenServer['answer']>, string]>([
      [
        'a redirect',
        { status: 302, location: 'https://example.com/' },
        'answered with a redirect (302), which is not followed',
      ],
      ['what is no JSON', { status: 200, body: 'hunter2' }, 'did not answer with a JSON object'],
      [
        'an answer without a token',
        { status: 200, body: '{}' },
        'answered without an access_token',
      ],
      [
        'a token that the broker does not take',
        { status: 200, body: '{"access_token":"hunter2"}' },
        'the broker refused the token',
      ],
    ])('%s', async (_, answer, sentence) => {
      server.answer = answer;
      expect(await told('saslSsl', credentials())).toContain(sentence);
    });

    test('a token server that is away is waited for, up to the deadline', async () => {
      const settings = credentials();
      server.answer = { status: 503 };
      expect(await told('saslSsl', settings)).toContain('/token answered 503');
      expect(server.requests.length).toBeGreaterThan(1);
    });

    test('a log-in on the listener of an administrator, who has none', async () => {
      const kafkastore = new Map([
        ['kafkastore.security.protocol', 'SASL_PLAINTEXT'],
        ['kafkastore.sasl.jaas.config', plain('x')['sasl.jaas.config']],
      ]);
      const { options } = kafkaStoreOptions(`kafka://${broker.inner}/${TOPIC}`, kafkastore);
      const store = new KafkaStore(options);
      await expect(store.open(() => {})).rejects.toThrow(
        'speaks PLAINTEXT, and the security protocol is SASL_PLAINTEXT',
      );
      await store.close();
    });

    test('a certificate for another name', async () => {
      const kafkastore = new Map(
        Object.entries({
          ...plain('SASL_SSL'),
          'ssl.truststore.location': broker.certificates.authority,
        }).map(([name, value]) => [`kafkastore.${name}`, value]),
      );
      const address = `kafka://127.0.0.1:${broker.ports.saslSsl}/${TOPIC}`;
      const store = new KafkaStore(kafkaStoreOptions(address, kafkastore).options);
      await expect(store.open(() => {})).rejects.toMatchObject({
        message: expect.stringContaining('is for other names, so this may be somebody else'),
      });
      await store.close();
    });
  });
});

describeKafka('a broker that ends sessions (KIP-368)', () => {
  const LIFETIME_MS = 2000;
  let broker: SecureBroker;
  let server: TokenServer;
  const stores: KafkaStore[] = [];
  beforeAll(async () => {
    const properties = { 'connections.max.reauth.ms': String(LIFETIME_MS) };
    broker = await SecureBroker.start({ users: ['app'], properties });
    server = await TokenServer.start();
  }, 120_000);
  afterAll(async () => {
    for (const store of stores) await store.close();
    await server.stop();
    await broker.stop();
  });

  /** Each on topics of its own. */
  async function open(name: string, login: Record<string, string>): Promise<KafkaStore> {
    const make = new KafkaStore({ brokers: [broker.inner], topic: name });
    await make.open(() => {}, { create: true });
    await make.close();
    const topics = { records: name, audit: `${name}-audit` };
    const bootstrapServer = `localhost:${broker.ports.saslSsl}`;
    for (const user of ['app', SCRAM_USER.name])
      await broker.run(aclLines(topics, 'writer', { principal: `User:${user}`, bootstrapServer }));
    const all = {
      'security.protocol': 'SASL_SSL',
      'ssl.truststore.location': broker.certificates.authority,
      ...login,
    };
    const kafkastore = new Map(
      Object.entries(all).map(([setting, value]) => [`kafkastore.${setting}`, value]),
    );
    const { options } = kafkaStoreOptions(`kafka://${bootstrapServer}/${name}`, kafkastore);
    const store = new KafkaStore(options);
    stores.push(store);
    await store.open(() => {});
    return store;
  }

  /** Changes, reads and lines of reads at the same time, over several sessions. */
  async function workOn(store: KafkaStore): Promise<void> {
    const end = performance.now() + 3 * LIFETIME_MS;
    for (let n = 1; performance.now() < end; n += 1) {
      const records = [{ key: 'k', value: Buffer.from(`${n}`) }];
      await Promise.all([
        store.transact(() => ({ attemptId: `attempt-${n}`, n, records, audit: [`change ${n}`] })),
        store.appendAudit(() => [`read ${n}`]),
        store.catchUp(),
      ]);
    }
  }

  test('is gone on with over their ends, at work and at rest, with every log-in', async () => {
    const user = (name: string, password: string) =>
      `required username="${name}" password="${password}";`;
    const scram = {
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.jaas.config': `${KAFKA}.scram.ScramLoginModule ${user(SCRAM_USER.name, SCRAM_USER.password)}`,
    };
    const plain = {
      'sasl.jaas.config': `${KAFKA}.plain.PlainLoginModule ${user('app', 'app-password')}`,
    };
    const tokens = {
      'sasl.jaas.config': `${MODULE} clientId="app" clientSecret="hunter2" scope="secrets";`,
      'sasl.oauthbearer.token.endpoint.url': `${server.url}/token`,
    };
    const atRest = await open('at-rest', scram);
    await atRest.catchUp();
    await Promise.all([
      open('scram', scram).then(workOn),
      open('plain', plain).then(workOn),
      open('tokens', tokens).then(workOn),
    ]);
    await Promise.all([atRest.catchUp(), atRest.appendAudit(() => ['read'])]);
  });
});

describe('the answer of a listener that is none', () => {
  /** To a question for its mechanisms: length, correlation, no error, how many there are, then what is given. */
  function answer(count: number, names: readonly number[], length = 10 + names.length): Buffer {
    const head = Buffer.alloc(14);
    head.writeInt32BE(length, 0);
    head.writeInt32BE(1, 4);
    head.writeInt32BE(count, 10);
    return Buffer.concat([head, Buffer.from(names)]);
  }
  const PLAIN = [0, 5, ...Buffer.from('PLAIN')];

  async function probed(bytes: Buffer) {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.end(bytes));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const listener = await probeListener(`127.0.0.1:${port}`);
    await once(server.close(), 'close');
    return listener;
  }

  test.each([
    ['names that stand in one place', answer(3, [255, 254])],
    ['a name that begins before itself', answer(3, [128, 0, ...PLAIN])],
    ['2^31 names that stand in one place', answer(2 ** 31 - 1, [255, 254])],
    ['a name that is longer than the answer', answer(1, [0, 9, ...PLAIN])],
    ['more names than there are', answer(2, PLAIN)],
    ['a negative number of names', answer(-1, [])],
    ['an answer that is longer than a list of names', answer(1, PLAIN, 2 ** 31 - 1)],
    ['an answer without a length', answer(1, PLAIN, -1)],
    ['no answer', Buffer.alloc(0)],
  ])('%s says nothing', async (_, bytes) => {
    expect(await probed(bytes)).toBeUndefined();
  });

  test('a list is read', async () => {
    const listener = { protocol: 'SASL_PLAINTEXT', mechanisms: ['PLAIN'] };
    expect(await probed(answer(1, PLAIN))).toEqual(listener);
    expect(await probed(answer(0, []))).toEqual({ protocol: 'PLAINTEXT', mechanisms: [] });
  });
});

describe('a listener that speaks less than was asked for', () => {
  let stranger: FalseBroker;
  afterEach(() => stranger.stop());

  async function told(settings: Record<string, string>): Promise<SecretregError> {
    const all = { 'timeout.ms': '1500', ...settings };
    const kafkastore = new Map(
      Object.entries(all).map(([name, value]) => [`kafkastore.${name}`, value]),
    );
    const { options } = kafkaStoreOptions(`kafka://${stranger.address}/${TOPIC}`, kafkastore);
    const store = new KafkaStore(options);
    const failure: unknown = await store.open(() => {}).catch((error: unknown) => error);
    await store.close();
    if (!(failure instanceof SecretregError)) throw new Error('it did not fail');
    return failure;
  }

  const jaas = `${KAFKA}.plain.PlainLoginModule required username="app" password="hunter2";`;
  const scram = `${KAFKA}.scram.ScramLoginModule required username="app" password="hunter2";`;

  test.each([
    ['SASL_SSL', ['PLAIN'], jaas, 'speaks SASL_PLAINTEXT with PLAIN'],
    ['SASL_SSL', [], jaas, 'speaks PLAINTEXT, and'],
    ['SSL', [], undefined, 'speaks PLAINTEXT, and'],
    ['SSL', ['PLAIN'], undefined, 'speaks SASL_PLAINTEXT with PLAIN'],
    ['SASL_PLAINTEXT', [], jaas, 'speaks PLAINTEXT, and'],
  ])(
    '%s, answered with %j, is no reason to speak less',
    async (protocol, mechanisms, login, reason) => {
      stranger = await FalseBroker.start(mechanisms);
      const { message, hint } = await told({
        'security.protocol': protocol,
        ...(login !== undefined && { 'sasl.jaas.config': login }),
      });
      expect(message).toContain(reason);
      expect(hint).toBe(
        `check the address, and ask whoever runs the brokers for the port that speaks ${protocol}; if ${stranger.address} should, somebody may stand between`,
      );
      expect(stranger.heard).not.toContain('hunter2');
    },
  );

  test('SCRAM in clear, is no reason to send the password', async () => {
    stranger = await FalseBroker.start(['PLAIN']);
    const { message, hint = '' } = await told({
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.jaas.config': scram,
    });
    expect(message).toContain('does not let anybody log in by SCRAM-SHA-512; there is PLAIN');
    expect(hint).not.toContain('kafkastore.sasl.mechanism=');
    expect(hint).toContain('ask whoever runs the brokers');
  });
});

describeKafka('a broker that goes away in the middle', () => {
  test('is waited for, and it is told how long', async () => {
    const broker = await Broker.start();
    const store = new KafkaStore({ brokers: [broker.address], topic: TOPIC, timeoutMs: 1500 });
    await store.open(() => {}, { create: true });
    await broker.kill();
    await expect(store.catchUp()).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining(
        `no broker answered at ${broker.address} for 1.5 s (connection refused)`,
      ),
    });
    await store.close();
    await broker.stop();
  });
});

describe('a token', () => {
  const source = (lifetimeMs: number | undefined) => {
    let asked = 0;
    return () => {
      asked += 1;
      return Promise.resolve({ value: `token ${asked}`, lifetimeMs });
    };
  };

  test.each([
    [3_600_000, 2_879_000, 2_881_000],
    [60_000, 44_000, 46_000],
  ])('of %d ms is used for %d ms and not for %d ms', async (lifetime, fresh, old) => {
    let now = 0;
    const tokens = bearerTokens(source(lifetime), () => now);
    expect(await Promise.all([tokens(), tokens()])).toEqual(['token 1', 'token 1']);
    now = fresh;
    expect(await tokens()).toBe('token 1');
    now = old;
    expect(await tokens()).toBe('token 2');
  });

  test('whose end nobody knows is used once', async () => {
    const tokens = bearerTokens(source(undefined));
    expect([await tokens(), await tokens()]).toEqual(['token 1', 'token 2']);
  });
});
