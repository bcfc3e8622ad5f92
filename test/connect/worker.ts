// A real Kafka Connect worker in distributed mode on loopback, with a group and topics of its own. A second one may join it.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Broker, freePorts } from '../kafka/broker.ts';
import { installConnector, installWorker, type WorkerVersion } from './install.ts';
import { loggerFlag } from './worker-log.ts';

export interface WorkerOptions {
  version: WorkerVersion;
  broker: Broker;
  /** Beside and over the ones that a worker needs. */
  properties?: Record<string, string>;
  /** Folders or jars beside the connector of the tests. */
  plugins?: readonly string[];
  /** Flags of Java. */
  jvm?: readonly string[];
  env?: Record<string, string>;
  /** It becomes another worker of this one's cluster. */
  joins?: Worker;
}

export interface Answer {
  status: number;
  text: string;
  json: unknown;
}

const START_MS = 120_000;
const ACCESS_LOG = '(org.apache.kafka.connect.runtime.rest.RestServer)';

export class Worker {
  /** Where a test may put its files: it goes with the worker. */
  readonly folder = mkdtempSync(join(tmpdir(), 'secretreg-connect-'));
  readonly url: string;
  readonly group: string;
  readonly #command: readonly string[];
  readonly #env: Record<string, string>;
  #child: ChildProcess | undefined;

  private constructor(options: WorkerOptions, port: number, libs: string, connector: string) {
    this.url = `http://127.0.0.1:${port}`;
    this.group = options.joins?.group ?? `connect-${randomBytes(4).toString('hex')}`;
    this.#env = options.env ?? {};
    const plugins = [connector, ...(options.plugins ?? [])];
    const properties = {
      ...ownProperties(options.broker, this.group),
      listeners: this.url,
      'plugin.path': pluginPath(this.folder, plugins),
      ...options.properties,
    };
    const file = join(this.folder, 'connect-distributed.properties');
    writeFileSync(file, asProperties(properties), { mode: 0o600 });
    this.#command = [
      ...['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'],
      ...['-Djava.net.preferIPv4Stack=true', loggerFlag(options.version, this.folder)],
      ...(options.jvm ?? []),
      ...['-cp', join(libs, '*'), 'org.apache.kafka.connect.cli.ConnectDistributed', file],
    ];
  }

  /** Resolves once it answers requests, or says that it wants a password. */
  static async start(options: WorkerOptions): Promise<Worker> {
    const worker = await Worker.prepare(options);
    await worker.restart();
    return worker;
  }

  /** Not started. */
  static async prepare(options: WorkerOptions): Promise<Worker> {
    const [libs, connector, [port = 0]] = await Promise.all([
      installWorker(options.version),
      installConnector(),
      freePorts(1),
    ]);
    return new Worker(options, port, libs, connector);
  }

  /** All that it has written since its first start. */
  log(): string {
    return readFileSync(this.#logFile, 'utf8');
  }

  /** Its end, without a line for each request. */
  tail(): string {
    const lines = this.log()
      .split('\n')
      .filter((line) => !line.endsWith(ACCESS_LOG));
    return lines.join('\n').slice(-6000);
  }

  /** Starts it with the settings that it had. */
  async restart(): Promise<void> {
    await this.kill();
    await this.#ready(this.launch());
  }

  /** Starts it without waiting for it. Resolves with its exit code where it ends by itself. */
  launch(): Promise<number | null> {
    const log = openSync(this.#logFile, 'a');
    const child = spawn('java', this.#command, {
      stdio: ['ignore', log, log],
      cwd: this.folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: this.folder, LC_ALL: 'C.UTF-8', ...this.#env },
    });
    this.#child = child;
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.removeListener('exit', end));
    return once(child, 'exit').then(([code]) => code as number | null);
  }

  /** As a machine that loses its power does: a graceful stop may take 46 s. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Kills it and removes its folder. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The path as it is written, the body as JSON; a text is sent as it is. */
  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        // A worker that was killed and started again does not know the connections of before.
        connection: 'close',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return {
      status: response.status,
      text,
      json: isJson ? parsed(text) : undefined,
    };
  }

  get #logFile(): string {
    return join(this.folder, 'worker.log');
  }

  async #ready(ended: Promise<unknown>): Promise<void> {
    let hasEnded = false;
    void ended.then(() => (hasEnded = true));
    const deadline = performance.now() + START_MS;
    while (![200, 401].includes(await this.#health())) {
      if (hasEnded || performance.now() > deadline) {
        throw new Error(`the worker did not start:\n${this.tail()}`);
      }
      await delay(50);
    }
  }

  /** KIP-1017: 200 once it can take requests, before that 503 or no answer. */
  async #health(): Promise<number> {
    return this.request('GET', '/health').then(
      ({ status }) => status,
      () => 0,
    );
  }
}

/** Kafka's extension of basic authentication calls the sentence of its 401 JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Each plugin is a folder or a jar in a folder that is on the path. */
function pluginPath(folder: string, plugins: readonly string[]): string {
  const path = join(folder, 'plugins');
  mkdirSync(path);
  for (const [index, plugin] of plugins.entries()) {
    symlinkSync(plugin, join(path, `${index}-${basename(plugin)}`));
  }
  return path;
}

function ownProperties(broker: Broker, group: string): Record<string, string> {
  return {
    'bootstrap.servers': broker.address,
    'group.id': group,
    'config.storage.topic': `${group}-configs`,
    'offset.storage.topic': `${group}-offsets`,
    'status.storage.topic': `${group}-status`,
    'config.storage.replication.factor': '1',
    'offset.storage.replication.factor': '1',
    'status.storage.replication.factor': '1',
    'offset.storage.partitions': '1',
    'status.storage.partitions': '1',
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'plugin.discovery': 'service_load',
    'scheduled.rebalance.max.delay.ms': '0',
    // The least that a broker allows: a worker that was killed is in the group for as long.
    'session.timeout.ms': '6000',
    'heartbeat.interval.ms': '1000',
  };
}

function asProperties(properties: Record<string, string>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`)
    .join('');
}
