// A real Apache Kafka broker on loopback, with a data folder of its own. A second one may join it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ARCHIVE, installKafka, LIBS, TEMPLATE } from './install.ts';

export interface BrokerOptions {
  /** Beside and over the ones that a broker of one node needs. */
  properties?: Properties | ((ports: { port: number; controller: number }) => Properties);
  /** Beside the inner one, such as `SASL_SSL://localhost:1234`. */
  listeners?: readonly string[];
  /** The formatted folder to begin with. */
  template?: string;
  /** It becomes the next node, up to the third one, of the cluster that this one controls. */
  joins?: Broker;
}

type Properties = Record<string, string>;

const START_MS = 60_000;

export class Broker {
  readonly folder: string;
  readonly port: number;
  readonly #controller: number;
  readonly #properties: string;
  /** In the cluster that it controls. */
  #nodes = 1;
  #child: ChildProcess | undefined;

  private constructor(folder: string, ports: { port: number; controller: number }) {
    this.folder = folder;
    this.port = ports.port;
    this.#controller = ports.controller;
    this.#properties = join(folder, 'server.properties');
  }

  /** Resolves once it answers on its port. */
  static async start(options: BrokerOptions = {}): Promise<Broker> {
    const { properties = {}, listeners = [], template = TEMPLATE, joins } = options;
    await installKafka();
    const folder = mkdtempSync(join(tmpdir(), 'secretreg-kafka-'));
    const data = join(folder, 'data');
    cpSync(template, data, { recursive: true });
    const [port = 0, controller = 0] = await freePorts(2);
    const own = typeof properties === 'function' ? properties({ port, controller }) : properties;
    const broker = new Broker(folder, { port, controller });
    const all = {
      ...ownProperties({ data, port, controller, listeners }),
      ...(joins &&
        joined((joins.#nodes += 1), { data, port, controller: joins.#controller, listeners })),
      ...own,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(broker.#properties, lines.join(''));
    await broker.restart();
    return broker;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it on the data that is there. */
  async restart(): Promise<void> {
    const log = openSync(join(this.folder, 'broker.log'), 'a');
    const child = spawn('java', [...javaFlags(), 'kafka.Kafka', this.#properties], {
      stdio: ['ignore', log, log],
      cwd: this.folder,
    });
    this.#child = child;
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.removeListener('exit', end));
    await this.#ready(child);
  }

  /** As a machine that loses its power does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Resolves once its process has ended, by whatever; answers the last lines that it wrote. */
  async ended(): Promise<string> {
    const child = this.#child;
    if (child !== undefined && !hasEnded(child)) await once(child, 'exit');
    return readFileSync(join(this.folder, 'broker.log'), 'utf8').split('\n').slice(-20).join('\n');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async #ready(child: ChildProcess): Promise<void> {
    const deadline = performance.now() + START_MS;
    while (!(await answers(this.port))) {
      if (hasEnded(child) || performance.now() > deadline) {
        const log = readFileSync(join(this.folder, 'broker.log'), 'utf8');
        await this.kill();
        rmSync(this.folder, { recursive: true, force: true });
        throw new Error(`the broker did not start:\n${log.slice(-4000)}`);
      }
      await delay(20);
    }
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

interface Own {
  data: string;
  port: number;
  controller: number;
  listeners: readonly string[];
}

function javaFlags(): string[] {
  const archive = existsSync(ARCHIVE)
    ? [`-XX:SharedArchiveFile=${ARCHIVE}`]
    : [`-XX:ArchiveClassesAtExit=${ARCHIVE}`];
  return [
    ...['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'],
    ...['-Djava.net.preferIPv4Stack=true', ...archive, '-cp', join(LIBS, '*')],
  ];
}

function ownProperties({ data, port, controller, listeners }: Own): Properties {
  const outer = [`PLAINTEXT://127.0.0.1:${port}`, ...listeners];
  const protocols = outer.map((listener) => listener.split(':')[0]);
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: [...outer, `CONTROLLER://127.0.0.1:${controller}`].join(','),
    'advertised.listeners': outer.join(','),
    'listener.security.protocol.map': [
      'CONTROLLER:PLAINTEXT',
      ...protocols.map((name) => `${name}:${name}`),
    ].join(','),
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': data,
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    'background.threads': '2',
    'log.cleaner.dedupe.buffer.size': '2097152',
    'broker.session.timeout.ms': '1000',
    'broker.heartbeat.interval.ms': '200',
  };
}

/** Its folder is formatted for node 1, so it gets another number and another name. */
function joined(node: number, { data, port, controller, listeners }: Own): Properties {
  const file = join(data, 'meta.properties');
  const own = readFileSync(file, 'utf8')
    .replace(/^node\.id=.*$/m, `node.id=${node}`)
    .replace(/^directory\.id=.*$/m, `directory.id=${'AABC'.charAt(node).repeat(21)}A`);
  writeFileSync(file, own);
  return {
    'process.roles': 'broker',
    'node.id': String(node),
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: [`PLAINTEXT://127.0.0.1:${port}`, ...listeners].join(','),
  };
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : 0;
    }),
  );
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (isUp: boolean) => {
      socket.destroy();
      resolve(isUp);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
