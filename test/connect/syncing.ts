// `secretreg connect sync` in processes of its own, on a worker and a registry of the tests.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { CommandLine } from '../process/command-line.ts';
import { untilStatus } from './connectors.ts';
import type { ServedRegistry } from './served.ts';
import type { Worker } from './worker.ts';

export interface Outcome {
  connector: string;
  result: string;
  why: string;
}

export interface Synced {
  end: number | string;
  outcomes: Outcome[];
  stderr: string;
}

/** With a record of its own, as one who may list names and read no value. */
export class Syncing {
  readonly #line = new CommandLine();
  readonly #worker: Worker;
  readonly #env: Record<string, string>;
  readonly #watching = new Set<ChildProcess>();

  private constructor(worker: Worker, registry: ServedRegistry, token: string) {
    this.#worker = worker;
    this.#env = {
      SECRETREG_REGISTRY: registry.url,
      SECRETREG_TOKEN_FILE: this.#line.file('sync.token', token),
    };
  }

  static async start(worker: Worker, registry: ServedRegistry): Promise<Syncing> {
    const { json } = await registry.admin('POST', '/access/tokens', {
      principal: 'User:sync',
      grant: { role: 'Operator' },
    });
    return new Syncing(worker, registry, (json as { token: string }).token);
  }

  /** Once, with what it tells of each connector. */
  async once(...args: string[]): Promise<Synced> {
    const words = ['connect', 'sync', '-o', 'json', ...args];
    const { end, stdout, stderr } = await this.#line.run(words, { env: this.#all });
    return { end, stderr, outcomes: stdout === '' ? [] : (JSON.parse(stdout) as Outcome[]) };
  }

  /** Until the end of the test, or `stop`. */
  watch(...args: string[]): Watching {
    const words = ['connect', 'sync', '--watch', '-o', 'jsonl', ...args];
    const child = spawn(process.execPath, [resolve('bin/secretreg.js'), ...words], {
      cwd: this.#line.home,
      env: { PATH: process.env['PATH'] ?? '', HOME: this.#line.home, ...this.#all },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#watching.add(child);
    return new Watching(child);
  }

  remove(): void {
    for (const child of this.#watching) child.kill('SIGKILL');
    this.#line.remove();
  }

  get #all(): Record<string, string> {
    return { ...this.#env, SECRETREG_CONNECT: this.#worker.url };
  }
}

export class Watching {
  readonly outcomes: Outcome[] = [];
  readonly notes: string[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown[]>;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'close');
    const read = (stream: NodeJS.ReadableStream | null, take: (line: string) => void) =>
      stream && createInterface({ input: stream }).on('line', take);
    read(child.stdout, (line) => this.outcomes.push(JSON.parse(line) as Outcome));
    read(child.stderr, (line) => this.notes.push(line));
  }

  /** Answers exit code and signal. */
  async stop(signal: 'SIGINT' | 'SIGTERM'): Promise<unknown[]> {
    this.#child.kill(signal);
    return this.#ended;
  }
}

/** Resolves with the names of all connectors when nothing is UNASSIGNED, RESTARTING or FAILED. */
export async function untilAllRun(worker: Worker): Promise<string[]> {
  const names = (await worker.request('GET', '/connectors')).json as string[];
  for (const name of names)
    await untilStatus(worker, name, ({ connector, tasks }) =>
      [connector, ...tasks].every(({ state }) => state === 'RUNNING'),
    );
  return names;
}
