import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { addressOf } from '../../src/cli/kafkastore.ts';
import { workerConfigOf } from '../../src/cli/worker-config.ts';
import { propertiesIn, workerSettings } from '../../src/cli/worker-settings.ts';

const parseWorkerConfig = (text: string, file: string) => workerConfigOf(propertiesIn(text), file);

const example = readFileSync('fixtures/worker/confluent-example.properties', 'utf8');

describe("the worker's file", () => {
  test('the published example, verbatim, gives key, servers and protocol, and a sentence on the setting that ran together', () => {
    const config = parseWorkerConfig(example, 'worker.properties');
    expect(config.masterKey).toBe('<encryption key>');
    expect(config.oldMasterKey).toBeUndefined();
    expect([...config.kafkastore.keys()]).toEqual([
      'kafkastore.bootstrap.servers',
      'kafkastore.sasl.login.callback.handler.class',
    ]);
    expect(config.notes).toEqual([
      'config.providers.secret.param.kafkastore.sasl.login.callback.handler.class holds a JAAS text after the class name: ' +
        'two settings have run together, as in the published example; the text from the login module on belongs to kafkastore.sasl.jaas.config',
      'config.providers.secret.param.master.encryption.key is a placeholder in angle brackets: everybody knows it; put a key of your own there',
    ]);
    expect(JSON.stringify(config.notes)).not.toContain('service-principal-password');
  });

  test("the old key of the example's text is used too", () => {
    const config = parseWorkerConfig(
      `${example}\nconfig.providers.secret.param.master.encryption.old.key=old-passphrase-of-16\n`,
      'worker.properties',
    );
    expect(config.oldMasterKey).toBe('old-passphrase-of-16');
  });

  test('any provider name, several servers, the topic, a group that nothing needs', () => {
    const config = parseWorkerConfig(
      [
        'config.providers=vault,file',
        'config.providers.vault.class=io.confluent.connect.secretregistry.rbac.config.provider.InternalSecretConfigProvider',
        'config.providers.vault.param.kafkastore.bootstrap.servers=SASL_SSL://a:9093,SASL_SSL://b:9093',
        'config.providers.vault.param.kafkastore.topic=_confluent-secrets',
        'config.providers.vault.param.secret.registry.group.id=secret-registry',
        'config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider',
      ].join('\n'),
      'worker.properties',
    );
    expect(config.registryProviders).toEqual(['vault']);
    expect(config.notes).toEqual([
      'config.providers.vault.param.secret.registry.group.id is not used: every process may write, and no leader is elected in a group',
    ]);
    expect(config.providers).toEqual(['vault', 'file']);
    expect(addressOf(config.kafkastore)).toBe('kafka://a:9093,b:9093/_confluent-secrets');
  });

  test('a file without a secret registry tells the names of its providers, and says so', () => {
    const config = parseWorkerConfig('config.providers=file, env\n', 'worker.properties');
    expect(config).toMatchObject({ providers: ['file', 'env'], registryProviders: [] });
    expect(config.notes).toEqual([expect.stringContaining('none of them is a secret registry')]);
  });

  test('a provider of whatever class is the registry where it has the parameters of one', () => {
    const text =
      'config.providers.s.class=org.example.Provider\nconfig.providers.s.param.master.encryption.key=k\n';
    expect(parseWorkerConfig(text, 'worker.properties').registryProviders).toEqual(['s']);
  });
});

describe('a name in the file of a worker that can only be a slip is refused', () => {
  const right = 'config.providers.secret.param.';
  test.each([
    [`${right}kafkastore.bootstrap.server`, `${right}kafkastore.bootstrap.servers`],
    [`${right}kafkastore.topc`, `${right}kafkastore.topic`],
    [`${right}kafkstore.topic`, `${right}kafkastore.topic`],
    [`${right}kafkstore.group.id`, `${right}kafkastore.group.id`],
    [`${right}kafkstore.bootstrap.server`, `${right}kafkastore.bootstrap.servers`],
    [`${right}master.encryption.kye`, `${right}master.encryption.key`],
    [`${right}master.encryption.old.kei`, `${right}master.encryption.old.key`],
    ['config.providers.secret.parm.kafkastore.topic', `${right}kafkastore.topic`],
    ['config.providers.secret.pram.master.encrypton.key', `${right}master.encryption.key`],
    ['config.provider.secret.param.kafkastore.topic', `${right}kafkastore.topic`],
    ['config.providers.secret.kafkastore.topic', `${right}kafkastore.topic`],
  ])('%s', (name, meant) => {
    const text = `config.providers=secret\n${name}=hunter2\n`;
    expect(() => parseWorkerConfig(text, 'worker.properties')).toThrow(
      `worker.properties: '${name}' is not a setting that is known here, and nothing else is taken in its place; did you mean '${meant}'?`,
    );
  });

  test.each([
    `${right}kafkastore.sasl.oauthbearer.jwks.endpoint.url`,
    `${right}kafkastore.acks`,
    'config.providers.file.param.allowed.paths',
    'producer.sasl.mechanisms',
    'topic.creation.enable',
  ])('%s is none', (name) => {
    const text = `config.providers=secret\n${right}master.encryption.key=k\n${name}=x\n`;
    expect(parseWorkerConfig(text, 'worker.properties').notes).toEqual([]);
  });

  test('and so is a provider that is not listed, where the listed one lacks what it has', () => {
    const lines = [
      'config.providers=secret',
      `${right}master.encryption.key=k`,
      'config.providers.sercet.param.kafkastore.bootstrap.servers=a:9092',
    ];
    expect(() => parseWorkerConfig(lines.join('\n'), 'worker.properties')).toThrow(
      "worker.properties: config.providers names 'secret', and 'kafkastore.bootstrap.servers' stands at 'sercet': one of the two is a slip, and nothing else is taken in its place",
    );
    const both = [...lines, `${right}kafkastore.bootstrap.servers=b:9092`];
    expect(parseWorkerConfig(both.join('\n'), 'worker.properties').notes).toEqual([
      expect.stringContaining("the settings of provider 'secret' are used"),
    ]);
    const short = 'config.providers=f\nconfig.providers.s.param.kafkastore.topic=t\n';
    expect(parseWorkerConfig(short, 'worker.properties').registryProviders).toEqual(['s']);
  });
});

test('a parameter that nobody knows is told', () => {
  const text =
    'config.providers.s.param.master.encryption.key=k\nconfig.providers.s.param.frobnicate=x\n';
  expect(parseWorkerConfig(text, 'worker.properties').notes).toEqual([
    'config.providers.s.param.frobnicate is not a setting that is known here, and is not used',
  ]);
});

describe('the settings of a worker that an operator of Kubernetes runs', () => {
  const STRIMZI = `apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaConnect
metadata: { name: connect }
spec:
  config:
    group.id: connect # of the cluster
    config.providers: "secret, env"
    config.providers.secret.param.master.encryption.key: \${env:KEY}
    offset.storage.replication.factor: 3
`;
  const CONFLUENT = `apiVersion: platform.confluent.io/v1beta1
kind: Connect
spec:
  replicas: 2
  configOverrides:
    server:
      - config.providers=secret,env
      - config.providers.secret.param.master.encryption.key=\${env:KEY}
`;
  const list = (...items: readonly string[]) =>
    `apiVersion: v1\nkind: List\nitems:\n${items.map((it) => it.replace(/^/gm, '    ').replace('   ', '  -')).join('\n')}`;

  test.each([
    ['Strimzi', STRIMZI],
    ['Confluent', CONFLUENT],
    ['Strimzi, beside another one', `kind: Namespace\napiVersion: v1\n---\n${STRIMZI}`],
    ['Strimzi, in a list', list(STRIMZI)],
    [
      'Strimzi, in JSON',
      '{"kind": "KafkaConnect", "apiVersion": "kafka.strimzi.io/v1", "spec": {"config": {"config.providers": "secret,env", "config.providers.secret.param.master.encryption.key": "${env:KEY}"}}}',
    ],
  ])('stand in its resource: %s', async (_what, text) => {
    const config = workerConfigOf(await workerSettings(text, 'connect.yaml'), 'connect.yaml');
    expect(config).toMatchObject({
      providers: ['secret', 'env'],
      registryProviders: ['secret'],
      masterKey: '${env:KEY}',
      notes: [],
    });
  });

  test.each([
    ['of none', 'apiVersion: v1\nkind: Secret\n', 'neither a KafkaConnect of Strimzi'],
    [
      'of a connector',
      '{"name": "a", "config": {"connector.class": "X"}}',
      'it is JSON, in which only',
    ],
    ['of two', `${STRIMZI}---\n${CONFLUENT}`, 'it has the settings of 2 workers'],
    ['that is broken', `${STRIMZI}  config: {`, 'is not clear in every place'],
    ['that is a template', `${STRIMZI}{{ if x }}\n`, 'is not clear in every place'],
  ])('are not taken from a file %s', async (_what, text, reason) => {
    await expect(workerSettings(text, 'connect.yaml')).rejects.toThrow(reason);
  });
});
