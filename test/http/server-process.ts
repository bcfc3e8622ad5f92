// `secretreg serve` as a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const BIN = resolve('bin/secretreg.js');

export type LogLine = Record<string, unknown> & { msg: string };

export class ServerProcess {
  readonly child: ChildProcess;
  readonly stdout: string[] = [];
  readonly log: LogLine[] = [];
  /** On stderr, and no JSON. */
  readonly told: string[] = [];
  readonly #ended: Promise<number | string>;
  readonly #waiting = new Set<() => void>();

  private constructor(home: string, args: readonly string[], through: readonly string[]) {
    const [program = '', ...words] = [...through, process.execPath, BIN, 'serve', ...args];
    this.child = spawn(program, words, {
      cwd: home,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        LC_ALL: 'C.UTF-8',
        SECRETREG_REGISTRY: `file:${join(home, 'registry.db')}`,
        SECRETREG_MASTER_KEY_FILE: join(home, 'master.key'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#ended = once(this.child, 'close').then(([code, signal]) => (code ?? signal) as number);
    this.#read(this.child.stdout, (line) => this.stdout.push(line));
    this.#read(this.child.stderr, (line) => {
      if (line.startsWith('{')) this.log.push(JSON.parse(line) as LogLine);
      else this.told.push(line);
    });
  }

  /** Resolves when it says that it is serving. `through` is a program that ends by becoming the rest of its arguments. */
  static async start(
    home: string,
    args: readonly string[],
    running: Set<ChildProcess>,
    through: readonly string[] = [],
  ): Promise<ServerProcess> {
    const server = new ServerProcess(home, ['--listen', '127.0.0.1:0', ...args], through);
    running.add(server.child);
    await Promise.race([
      server.until(() => server.stdout.some((line) => line.startsWith('serving '))),
      server.ended.then((end) => {
        throw new Error(`it ended with ${end}: ${server.told.join('\n')}`);
      }),
    ]);
    return server;
  }

  get url(): string {
    return / at (https?:\/\/\S+)$/.exec(this.stdout[0] ?? '')?.[1] ?? '';
  }

  /** The exit code, or the signal that ended it. */
  get ended(): Promise<number | string> {
    return this.#ended;
  }

  /** Resolves when a line of the log says so. */
  logged(text: string, times = 1): Promise<void> {
    return this.until(() => this.log.filter(({ msg }) => msg.includes(text)).length >= times);
  }

  /** Looks again after each line. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((wake) => this.#waiting.add(wake));
  }

  async stop(): Promise<number | string> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  #read(stream: NodeJS.ReadableStream | null, take: (line: string) => void): void {
    if (stream === null) return;
    createInterface({ input: stream }).on('line', (line) => {
      take(line);
      for (const wake of this.#waiting) wake();
      this.#waiting.clear();
    });
  }
}
