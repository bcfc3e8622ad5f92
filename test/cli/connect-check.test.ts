// What connect check makes of what it has seen.
import { describe, expect, test } from 'vitest';
import { accessFacts } from '../../src/cli/connect-check/access-facts.ts';
import { connectorFacts, referredPaths } from '../../src/cli/connect-check/connector-facts.ts';
import { probeFacts, whyUnreadable } from '../../src/cli/connect-check/probes.ts';
import { workerFileFacts } from '../../src/cli/connect-check/worker-file.ts';
import { groupFacts, type WorkerSeen } from '../../src/cli/connect-check/worker-sections.ts';
import type { Fact } from '../../src/cli/sections.ts';
import type { Connector } from '../../src/connect/worker-answers.ts';
import { SecretregError } from '../../src/errors.ts';
import { accessAdminFor } from '../../src/registry/access-admin.ts';
import { MemoryLog, MemoryStore } from '../../src/store/memory.ts';
import { validate } from '../../src/validator/validate.ts';
import { user } from '../contract/access.contract.ts';
import { caller, init, openAs } from '../registry/fixture.ts';

/** Of a worker that says this against a reference. */
function reasonOf(said: string | undefined): Promise<string | undefined> {
  const answer = said === undefined ? { errorCount: 0, settings: [] } : { refusal: said };
  return whyUnreadable({ validate: async () => answer, isThere: async () => true }, 'X', 'secret');
}

/** `state name: text`, without the hint. */
function lines(facts: readonly Fact[]): string[] {
  return facts.map(
    ({ state, name, text }) => `${state} ${name}: ${text.replace(/; hint: .*/, '')}`,
  );
}

const CLASS = 'io.secretreg.connect.SecretRegistryConfigProvider';
const EXTENSION = 'io.secretreg.connect.SecretRegistryRestExtension';
const GOOD = [
  'config.providers=secret,file',
  `config.providers.secret.class=${CLASS}`,
  'config.providers.secret.param.url=https://registry:8443',
  'config.providers.secret.param.token.file=/etc/token',
  'config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider',
  `rest.extension.classes=com.example.Login, ${EXTENSION}`,
  'sasl.jaas.config=x required password="${file:/etc/kafka:password}";',
  'ssl.keystore.location=/etc/keystore',
];

describe("a worker's file", () => {
  test('with all that the plugin needs has nothing to tell', () => {
    expect(lines(workerFileFacts(GOOD.join('\n')))).toEqual([
      `ok provider secret: ${CLASS}`,
      'ok provider file: org.apache.kafka.common.config.provider.FileConfigProvider',
      `ok rest.extension.classes: ${EXTENSION}`,
      'ok plaintext: no password, key or token stands in it',
    ]);
  });

  test.each([
    ['no provider', 'a=b', 'fail providers: config.providers names none'],
    [
      'a provider without a class',
      'config.providers=secret',
      "fail provider secret: 'config.providers.secret.class' is missing: the worker leaves references to secret as they stand, for a password",
    ],
    [
      'none of ours',
      'config.providers=f\nconfig.providers.f.class=x.Y',
      'fail providers: none of them is ours',
    ],
    [
      "Confluent's class",
      'config.providers=secret\nconfig.providers.secret.class=io.confluent.connect.secretregistry.rbac.config.provider.InternalSecretConfigProvider',
      "warn provider secret: io.confluent.connect.secretregistry.rbac.config.provider.InternalSecretConfigProvider is Confluent's own",
    ],
    [
      'no url',
      `config.providers=secret\nconfig.providers.secret.class=${CLASS}`,
      "fail provider secret: 'config.providers.secret.param.url' is missing: it has no registry to ask",
    ],
    [
      'missing=literal',
      `${GOOD.join('\n')}\nconfig.providers.secret.param.missing=literal`,
      "warn provider secret: 'config.providers.secret.param.missing' is literal: a reference to a secret that is not there goes to the connector as it stands, for a password",
    ],
    [
      "the server's settings",
      `${GOOD.join('\n')}\nconfig.providers.secret.param.kafkastore.topic=x`,
      "warn provider secret: config.providers.secret.param.kafkastore.topic is the server's, and not used by the provider",
    ],
    [
      'no extension',
      'a=b',
      `fail rest.extension.classes: ${EXTENSION} is missing, so that a connector may refer to the secrets of others`,
    ],
    [
      'a plain token',
      `${GOOD.join('\n')}\nconfig.providers.secret.param.token=srt_canary`,
      'warn plaintext: config.providers.secret.param.token has its value in it',
    ],
    [
      'plain passwords',
      'producer.ssl.key.password=canary\nconsumer.sasl.jaas.config=canary\nssl.keystore.key=canary\nlisteners=x',
      'warn plaintext: producer.ssl.key.password, consumer.sasl.jaas.config, ssl.keystore.key have their values in it',
    ],
    [
      'a password beside a reference, and in settings of others',
      [
        'sasl.jaas.config=x.PlainLoginModule required username="${env:U}" password="canary-1";',
        'value.converter.schema.registry.url=http://u:canary-2@sr',
        'aws.secret.access.key=canaryCanary3canaryCanary3canaryCanary3ca',
      ].join('\n'),
      'warn plaintext: sasl.jaas.config, value.converter.schema.registry.url, aws.secret.access.key have their values in it',
    ],
  ])('with %s', (_what, text, line) => {
    const facts = workerFileFacts(text);
    expect(lines(facts)).toContain(line);
    expect(JSON.stringify(facts)).not.toContain('canary');
  });

  test.each([
    ['another machine', 'admin.listeners=http://10.0.0.1:8084', true],
    ['every address', 'admin.listeners=http://127.0.0.1:8084,http://:8085', true],
    ['loopback', 'admin.listeners=http://127.0.0.1:8084', false],
    ['none', 'admin.listeners=', false],
  ])('of a listener of its own for loggers, on %s', (_, line, isTold) => {
    const told = (...more: string[]) =>
      lines(workerFileFacts([...GOOD, line, ...more].join('\n'))).some((one) =>
        one.startsWith('warn admin.listeners: no extension is asked there'),
      );
    expect(told('secret.registry.rest.authorize=true')).toBe(isTold);
    // Without it anybody may.
    expect(told()).toBe(false);
  });

  test('names the extension beside those that are there', () => {
    const facts = workerFileFacts('rest.extension.classes=com.example.Login');
    const fact = facts.find(({ name }) => name === 'rest.extension.classes');
    expect(fact?.text).toContain(`hint: rest.extension.classes=com.example.Login,${EXTENSION}`);
  });
});

describe('the probes', () => {
  const RULE = "Connector 'x' may only refer to secrets under its own name: 'k' refers to path 'y'";
  const MISSING =
    "secret 'probe' of path 'x' cannot be found: the registry has none of that name for this worker; …";
  const facts = (own?: string, foreign?: string, brought?: string) =>
    lines(
      probeFacts({
        own: new Map([['secret', own]]),
        foreign: new Map([['secret', foreign]]),
        broughtProvider: brought,
      }),
    );

  test('find a plugin that does all of its work', () => {
    expect(facts(MISSING, RULE, "'producer.override.config.providers' is refused")).toEqual([
      'ok provider secret: it asks the registry, which accepts its log-in',
      'ok rule for secret: a reference to the path of another connector is refused',
      "ok providers of connectors: 'config.providers' in a connector's settings is refused",
    ]);
  });

  test('find that there is none', () => {
    expect(facts()).toEqual([
      'fail provider secret: a reference to a secret that is not there stays as it stands: no provider of that name is in the worker, or it has missing=literal',
      "warn providers of connectors: 'config.providers' in a connector's settings is taken: for its clients a connector brings providers of its own, to which no rule applies",
    ]);
  });

  test('find a provider without the rule', () => {
    expect(facts(MISSING)[1]).toBe(
      'fail rule for secret: a reference to the path of another connector is taken, so that whoever may create a connector reads all that the worker may',
    );
  });

  test.each([
    [
      'a right that the worker lacks for the probe',
      "path 'x' cannot be read: the registry at http://h does not allow it to the worker (403, code 40301): …",
      'ok provider secret: it asks the registry, which accepts its log-in',
    ],
    [
      'a registry that is away',
      'org.apache.kafka.common.config.ConfigException: the registry at http://h does not answer: connection refused',
      'fail provider secret: it cannot read secrets: the registry at http://h does not answer: connection refused',
    ],
    [
      'a refused token',
      "path 'x' cannot be read: the registry at http://h does not accept the token in /t (401, code 40101): …",
      "fail provider secret: it cannot read secrets: path 'x' cannot be read: the registry at http://h does not accept the token in /t (401, code 40101): …",
    ],
  ])('tell of %s', (_what, said, line) => {
    expect(facts(said, RULE)[0]).toBe(line);
  });

  test.each([
    ['the registry cannot be reached: it takes no connection (does the server run, on this port?)'],
    ['the registry cannot be reached: x (it is tried again in the background)'],
    [
      "path 'secretreg-connect-check' cannot be read: the registry at http://h does not accept the token of 'token.file' (401)",
    ],
    ["the token's file /t of setting 'token.file' does not exist: it must be there"],
    ["setting 'token.file' of the secret registry's provider names the file /t, which is empty"],
  ])('say why the worker cannot read secrets: %s', async (said) => {
    expect(await reasonOf(said)).toBe(said);
  });

  test.each([
    [MISSING],
    [
      "path 'secretreg-connect-check' cannot be read: the registry at http://h does not allow it to the worker (403)",
    ],
    [
      "path 'secretreg-connect-check' cannot be read: the registry at http://h has had too many requests (429)",
    ],
    ['the keystore cannot be read: null'],
    ['Invalid value canary for configuration x'],
    [undefined],
  ])('take no other answer for it: %s', async (said) => {
    expect(await reasonOf(said)).toBeUndefined();
  });

  test('take no answer for it where the worker answers all else', async () => {
    const reason = 'its answer (405) is text/html';
    const validate = () =>
      Promise.reject(new SecretregError('worker-unreachable', { place: 'w', reason }));
    const ask = (isThere: boolean) =>
      whyUnreadable({ validate, isThere: async () => isThere }, 'X', 'secret');
    expect(await ask(true)).toBeUndefined();
    await expect(ask(false)).rejects.toThrow(reason);
  });

  test('take what the provider says for no rule', () => {
    expect(facts(MISSING, MISSING)[1]).toMatch(/^fail rule for secret/);
  });
});

describe('workers of one group', () => {
  const about = { version: '4.3.1', commit: 'x', kafkaClusterId: 'A' };
  const one: WorkerSeen = { place: 'http://a', about, classes: ['x.A', 'x.B'], facts: [] };

  test('have the same plugins', () => {
    expect(groupFacts(one, [one, { ...one, place: 'http://b' }])).toEqual([]);
    const two = { ...one, place: 'http://b', classes: ['x.A'] };
    expect(lines(groupFacts(two, [one, two]))).toEqual([
      'fail plugins: it lacks x.B, which the worker at http://a has: a connector that moves here fails',
    ]);
    expect(groupFacts(one, [one, two])).toEqual([]);
  });

  test('work with one Kafka cluster', () => {
    const two = { ...one, place: 'http://b', about: { ...about, kafkaClusterId: 'B' } };
    expect(lines(groupFacts(two, [one, two]))).toEqual([
      'fail group: it works with Kafka cluster B, and the worker at http://a with A: they are of two groups',
    ]);
  });

  test('of which one did not answer are not compared', () => {
    expect(groupFacts({ place: 'http://b', facts: [] }, [one])).toEqual([]);
  });
});

describe('connectors', () => {
  const connector = (config: Record<string, string>, more: Partial<Connector> = {}): Connector => ({
    type: 'sink',
    state: 'RUNNING',
    workerId: 'a:1',
    tasks: [{ id: 0, state: 'RUNNING', workerId: 'a:1' }],
    config: new Map(Object.entries(config)),
    ...more,
  });

  test('are told with their states and what the rules find', async () => {
    const configs = {
      right: { 'connector.class': 'X', p: '${secret:right:a} ${secret:right:b} ${file:/x:y}' },
      wrong: { 'connector.class': 'X', p: '${secret:right:a}' },
      failed: { 'connector.class': 'X', p: '${secret:failed:a}' },
      both: { 'connector.class': 'X', p: '${secret:right:a}' },
      waiting: { 'connector.class': 'X' },
      stuck: { 'connector.class': 'X' },
    };
    const connectors = new Map([
      ['right', connector(configs.right)],
      ['wrong', connector(configs.wrong)],
      [
        'failed',
        connector(configs.failed, { tasks: [{ id: 1, state: 'FAILED', workerId: 'b:1' }] }),
      ],
      ['both', connector(configs.both, { state: 'FAILED' })],
      ['waiting', connector(configs.waiting, { state: 'UNASSIGNED', tasks: [] })],
      ['stuck', connector(configs.stuck, { state: 'RESTARTING' })],
    ]);
    const text = JSON.stringify(
      Object.fromEntries(
        Object.entries(configs).map(([name, config]) => [name, { info: { name, config } }]),
      ),
    );
    const [report] = await validate([{ file: 'connectors', text }]);
    const facts = connectorFacts(
      { addresses: 'http://a:8083,http://b:8083', connectors, tasks: new Map() },
      report?.diagnostics ?? [],
      ['secret'],
    );
    expect(facts.find(({ name }) => name === 'failed')?.text).toMatch(
      / hint: secretreg connect sync --connect http:\/\/a:8083,http:\/\/b:8083 {4}\(restarts it\)$/,
    );
    expect(lines(facts)).toEqual([
      'fail both: FAILED on a:1: the log of that worker says why',
      "fail both: connector 'both' may only refer to secrets under its own name: 'p' refers to path 'right' [path-is-not-connector]",
      'fail failed: task 1 FAILED on b:1: the log of that worker says why',
      'ok right: RUNNING, 1 task, 2 references',
      'fail stuck: RESTARTING on a:1: the log of that worker says why',
      'fail waiting: UNASSIGNED on a:1: the log of that worker says why',
      "fail wrong: connector 'wrong' may only refer to secrets under its own name: 'p' refers to path 'right' [path-is-not-connector]",
    ]);
    expect(referredPaths(connectors, ['secret'])).toEqual(['failed', 'right']);
  });

  describe('whose tasks', () => {
    const own = { p: '${secret:orders:password}', q: '${secret:payments:password}' };
    const told = (tasks: Record<string, string>[] | SecretregError, config = own) =>
      connectorFacts(
        {
          addresses: 'http://a:8083',
          connectors: new Map([['orders', connector(config)]]),
          tasks: new Map([
            [
              'orders',
              tasks instanceof SecretregError
                ? tasks
                : tasks.map((task) => new Map(Object.entries(task))),
            ],
          ]),
        },
        [],
        ['secret', 'other'],
      );
    const right = ['ok orders: RUNNING, 1 task, 2 references'];
    const foreign = (setting: string, path: string) =>
      `fail orders: '${setting}' of its tasks, which is not so in its own configuration, refers to path '${path}': the tasks get that secret, since no rule is applied to what a connector gives them`;

    test.each<[string, Record<string, string>[], string[]]>([
      ['are none', [], right],
      // What is wrong with q is found by the rules.
      ['have what the connector has', [own, own], right],
      ['refer to its own secrets', [{ groups: 'a ${secret:orders:canary}' }], right],
      ['have a text that is no reference', [{ groups: '${secret:victim:canary' }], right],
      ["refer to a provider of Kafka's", [{ groups: '${file:/etc/canary:k}' }], right],
      [
        'refer to the secret of another',
        [{ 'task.assigned.groups': 'canary,${secret:victim:canary}' }],
        [foreign('task.assigned.groups', 'victim')],
      ],
      [
        'refer to one that stands in another setting of the connector',
        [{ p: '${secret:payments:canary}' }],
        [foreign('p', 'payments')],
      ],
      [
        'refer to several, of several providers, several times',
        [
          { a: '${secret:x:canary}${other:y:canary}${secret:x:canary2}' },
          { a: '${secret:x:canary}', b: '${secret:x:canary}' },
        ],
        [foreign('a', 'x'), foreign('a', 'y'), foreign('b', 'x')],
      ],
      ['refer to no path', [{ a: '${secret:canary}' }], [foreign('a', '')]],
    ])('%s', (_what, tasks, expected) => {
      const facts = told(tasks);
      expect(lines(facts)).toEqual(expected);
      expect(JSON.stringify(facts)).not.toContain('canary');
    });

    test('are not shown', () => {
      const fault = new SecretregError('worker-not-allowed', {
        place: 'http://a',
        what: "list the tasks of connector 'orders'",
        status: 403,
      });
      expect(lines(told(fault))).toEqual([
        expect.stringMatching(/^warn orders: what it gave its tasks was not seen: .*403/),
      ]);
    });
  });

  test('that there are none of', () => {
    const none = { addresses: 'http://a:8083', connectors: new Map(), tasks: new Map() };
    expect(lines(connectorFacts(none, [], ['secret']))).toEqual([
      'ok none: no connector is deployed',
    ]);
  });
});

describe('who may read', () => {
  const worker = user('connect');

  async function access() {
    const log = new MemoryLog();
    await init(new MemoryStore(log));
    const { core } = await openAs(new MemoryStore(log));
    const admin = accessAdminFor(core, caller);
    const resource = (name: string) => ({ patternType: 'LITERAL' as const, name });
    await admin.grant({ principal: worker, role: 'DeveloperRead', resource: resource('orders') });
    await admin.grant({
      principal: user('bob'),
      role: 'DeveloperRead',
      resource: resource('orders'),
    });
    await admin.grant({
      principal: user('bob'),
      role: 'ResourceOwner',
      resource: resource('payments'),
    });
    return admin;
  }

  test('the worker has to, and the others are told', async () => {
    expect(lines(await accessFacts(await access(), ['orders', 'payments', 'a:b'], worker))).toEqual(
      [
        'ok path orders: User:connect may read it (DeveloperRead on orders), and User:bob',
        'fail path payments: User:connect may not read it, so that no connector gets its secrets',
      ],
    );
  });

  test('a principal that nobody knows is told, and no grant to it', async () => {
    const facts = await accessFacts(await access(), ['orders'], user('conect'));
    expect(facts.map(({ state, name, text }) => `${state} ${name}: ${text}`)).toEqual([
      'fail worker: the registry knows no User:conect: there is no grant to it, no token and no user of it: did you mean User:connect?; hint: --worker-principal User:connect    (as whom the worker logs in)',
      'fail path orders: User:conect may not read it, so that no connector gets its secrets',
    ]);
  });

  test('a principal that has a grant elsewhere is given one', async () => {
    const facts = await accessFacts(await access(), ['payments'], worker);
    expect(facts[0]?.text).toContain('hint: secretreg access grant User:connect');
  });

  test('is told without the worker too', async () => {
    expect(lines(await accessFacts(await access(), ['orders'], undefined))).toEqual([
      'ok path orders: may be read by User:bob, User:connect',
      'warn worker: whether the worker may read them was not checked',
    ]);
    expect(await accessFacts(await access(), [], undefined)).toEqual([]);
  });
});
