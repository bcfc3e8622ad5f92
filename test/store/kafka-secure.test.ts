// On a real broker with TLS, log-ins and rights: every way to log in, the contract with the fewest rights, each of them
// left out, and what is told where settings and broker do not fit.
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SecretregError } from '../../src/errors.ts';
import { aclLines, linesFor, type Right, type Role, rightsOf } from '../../src/store/kafka/acls.ts';
import { KafkaStore } from '../../src/store/kafka/kafka-store.ts';
import { kafkaStoreOptions } from '../../src/store/kafka/settings.ts';
import { storeContract } from '../contract/store.contract.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { SecureBroker } from '../kafka/secure-broker.ts';

const KAFKA = 'org.apache.kafka.common.security';
const login = (module: string, name: string, password = `${name}-password`) =>
  `${KAFKA}.${module} required username="${name}" password="${password}";`;
const plainLogin = (name: string, password?: string) =>
  login('plain.PlainLoginModule', name, password);

/** The rights of `init`, each without one of them; then those of `doctor` and `auditor`. */
const ROLES: readonly Role[] = ['names', 'reader', 'writer', 'auditor', 'doctor', 'init'];
const USERS = [
  'contract',
  'nobody',
  ...ROLES.flatMap((role) => Array.from({ length: 10 }, (_, at) => `${role}${at}`)),
];

describeKafka('a broker with TLS, log-ins and rights', () => {
  let broker: SecureBroker;
  beforeAll(async () => {
    broker = await SecureBroker.start({ users: USERS });
  }, 120_000);
  afterAll(() => broker.stop());

  const to = (user: string) => {
    return { principal: `User:${user}`, bootstrapServer: `localhost:${broker.ports.saslSsl}` };
  };
  const topicsOf = (records: string) => ({ records, audit: `${records}-audit` });

  /** By names without `kafkastore.`. */
  function storeWith(
    settings: Record<string, string>,
    port: keyof SecureBroker['ports'],
    topic: string,
  ) {
    const all = {
      'ssl.truststore.location': broker.certificates.authority,
      'timeout.ms': '3000',
      ...settings,
    };
    const kafkastore = new Map(
      Object.entries(all).map(([name, value]) => [`kafkastore.${name}`, value]),
    );
    const address = `kafka://localhost:${broker.ports[port]}/${topic}`;
    return new KafkaStore(kafkaStoreOptions(address, kafkastore).options);
  }

  const asUser = (name: string, topic: string) =>
    storeWith(
      { 'security.protocol': 'SASL_SSL', 'sasl.jaas.config': plainLogin(name) },
      'saslSsl',
      topic,
    );

  async function make(topic: string): Promise<void> {
    const store = new KafkaStore({ brokers: [broker.inner], topic });
    await store.open(() => {}, { create: true });
    await write(store);
    await store.close();
  }

  const write = (store: KafkaStore) => {
    const records = [{ key: 'k', value: Buffer.from('v') }];
    return store.transact(() => ({ attemptId: 'a', n: 1, records, audit: ['line'] }));
  };

  /** What a person is told, with the port as a word. */
  async function told(work: () => Promise<unknown>): Promise<string> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof SecretregError)) throw error;
      const text = `${error.message}\n${error.hint ?? ''}`;
      return Object.values(broker.ports).reduce(
        (it, port) => it.replaceAll(`${port}`, '<port>'),
        text,
      );
    }
    throw new Error('it did not fail');
  }

  describe('who may do what with a topic', () => {
    const { ALL, READ, WRITE, ALTER_CONFIGS } = kafkajs.AclOperationTypes;
    const { ALLOW, DENY } = kafkajs.AclPermissionTypes;
    const entry = (principal: string, permissionType: number, operation: number, host = '*') => {
      return { principal: `User:${principal}`, permissionType, operation, host };
    };
    const facts = async (store: KafkaStore, what: RegExp) => {
      await store.open(() => {}, { readOnly: true });
      const { facts } = await store.inspect();
      await store.close();
      return facts.filter(({ name }) => what.test(name));
    };

    test('is told as the brokers judge: what is denied is not allowed', async () => {
      const topic = 'who-may';
      await make(topic);
      await broker.grant(topic, [
        entry('anna', ALLOW, READ),
        entry('bert', ALLOW, ALL),
        entry('bert', DENY, READ),
        entry('carl', ALLOW, WRITE, '10.0.0.1'),
        entry('dora', ALLOW, WRITE),
        entry('dora', DENY, ALL),
        entry('erik', ALLOW, READ),
        entry('erik', DENY, READ, '10.0.0.2'),
      ]);
      await broker.grant(`${topic}-audit`, [entry('*', ALLOW, ALTER_CONFIGS)]);
      const store = new KafkaStore({ brokers: [broker.inner], topic });
      expect(await facts(store, /^who may/)).toEqual([
        {
          name: 'who may read who-may',
          state: 'ok',
          text: 'User:anna (Read), User:erik (Read), and superusers of the cluster; denied: User:bert (Read), User:dora (All), User:erik (Read from 10.0.0.2)',
        },
        {
          name: 'who may change who-may',
          state: 'ok',
          text: 'User:bert (All), User:carl (Write from 10.0.0.1), and superusers of the cluster; denied: User:dora (All)',
        },
        {
          name: 'who may read who-may-audit',
          state: 'ok',
          text: expect.stringMatching(/^by ACL nobody; superusers of the cluster may/),
        },
        {
          name: 'who may change who-may-audit',
          state: 'warn',
          text: 'User:* (AlterConfigs), and superusers of the cluster',
        },
      ]);
    });

    test('is a warning where it cannot be seen', async () => {
      const topic = 'who-knows';
      await make(topic);
      await broker.run(aclLines(topicsOf(topic), 'doctor', to('nobody')));
      expect(await facts(asUser('nobody', topic), /^who may|^transactions/)).toEqual([
        { name: 'transactions', state: 'warn', text: expect.stringMatching(/cannot be seen/) },
        {
          name: 'who may read who-knows',
          state: 'warn',
          text: 'cannot be seen, nor who may change it: this user may not describe the ACLs (Describe on the cluster)',
        },
      ]);
    });
  });

  describe('the contract, with the rights of init', () => {
    let topics = 0;
    storeContract('Kafka, SASL_SSL', async () => {
      topics += 1;
      const topic = `secure-${topics}`;
      const roles: Role[] = ['init', 'auditor', 'doctor'];
      await broker.run(roles.flatMap((role) => aclLines(topicsOf(topic), role, to('contract'))));
      return { newStore: () => asUser('contract', topic), cleanup: async () => {} };
    });
  });

  /** What each role is for. */
  const USES: Record<Role, (store: KafkaStore) => Promise<unknown>> = {
    names: (store) => store.open(() => {}, { readOnly: true }),
    reader: async (store) => {
      await store.open(() => {});
      await store.appendAudit(() => ['line']);
    },
    writer: async (store) => {
      await store.open(() => {});
      await write(store);
    },
    auditor: async (store) => {
      await store.open(() => {});
      await store.appendAudit(() => ['line']);
      for await (const line of store.readAudit()) expect(line.position).toBeGreaterThan(0);
    },
    doctor: async (store) => {
      await store.open(() => {}, { readOnly: true });
      await store.inspect();
    },
    init: async (store) => {
      await store.open(() => {}, { create: true });
      await write(store);
    },
  };

  describe.each(ROLES)('the rights of %s', (role) => {
    const rights = rightsOf(role, topicsOf(`role-${role}`));

    async function tryWith(user: string, granted: readonly Right[], topic: string) {
      await broker.run(linesFor(granted, to(user)));
      const store = asUser(user, topic);
      try {
        return await USES[role](store);
      } finally {
        await store.close();
      }
    }

    test('are enough', async () => {
      const topic = `role-${role}`;
      if (role !== 'init') await make(topic);
      await tryWith(`${role}0`, rights, topic);
    });

    test.each(
      rights.map(
        (right, at) => [`${right.operation} on ${right.resource} ${right.name}`, at] as const,
      ),
    )('are too few without %s, which is named', async (_, at) => {
      const topic = `role-${role}-${at}`;
      if (role !== 'init') await make(topic);
      const all = rightsOf(role, topicsOf(topic));
      const missing = all[at];
      if (missing === undefined) throw new Error('there is no such right');
      const user = `${role}${at + 1}`;
      const text = await told(() => tryWith(user, all.toSpliced(at, 1), topic));
      const resource = missing.resource === 'topic' ? 'topic' : 'transactional id';
      expect(text).toContain(
        `User:${user} has no right to ${missing.operation} on ${resource} ${missing.name};`,
      );
      expect(text.split('\n').slice(1)).toEqual([
        `kafka-acls --bootstrap-server localhost:<port> --command-config admin.properties --add --allow-principal User:${user} --operation ${missing.operation} --${missing.resource} ${missing.name}`,
      ]);
    });
  });
});
