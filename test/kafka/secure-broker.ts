// A broker as in production: TLS, log-ins of every kind, and rights. Its inner listener is the administrator's.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs, {
  type AclEntry,
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  type Admin,
  ResourcePatternTypes,
} from 'kafkajs';
import { Broker, freePorts } from './broker.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { scramTemplate } from './install.ts';

/** Users of PLAIN: any name of the list, with `<name>-password`. */
export interface SecureBrokerOptions {
  users: readonly string[];
  properties?: Record<string, string>;
}

/** The one user of SCRAM, made when the data folder is formatted. */
export const SCRAM_USER = { name: 'scram', password: 'scram-password' };

const KAFKA = 'org.apache.kafka.common.security';

export class SecureBroker {
  readonly certificates: Certificates;
  readonly #folder: string;
  readonly #broker: Broker;
  readonly #ports: { saslSsl: number; ssl: number; saslPlaintext: number };

  private constructor(
    folder: string,
    certificates: Certificates,
    broker: Broker,
    ports: SecureBroker['ports'],
  ) {
    this.#folder = folder;
    this.certificates = certificates;
    this.#broker = broker;
    this.#ports = ports;
  }

  static async start({ users, properties = {} }: SecureBrokerOptions): Promise<SecureBroker> {
    const folder = mkdtempSync(join(tmpdir(), 'secretreg-secure-'));
    const certificates = makeCertificates(folder);
    const [saslSsl = 0, ssl = 0, saslPlaintext = 0] = await freePorts(3);
    const listeners = [
      `SASL_SSL://localhost:${saslSsl}`,
      `SSL://localhost:${ssl}`,
      `SASL_PLAINTEXT://localhost:${saslPlaintext}`,
    ];
    const broker = await Broker.start({
      template: await scramTemplate(SCRAM_USER),
      listeners,
      properties: { ...security(certificates, users), ...properties },
    });
    return new SecureBroker(folder, certificates, broker, { saslSsl, ssl, saslPlaintext });
  }

  get ports() {
    return this.#ports;
  }

  /** Where everything may be done, without a log-in. */
  get inner(): string {
    return this.#broker.address;
  }

  /** Does what `kafka-acls` would with these lines, and waits until the broker knows of it. */
  async run(lines: readonly string[]): Promise<void> {
    await this.#create(lines.flatMap(entriesOf));
  }

  /** Entries of any kind for a topic. */
  async grant(
    topic: string,
    entries: readonly Pick<AclEntry, 'principal' | 'host' | 'operation' | 'permissionType'>[],
  ): Promise<void> {
    const resource = {
      resourceType: AclResourceTypes.TOPIC,
      resourceName: topic,
      resourcePatternType: ResourcePatternTypes.LITERAL,
    };
    await this.#create(entries.map((entry) => ({ ...entry, ...resource })));
  }

  async #create(acl: AclEntry[]): Promise<void> {
    await this.#asAdmin(async (admin) => {
      await admin.createAcls({ acl });
      for (const entry of acl) while (!(await isKnown(admin, entry)));
    });
  }

  async #asAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const client = new kafkajs.Kafka({ brokers: [this.inner], logCreator: () => () => undefined });
    const admin = client.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  async stop(): Promise<void> {
    await this.#broker.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function security(certificates: Certificates, users: readonly string[]): Record<string, string> {
  const plain = users.map((name) => `user_${name}="${name}-password"`).join(' ');
  const own = (listener: string, mechanism: string, jaas: string) => ({
    [`listener.name.${listener}.${mechanism}.sasl.jaas.config`]: jaas,
  });
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': certificates.broker,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': certificates.authority,
    'listener.name.ssl.ssl.client.auth': 'required',
    'listener.name.sasl_ssl.sasl.enabled.mechanisms':
      'SCRAM-SHA-512,SCRAM-SHA-256,PLAIN,OAUTHBEARER',
    'listener.name.sasl_plaintext.sasl.enabled.mechanisms': 'PLAIN',
    ...own('sasl_ssl', 'plain', `${KAFKA}.plain.PlainLoginModule required ${plain};`),
    ...own('sasl_plaintext', 'plain', `${KAFKA}.plain.PlainLoginModule required ${plain};`),
    ...own('sasl_ssl', 'scram-sha-512', `${KAFKA}.scram.ScramLoginModule required;`),
    ...own('sasl_ssl', 'scram-sha-256', `${KAFKA}.scram.ScramLoginModule required;`),
    ...own(
      'sasl_ssl',
      'oauthbearer',
      `${KAFKA}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    ),
    'listener.name.sasl_ssl.oauthbearer.sasl.server.callback.handler.class': `${KAFKA}.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
  };
}

const OPERATIONS: Record<string, AclOperationTypes> = {
  Create: AclOperationTypes.CREATE,
  Describe: AclOperationTypes.DESCRIBE,
  DescribeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
};

/** Everything of the line has to be understood. */
function entriesOf(line: string): AclEntry[] {
  const form =
    /^kafka-acls --bootstrap-server localhost:\d+ --command-config admin\.properties --add --allow-principal ('?)(.+?)\1((?: --operation \w+)+) --(topic|transactional-id) (\S+)$/;
  const [, , principal = '', operations = '', resource, resourceName = ''] = form.exec(line) ?? [];
  if (resource === undefined) throw new Error(`not understood: ${line}`);
  return [...operations.matchAll(/--operation (\w+)/g)].map(([, operation = '']) => ({
    principal,
    host: '*',
    operation: OPERATIONS[operation] ?? AclOperationTypes.UNKNOWN,
    permissionType: AclPermissionTypes.ALLOW,
    resourceType: resource === 'topic' ? AclResourceTypes.TOPIC : AclResourceTypes.TRANSACTIONAL_ID,
    resourceName,
    resourcePatternType: ResourcePatternTypes.LITERAL,
  }));
}

async function isKnown(admin: Admin, entry: AclEntry): Promise<boolean> {
  const { resources } = await admin.describeAcls(entry);
  return resources.length > 0;
}
