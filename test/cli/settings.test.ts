// Precedence: flag > environment > project file > user file > default, and where each setting says it came from.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { storeOf } from '../../src/cli/registry-store.ts';
import type { SharedFlags } from '../../src/cli/settings.ts';
import { hasCode } from '../../src/errors.ts';
import { FalseBroker } from '../kafka/false-broker.ts';
import { TokenServer } from '../kafka/token-server.ts';
import { filled, ioWith, put, read, root, useFolder } from './settings-folder.ts';

useFolder();

/** Everything that a machine may have at once; a case takes the part that it wants. */
const layers = {
  project: () =>
    put('project/secretreg.yaml', 'registry: file:p/registry.db', 'masterKeyFile: p.key'),
  user: () =>
    put(
      'home/.config/secretreg/config.yaml',
      'registry: file:/u/registry.db',
      'masterKeyFile: u.key',
    ),
};

describe('the registry', () => {
  test.each<[string, SharedFlags, Record<string, string>, (keyof typeof layers)[], string, string]>(
    [
      [
        'a flag wins',
        { registry: 'file:f.db' },
        { SECRETREG_REGISTRY: 'file:e.db' },
        ['project', 'user'],
        'file:CWD/f.db',
        '--registry',
      ],
      [
        'then the environment',
        {},
        { SECRETREG_REGISTRY: 'file:e.db' },
        ['project', 'user'],
        'file:CWD/e.db',
        'SECRETREG_REGISTRY',
      ],
      [
        'an empty variable is none',
        {},
        { SECRETREG_REGISTRY: '' },
        ['project', 'user'],
        'file:ROOT/project/p/registry.db',
        'ROOT/project/secretreg.yaml',
      ],
      [
        "then the project's file, found upwards, relative to itself",
        {},
        {},
        ['project', 'user'],
        'file:ROOT/project/p/registry.db',
        'ROOT/project/secretreg.yaml',
      ],
      [
        "then the user's file",
        {},
        {},
        ['user'],
        'file:/u/registry.db',
        'ROOT/home/.config/secretreg/config.yaml',
      ],
      [
        'then the default',
        {},
        {},
        [],
        'file:ROOT/home/.local/share/secretreg/registry.db',
        'default',
      ],
      [
        'which XDG_DATA_HOME moves',
        {},
        { XDG_DATA_HOME: '/data' },
        [],
        'file:/data/secretreg/registry.db',
        'default',
      ],
      [
        'another scheme stays as written',
        { registry: 'kafka://a:9092/t' },
        {},
        [],
        'kafka://a:9092/t',
        '--registry',
      ],
    ],
  )('%s', async (_, flags, env, files, value, origin) => {
    for (const file of files) layers[file]();
    expect((await read(flags, env)).registry).toEqual({
      value: filled(value),
      origin: filled(origin),
    });
  });

  test("the user's file lies where XDG_CONFIG_HOME says", async () => {
    put('xdg/secretreg/config.yaml', 'registry: file:/x.db');
    const { registry } = await read({}, { XDG_CONFIG_HOME: join(root, 'xdg') });
    expect(registry).toEqual({
      value: 'file:/x.db',
      origin: join(root, 'xdg/secretreg/config.yaml'),
    });
  });

  test('the nearest project file counts, alone', async () => {
    layers.project();
    put('project/deep/secretreg.yaml', 'masterKeyFile: near.key');
    const { registry, key } = await read();
    expect(registry.origin).toBe('default');
    expect(key.value).toBe(join(root, 'project/deep/near.key'));
  });
});

test('a broker in the environment means that registry, behind SECRETREG_REGISTRY', async () => {
  const variables = { SECRETREG_KAFKASTORE_BOOTSTRAP_SERVERS: 'SSL://a:9093' };
  const origin = 'SECRETREG_KAFKASTORE_BOOTSTRAP_SERVERS';
  layers.project();
  expect((await read({}, variables)).registry).toEqual({
    value: 'kafka://a:9093/_secretreg',
    origin,
  });
  const both = { ...variables, SECRETREG_REGISTRY: 'file:/e.db' };
  expect((await read({}, both)).registry.value).toBe('file:/e.db');
});

describe('variables of a topic that name no servers', () => {
  const env = { SECRETREG_KAFKASTORE_SASL_JAAS_CONFIG: 'hunter2' };

  test('are not for the default file', async () => {
    await expect(read({}, env)).rejects.toThrow(
      'SECRETREG_KAFKASTORE_SASL_JAAS_CONFIG: it is set, and SECRETREG_KAFKASTORE_BOOTSTRAP_SERVERS is missing or empty: they name no registry',
    );
    const empty = { SECRETREG_KAFKASTORE_SASL_JAAS_CONFIG: '' };
    expect((await read({}, empty)).registry.origin).toBe('default');
  });

  test('stay beside a registry that is named', async () => {
    expect((await read({ registry: 'file:/f.db' }, env)).registry.origin).toBe('--registry');
    expect((await read({ to: 'kafka://a/t' }, env)).registry.origin).toBe('default');
    const both = { ...env, SECRETREG_REGISTRY: 'kafka://a/t' };
    expect((await read({}, both)).registry.origin).toBe('SECRETREG_REGISTRY');
    layers.user();
    expect((await read({}, env)).registry.value).toBe('file:/u/registry.db');
  });

  test.each([
    ['SECRETREG_KAFKASTORE_BOOTSTRAP_SERVER', 'SECRETREG_KAFKASTORE_BOOTSTRAP_SERVERS'],
    ['SECRETREG_KAFKSTORE_BOOTSTRAP_SERVERS', 'SECRETREG_KAFKASTORE_BOOTSTRAP_SERVERS'],
    ['SECRETREG_KAFKASTORE_SECURITY_PROTOCL', 'SECRETREG_KAFKASTORE_SECURITY_PROTOCOL'],
  ])('%s is a slip', async (name, meant) => {
    layers.user();
    await expect(read({}, { [name]: 'a:9092' })).rejects.toThrow(
      `${name}: it is not a variable that is known here, and nothing else is taken in its place; did you mean ${meant}?`,
    );
    expect((await read({ registry: 'file:/f.db' }, { [name]: 'x' })).registry.origin).toBe(
      '--registry',
    );
  });
});

describe('the master key', () => {
  const flagFile = { masterKeyFile: 'f.key' };
  const flagCommand = { masterKeyCommand: 'pass show f' };
  const env = {
    SECRETREG_MASTER_KEY_FILE: 'e.key',
    SECRETREG_MASTER_KEY_COMMAND: 'pass show e',
    CREDENTIALS_DIRECTORY: 'CREDENTIALS',
    SECRETREG_MASTER_KEY: 'a passphrase in a variable',
  };
  const without = (...names: (keyof typeof env)[]) =>
    Object.fromEntries(
      Object.entries(env).filter(([name]) => !names.includes(name as keyof typeof env)),
    );
  const all: (keyof typeof layers)[] = ['project', 'user'];

  test.each<
    [
      string,
      SharedFlags,
      Record<string, string>,
      (keyof typeof layers)[],
      { kind: string; value: string; origin: string },
    ]
  >([
    [
      'a file as a flag wins',
      { ...flagFile, ...flagCommand },
      env,
      all,
      { kind: 'file', value: 'CWD/f.key', origin: '--master-key-file' },
    ],
    [
      'then a command as a flag',
      flagCommand,
      env,
      all,
      { kind: 'command', value: 'pass show f', origin: '--master-key-command' },
    ],
    [
      'then a file from the environment',
      {},
      env,
      all,
      { kind: 'file', value: 'CWD/e.key', origin: 'SECRETREG_MASTER_KEY_FILE' },
    ],
    [
      'then a command from the environment',
      {},
      without('SECRETREG_MASTER_KEY_FILE'),
      all,
      { kind: 'command', value: 'pass show e', origin: 'SECRETREG_MASTER_KEY_COMMAND' },
    ],
    [
      'then a systemd credential',
      {},
      without('SECRETREG_MASTER_KEY_FILE', 'SECRETREG_MASTER_KEY_COMMAND'),
      all,
      {
        kind: 'file',
        value: 'ROOT/credentials/secretreg-master-key',
        origin: 'CREDENTIALS_DIRECTORY',
      },
    ],
    [
      'then the key itself from the environment',
      {},
      without('SECRETREG_MASTER_KEY_FILE', 'SECRETREG_MASTER_KEY_COMMAND', 'CREDENTIALS_DIRECTORY'),
      all,
      { kind: 'text', value: 'a passphrase in a variable', origin: 'SECRETREG_MASTER_KEY' },
    ],
    [
      "then the project's file",
      {},
      {},
      all,
      { kind: 'file', value: 'ROOT/project/p.key', origin: 'ROOT/project/secretreg.yaml' },
    ],
    [
      "then the user's file, relative to itself",
      {},
      {},
      ['user'],
      {
        kind: 'file',
        value: 'ROOT/home/.config/secretreg/u.key',
        origin: 'ROOT/home/.config/secretreg/config.yaml',
      },
    ],
    [
      'then the default',
      {},
      {},
      [],
      { kind: 'file', value: 'ROOT/home/.config/secretreg/master.key', origin: 'default' },
    ],
    [
      'an empty variable is none',
      {},
      { SECRETREG_MASTER_KEY: '' },
      [],
      { kind: 'file', value: 'ROOT/home/.config/secretreg/master.key', origin: 'default' },
    ],
  ])('%s', async (_, flags, variables, files, expected) => {
    put('credentials/secretreg-master-key', 'x');
    for (const file of files) layers[file]();
    const given = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [
        name,
        value === 'CREDENTIALS' ? join(root, 'credentials') : value,
      ]),
    );
    const { key } = await read(flags, given);
    expect(key).toEqual({
      kind: expected.kind,
      value: filled(expected.value),
      origin: filled(expected.origin),
    });
  });

  test('a folder of credentials without ours is passed over', async () => {
    const { key } = await read({}, { CREDENTIALS_DIRECTORY: join(root, 'none') });
    expect(key.origin).toBe('default');
  });

  test("a command is taken from the user's file, and from a project's file it is not", async () => {
    put('home/.config/secretreg/config.yaml', 'masterKeyCommand: pass show u');
    const origin = join(root, 'home/.config/secretreg/config.yaml');
    expect((await read()).key).toEqual({ kind: 'command', value: 'pass show u', origin });
    put('project/secretreg.yaml', 'masterKeyCommand: touch owned');
    await expect(read()).rejects.toMatchObject({ code: 'settings-invalid' });
    await expect(read()).rejects.not.toThrow('owned');
  });
});

describe("a worker's file", () => {
  const worker = (...more: string[]) =>
    put(
      'project/deep/er/worker.properties',
      'config.providers=secret',
      'config.providers.secret.class=io.confluent.connect.secretregistry.rbac.config.provider.InternalSecretConfigProvider',
      'config.providers.secret.param.master.encryption.key=a passphrase of the worker',
      ...more,
    );

  test('gives the key before the environment does, and after a flag', async () => {
    worker();
    const variables = { SECRETREG_MASTER_KEY_FILE: 'e.key' };
    const origin = 'master.encryption.key in worker.properties';
    const { key, oldKey } = await read({ workerConfig: 'worker.properties' }, variables);
    expect(key).toEqual({ kind: 'text', value: 'a passphrase of the worker', origin });
    expect(oldKey).toBeUndefined();
    const flagged = await read(
      { workerConfig: 'worker.properties', masterKeyFile: 'f.key' },
      variables,
    );
    expect(flagged.key.origin).toBe('--master-key-file');
  });

  test('may be named by a variable, and gives the old key too', async () => {
    worker('config.providers.secret.param.master.encryption.old.key=a passphrase of last year');
    const { oldKey } = await read({}, { SECRETREG_WORKER_CONFIG: 'worker.properties' });
    const origin = 'master.encryption.old.key in worker.properties';
    expect(oldKey).toEqual({ kind: 'text', value: 'a passphrase of last year', origin });
  });

  test('with a broker means that registry, unless a flag names another', async () => {
    worker('config.providers.secret.param.kafkastore.bootstrap.servers=SASL_SSL://a:9093,b:9093');
    const variables = { SECRETREG_REGISTRY: 'file:e.db' };
    const { registry } = await read({ workerConfig: 'worker.properties' }, variables);
    expect(registry).toEqual({
      value: 'kafka://a:9093,b:9093/_secretreg',
      origin: 'worker.properties',
    });
    const flagged = await read(
      { workerConfig: 'worker.properties', registry: 'file:/f.db' },
      variables,
    );
    expect(flagged.registry).toEqual({ value: 'file:/f.db', origin: '--registry' });
  });

  test('gives its `kafkastore.*`, and the environment those that it has not', async () => {
    worker(
      'config.providers.secret.param.kafkastore.bootstrap.servers=a:9092',
      'config.providers.secret.param.kafkastore.security.protocol=SSL',
    );
    const { kafkastore } = await read(
      { workerConfig: 'worker.properties' },
      {
        SECRETREG_KAFKASTORE_SECURITY_PROTOCOL: 'PLAINTEXT',
        SECRETREG_KAFKASTORE_SASL_JAAS_CONFIG: 'x',
      },
    );
    expect(Object.fromEntries(kafkastore)).toEqual({
      'kafkastore.bootstrap.servers': 'a:9092',
      'kafkastore.security.protocol': 'SSL',
      'kafkastore.sasl.jaas.config': 'x',
    });
  });

  test.each([
    ['nothing else', {}],
    ['a registry in a variable', { SECRETREG_REGISTRY: 'file:e.db' }],
    ['servers in a variable', { SECRETREG_KAFKASTORE_BOOTSTRAP_SERVERS: 'b:9092' }],
  ])('with `kafkastore.*` and without servers names no registry, beside %s', async (_, env) => {
    const file = { workerConfig: 'worker.properties' };
    for (const servers of [[], ['config.providers.secret.param.kafkastore.bootstrap.servers= ']]) {
      worker('config.providers.secret.param.kafkastore.topic=t', ...servers);
      await expect(read(file, env)).rejects.toThrow(
        'worker.properties: it has kafkastore.topic, and kafkastore.bootstrap.servers is missing or empty: they name no registry, and no other one is taken in its place',
      );
      const flagged = await read({ ...file, registry: 'file:/f.db' }, env);
      expect(flagged.registry.origin).toBe('--registry');
      expect((await read({ ...file, to: 'kafka://a/t' }, env)).registry.value).toBeDefined();
    }
    worker();
    expect((await read(file, env)).key.origin).toContain('worker.properties');
  });

  test('beside a registry that is no topic has its unknown names told too', async () => {
    worker('config.providers.secret.param.kafkastore.frobnicate=x');
    const notes = async (registry: string) =>
      (await read({ workerConfig: 'worker.properties', registry })).workerConfig?.notes;
    const note = 'kafkastore.frobnicate is not a setting that is known here, and is not used';
    expect(await notes('file:/f.db')).toEqual([note]);
    expect(await notes('kafka://a/t')).toEqual([]);
  });

  test("may refer to values with Kafka's own providers, under the worker's names for them", async () => {
    put('values.properties', 'key=a passphrase out of a file', 'quoted=it is "so"');
    put('folder/servers', 'a:9092');
    put(
      'project/deep/er/worker.properties',
      'config.providers=secret,f',
      'config.providers.f.class=org.apache.kafka.common.config.provider.FileConfigProvider',
      `config.providers.secret.param.master.encryption.key=\${f:${root}/values.properties:key}`,
      `config.providers.secret.param.kafkastore.bootstrap.servers=\${directory:${root}/folder:servers}`,
      `config.providers.secret.param.kafkastore.sasl.jaas.config=x \${env:JAAS} \${file:${root}/values.properties:quoted}`,
    );
    const { registry, key, kafkastore } = await read(
      { workerConfig: 'worker.properties' },
      { JAAS: 'y' },
    );
    expect(key.value).toBe('a passphrase out of a file');
    expect(registry.value).toBe('kafka://a:9092/_secretreg');
    expect(kafkastore.get('kafkastore.sasl.jaas.config')).toBe('x y it is "so"');
  });

  test.each([
    ['${file:/none.properties:key}', 'file-unreadable', "'/none.properties'"],
    ['${env:NONE}', 'settings-invalid', "env has no 'NONE', which it refers to"],
    ['${directory:/tmp:../x}', 'settings-invalid', "'/tmp' has no '../x', which it refers to"],
    ['${vault:a:b}', 'settings-invalid', 'there are file, env, directory'],
  ])('a reference that leads nowhere is no text: %s', async (text, code, reason) => {
    put(
      'project/deep/er/worker.properties',
      `config.providers.secret.param.master.encryption.key=${text}`,
    );
    const reading = read({ workerConfig: 'worker.properties' });
    await expect(reading).rejects.toMatchObject({ code });
    await expect(reading).rejects.toThrow(reason);
  });

  test('that is not there is told by its name', async () => {
    await expect(read({ workerConfig: 'none.properties' })).rejects.toMatchObject({
      code: 'file-unreadable',
    });
  });
});

describe('a log-in at the brokers', () => {
  const KAFKA = 'org.apache.kafka.common.security';
  const plainLogin = {
    SECRETREG_KAFKASTORE_SASL_JAAS_CONFIG: `${KAFKA}.plain.PlainLoginModule required username="app" password="hunter2";`,
  };
  const clientLogin = {
    SECRETREG_KAFKASTORE_SASL_JAAS_CONFIG: `${KAFKA}.oauthbearer.OAuthBearerLoginModule required clientId="app" clientSecret="hunter2";`,
  };
  let thief: FalseBroker;
  beforeEach(async () => {
    thief = await FalseBroker.start();
  });
  afterEach(() => thief.stop());

  /** As each command does. */
  async function use(flags: SharedFlags, env: Record<string, string>): Promise<void> {
    const settings = await read(flags, env);
    const store = await storeOf(ioWith(env), settings);
    try {
      await store.open(() => undefined);
    } finally {
      await store.close();
    }
  }

  async function refusal(flags: SharedFlags, env: Record<string, string>): Promise<string> {
    const failure: unknown = await use(flags, env).catch((error: unknown) => error);
    if (!hasCode(failure, 'settings-invalid')) throw failure;
    const text = `${failure.message}\n${failure.hint ?? ''}`;
    expect(text).not.toContain('hunter2');
    return text;
  }

  const address = (query: string) => `kafka://${thief.address}/t?timeout.ms=1000&${query}`;

  test('is not sent to brokers that a project file names', async () => {
    layers.user();
    put('project/secretreg.yaml', `registry: ${address('security.protocol=SASL_PLAINTEXT')}`);
    const told = await refusal({}, plainLogin);
    expect(told).toBe(
      `${root}/project/secretreg.yaml: the log-in in SECRETREG_KAFKASTORE_SASL_JAAS_CONFIG is not used for brokers that a project file alone names (${thief.address}), since it would go to whoever wrote the project; the registry should be named by you, or where the log-in is\n` +
        `--registry kafka://${thief.address}/t    (if these brokers are yours; or SECRETREG_REGISTRY. Settings behind a '?' of the project file are yours to check, and to add)`,
    );
    expect(thief).toMatchObject({ connections: 0, heard: '' });
  });

  test('is sent to the same brokers where a person names them', async () => {
    const registry = address('security.protocol=SASL_PLAINTEXT');
    await expect(use({ registry }, plainLogin)).rejects.toMatchObject({
      code: 'store-unavailable',
    });
    expect(thief.heard).toContain('hunter2');
  });

  test('is not sent to a token server that a project file names', async () => {
    const server = await TokenServer.start();
    const query = `security.protocol=SASL_PLAINTEXT&sasl.oauthbearer.token.endpoint.url=${server.url}/token`;
    put('project/secretreg.yaml', `registry: ${address(query)}`);
    await expect(refusal({}, clientLogin)).resolves.toContain('the log-in in SECRETREG_');
    expect(server.requests).toEqual([]);
    await expect(use({ registry: address(query) }, clientLogin)).rejects.toThrow();
    expect(server.requests).toContain('POST /token');
    await server.stop();
  });

  test.each([
    [
      'sasl.jaas.config',
      `${KAFKA}.plain.PlainLoginModule required username="a" password="hunter2";`,
    ],
    ['sasl.oauthbearer.client.credentials.client.secret', 'hunter2'],
    ['ssl.keystore.location', '/home/you/client.pem'],
    ['ssl.keystore.key', 'hunter2'],
    ['ssl.key.password', 'hunter2'],
  ])("of a worker's file is not either: %s", async (name, value) => {
    put('project/secretreg.yaml', `registry: ${address('security.protocol=SASL_PLAINTEXT')}`);
    put(
      'home/worker.properties',
      `config.providers.secret.param.kafkastore.${name}=${value}`,
      'config.providers.secret.param.master.encryption.key=a passphrase of the worker',
    );
    const workerConfig = join(root, 'home/worker.properties');
    await expect(refusal({ workerConfig }, {})).resolves.toContain(
      `the log-in in kafkastore.${name} of ${workerConfig} is not used`,
    );
    expect(thief.connections).toBe(0);
  });

  test('with a key file is none that a project file may name', async () => {
    const query = 'security.protocol=SSL&ssl.keystore.location=/home/you/client.pem';
    put('project/secretreg.yaml', `registry: ${address(query)}`);
    await expect(refusal({}, {})).resolves.toContain(
      "'ssl.keystore.location' is not taken from a project file",
    );
    expect(thief.connections).toBe(0);
  });

  test("is used for the registry of the user's own file, and a project file may name brokers without one", async () => {
    const registry = `kafka://${thief.address}/t`;
    put('home/.config/secretreg/config.yaml', `registry: ${registry}`);
    const { kafkastore } = await read({}, plainLogin);
    expect([...kafkastore.keys()]).toEqual(['kafkastore.sasl.jaas.config']);
    put('project/secretreg.yaml', `registry: ${registry}?security.protocol=SSL`);
    const trust = { SECRETREG_KAFKASTORE_SSL_TRUSTSTORE_LOCATION: '/etc/ca.pem' };
    expect((await read({}, trust)).registry.origin).toBe(`${root}/project/secretreg.yaml`);
  });
});

describe('a settings file that is refused', () => {
  test.each([
    [
      'an unknown setting',
      ['registri: file:/x'],
      "'registri' is not a setting; there are registry, masterKeyFile, validate",
    ],
    ['a number', ['registry: 7'], "'registry' is not text"],
    ['a list', ['- registry'], 'it is not a map of settings'],
    [
      'what is no YAML',
      ['registry: "file'],
      `the string is not closed: its '"' is missing (line 1, column 11)`,
    ],
    [
      'a setting that stands there twice',
      ['registry: file:/a', 'registry: file:/b'],
      'this name stands in this map already (line 2, column 1)',
    ],
    [
      'a block with text behind its sign, which is not told',
      ['masterKeyCommand: |hunter2'],
      "yaml: behind '|' or '>' stands at most a sign (+ or -) and a digit (line 1, column 20)",
    ],
    [
      'a tag, which is not told',
      ['masterKeyCommand: !hunter2!a b'],
      'yaml: this is no tag, or none that a %TAG line explains (line 1, column 19)',
    ],
  ])('%s', async (_, lines, reason) => {
    put('project/secretreg.yaml', ...lines);
    await expect(read()).rejects.toMatchObject({
      code: 'settings-invalid',
      message: expect.stringContaining(join(root, 'project/secretreg.yaml')),
    });
    await expect(read()).rejects.toThrow(reason);
  });

  test('one that is empty sets nothing', async () => {
    put('project/secretreg.yaml', '# nothing yet');
    expect((await read()).registry.origin).toBe('default');
  });
});
