// The worker's file of Confluent's Connect Secret Registry, whole: docs/connect-worker.md, run as it stands.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Broker, freePorts } from '../kafka/broker.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { runningProcesses } from '../process/running.ts';
import { playPage } from '../scripts/session.ts';
import { installConnector, installWorker } from './install.ts';
import { connectJar } from './jar.ts';
import { loggerFlag } from './worker-log.ts';

const UNSECURED =
  'org.apache.kafka.common.security.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler';
const LOGIN_MODULE = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required';

describeKafka('the page for whoever comes from Confluent', () => {
  const running = runningProcesses();
  let broker: Broker;
  let outer: number;

  beforeAll(async () => {
    [outer = 0] = await freePorts(1);
    const listener = 'listener.name.sasl_plaintext';
    broker = await Broker.start({
      listeners: [`SASL_PLAINTEXT://127.0.0.1:${outer}`],
      properties: {
        [`${listener}.sasl.enabled.mechanisms`]: 'OAUTHBEARER',
        [`${listener}.oauthbearer.sasl.jaas.config`]: `${LOGIN_MODULE} unsecuredLoginStringClaim_sub="broker";`,
        [`${listener}.oauthbearer.sasl.server.callback.handler.class`]: UNSECURED,
      },
    });
  }, 120_000);
  afterAll(() => broker.stop());

  test('shows what its commands print', async () => {
    const [registry, connect] = await freePorts(2);
    const metadata = await startMetadataServer();
    const home = join(broker.folder, 'kafka');
    await makeKafkaHome(home);
    const own = join(home, 'own.properties');
    writeFileSync(own, ownSettings(broker, `${connect}`));
    const addresses = {
      BROKER: [`127.0.0.1:${outer}`, 'broker.example.com:9092'],
      METADATA: [metadata, 'http://metadata.example.com:8090'],
      REGISTRY: [`http://127.0.0.1:${registry}`, 'http://registry.example.com:8185'],
      CONNECT: [`http://127.0.0.1:${connect}`, 'http://connect.example.com:8083'],
    } as const;
    const places = {
      JAR: await connectJar(),
      CONNECTOR: await installConnector(),
      KAFKA_HOME: home,
      OWN: own,
    };
    const variables = Object.entries(addresses).map(([name, [address]]) => [name, address]);
    try {
      const { expected, actual } = playPage('docs/connect-worker.md', {
        env: { ...(Object.fromEntries(variables) as Record<string, string>), ...places },
        stands: Object.values(addresses),
        timeoutMs: 240_000,
      });
      expect(expected).toContain('username="orders_app" password="made-up-for-this-page"');
      expect(actual).toBe(expected);
    } finally {
      endWorker(home);
    }
  }, 900_000);

  async function startMetadataServer(): Promise<string> {
    const child = spawn(process.execPath, [resolve('test/process/token-server.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.add(child);
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as string[];
    return line ?? '';
  }
});

/** As an unpacked Kafka has it, for what the page uses of it. */
async function makeKafkaHome(home: string): Promise<void> {
  mkdirSync(join(home, 'bin'), { recursive: true });
  const libs = await installWorker(4);
  const flags = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const script = join(home, 'bin', 'connect-distributed.sh');
  const java = ['java', ...flags, loggerFlag(4, home), '$KAFKA_OPTS', `-cp '${libs}/*'`];
  writeFileSync(
    script,
    `#!/bin/sh\necho $$ > '${home}/pid'\nexec ${java.join(' ')} org.apache.kafka.connect.cli.ConnectDistributed "$@"\n`,
  );
  chmodSync(script, 0o755);
}

/** Where the page did not come to its end. */
function endWorker(home: string): void {
  const file = join(home, 'pid');
  if (!existsSync(file)) return;
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function ownSettings(broker: Broker, port: string): string {
  const topics = ['config', 'offset', 'status'].flatMap((kind) => [
    `${kind}.storage.topic=connect-${kind}`,
    `${kind}.storage.replication.factor=1`,
  ]);
  const lines = [
    `bootstrap.servers=${broker.address}`,
    'group.id=connect',
    `listeners=http://127.0.0.1:${port}`,
    ...topics,
    'offset.storage.partitions=1',
    'status.storage.partitions=1',
    'key.converter=org.apache.kafka.connect.storage.StringConverter',
    'value.converter=org.apache.kafka.connect.storage.StringConverter',
    'plugin.discovery=service_load',
    'scheduled.rebalance.max.delay.ms=0',
  ];
  return lines.map((line) => `${line}\n`).join('');
}
