// `npm run demo:connect`: a broker, a registry in a topic, a server, and a Connect worker with the plugin, all real and on
// loopback. One connector is given its secrets, one that reaches for another's is refused. Each command is printed as a
// person would type it, and run as printed. Everything is stopped and removed at the end.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installWorker } from '../test/connect/install.ts';
import { connectJar } from '../test/connect/jar.ts';
import { Worker } from '../test/connect/worker.ts';
import { Broker, freePorts } from '../test/kafka/broker.ts';
import { missingTool } from '../test/kafka/install.ts';
import { Shell, tell } from './shell.ts';

const CONNECTOR = 'orders-source';
const START_MS = 60_000;
/** Without it every worker reads files and the environment for whoever may make a connector. */
const JVM = ['-Dorg.apache.kafka.automatic.config.providers=none'];

/** What goes with the demo, the last one first. */
const endings: (() => unknown)[] = [];

const missing = missingTool();
if (missing === undefined) process.exitCode = await demo();
else {
  console.error(`demo: there is no ${missing} here\nhint: install Java 17 and Maven`);
  process.exitCode = 1;
}

async function demo(): Promise<number> {
  let isInterrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      isInterrupted = true;
      console.error('demo: interrupted; everything is stopped and removed');
      void end(130);
    });
  try {
    await play();
    return 0;
  } catch (error) {
    // What is stopped meanwhile fails.
    if (isInterrupted) return 130;
    console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await end();
  }
}

async function end(code?: number): Promise<void> {
  for (let ending = endings.pop(); ending !== undefined; ending = endings.pop()) await ending();
  if (code !== undefined) process.exit(code);
}

async function play(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'secretreg-demo-'));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  tell(
    'A broker starts. Where they are not there yet, Maven fetches it, a worker, and what builds the plugin: 150 MB.',
  );
  const password = randomBytes(18).toString('base64url');
  writeFileSync(join(folder, 'password.txt'), password, { mode: 0o600 });
  const [jar, , broker, ports] = await Promise.all([
    connectJar(),
    installWorker(4),
    brokerWith({ orders_app: password, orders_app_2: password }),
    freePorts(1),
  ]);
  const server = `127.0.0.1:${ports[0]}`;
  const shell = new Shell({ folder, registry: `kafka://${broker.inner}/_secretreg` });

  tell('A registry in a topic of a broker, and its master key.');
  shell.run('secretreg init');
  tell(
    'The UserAdmin makes the credentials of a connector, under its name. No value stands in a command.',
  );
  shell.run(`printf orders_app | secretreg put ${CONNECTOR} username -`);
  shell.run(`secretreg put ${CONNECTOR} password --from-file password.txt`);
  tell(
    'A server gives them to the worker, whose token reads what is under this name and nothing else.',
  );
  endings.push(await shell.serve(server));
  shell.run(
    `secretreg access token create --principal User:connect --role DeveloperRead --path ${CONNECTOR} -O connect.token`,
  );

  const settings = workerSettings(`http://${server}`, join(folder, 'connect.token'));
  shell.write('registry.properties', asText(settings));
  tell(
    'With these lines in its file, and the jar in its plugin.path, a worker starts (some seconds).',
  );
  shell.run('cat registry.properties');
  const worker = await Worker.start({
    version: 4,
    broker: broker.broker,
    plugins: [jar],
    ...{ properties: settings, jvm: JVM },
  });
  endings.push(() => worker.stop());
  await playConnectors(shell, worker, { folder, bootstrap: broker.secured });
}

async function playConnectors(
  shell: Shell,
  worker: Worker,
  { folder, bootstrap }: { folder: string; bootstrap: string },
): Promise<void> {
  const until = (line: string) =>
    `echo '${line}' >> orders.txt; until grep -s '${line}' read.txt; do sleep 0.1; done`;
  shell.write('orders.json', connector(CONNECTOR, join(folder, 'orders.txt'), bootstrap));
  shell.write('curious.json', connector('curious-source', join(folder, 'orders.txt'), bootstrap));

  tell(
    'A connector logs in at the broker with what its references stand for. Nothing else is in its configuration.',
  );
  shell.run('cat orders.json');
  shell.run(
    `curl -s --json @orders.json ${worker.url}/connectors -o answer.json -w '%{http_code}\\n'`,
  );
  await running(worker);
  shell.run(`curl -s ${worker.url}/connectors/${CONNECTOR}/status; echo`);
  tell(
    'What it is given to read goes to the topic, since it is logged in; a second connector writes down what comes.',
  );
  shell.write('reader.json', reader(join(folder, 'read.txt')));
  shell.run(`curl -s --json @reader.json ${worker.url}/connectors; echo`);
  shell.run(until('order 1'));

  tell('Another connector reaches for the same secrets, and is refused before it is there.');
  shell.run('diff orders.json curious.json');
  shell.run(`curl -s --json @curious.json ${worker.url}/connectors; echo`);

  tell('The service account is changed. Connectors that use it are restarted, and no others.');
  shell.run(`secretreg connect sync --connect ${worker.url} --assume-current`);
  shell.run(`printf orders_app_2 | secretreg put ${CONNECTOR} username -`);
  shell.run(`secretreg connect sync --connect ${worker.url}`);
  shell.run(until('order 2'));

  tell(
    'Who was given what. A worker asks as a connector is validated, as it is started, and for each task.',
  );
  shell.run(`secretreg audit --path ${CONNECTOR}`);
}

/** Polled: a connector is answered with 201 before its task is made. */
async function running(worker: Worker): Promise<void> {
  const deadline = performance.now() + START_MS;
  for (;;) {
    const { json, text } = await worker.request('GET', `/connectors/${CONNECTOR}/status`);
    const { tasks = [] } = json as { tasks?: { state: string }[] };
    if (tasks.length > 0 && tasks.every(({ state }) => state === 'RUNNING')) return;
    if (performance.now() > deadline || tasks.some(({ state }) => state === 'FAILED'))
      throw new Error(`the connector does not run: ${text}`);
    await delay(100);
  }
}

function workerSettings(url: string, tokenFile: string): Record<string, string> {
  return {
    'config.providers': 'secret',
    'config.providers.secret.class': 'io.secretreg.connect.SecretRegistryConfigProvider',
    'config.providers.secret.param.url': url,
    'config.providers.secret.param.token.file': tokenFile,
    'rest.extension.classes': 'io.secretreg.connect.SecretRegistryRestExtension',
  };
}

function connector(name: string, file: string, bootstrap: string): string {
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const reference = (key: string) => `"\${secret:${CONNECTOR}:${key}}"`;
  const config = {
    'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
    'tasks.max': '1',
    file,
    topic: 'orders',
    'topic.creation.default.partitions': '1',
    'topic.creation.default.replication.factor': '1',
    'producer.override.bootstrap.servers': bootstrap,
    'producer.override.security.protocol': 'SASL_PLAINTEXT',
    'producer.override.sasl.mechanism': 'PLAIN',
    'producer.override.sasl.jaas.config': `${login} username=${reference('username')} password=${reference('password')};`,
  };
  return `${JSON.stringify({ name, config }, null, 2)}\n`;
}

function reader(file: string): string {
  const config = {
    'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
    topics: 'orders',
    file,
  };
  return JSON.stringify({ name: 'reader', config });
}

/** A broker with an inner listener, and one at which these users log in. */
async function brokerWith(users: Record<string, string>) {
  const [port = 0] = await freePorts(1);
  const login = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`);
  const secured = `127.0.0.1:${port}`;
  const listener = 'listener.name.sasl_plaintext';
  const broker = await Broker.start({
    listeners: [`SASL_PLAINTEXT://${secured}`],
    properties: {
      [`${listener}.sasl.enabled.mechanisms`]: 'PLAIN',
      [`${listener}.plain.sasl.jaas.config`]: `org.apache.kafka.common.security.plain.PlainLoginModule required ${login.join(' ')};`,
    },
  });
  endings.push(() => broker.stop());
  return { broker, inner: broker.address, secured };
}

function asText(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
