// `secretreg run` with real commands: a home folder with a registry, processes whose output is seen as it comes, and
// waiting for what is to happen.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach } from 'vitest';

const MAIN = resolve('test/process/run-main.ts');

export class RunSession {
  readonly home = mkdtempSync(join(tmpdir(), 'secretreg-run-'));
  /** Where the files of --files are made. */
  readonly runtime = join(this.home, 'runtime');
  readonly #running = new Set<ChildProcess>();

  constructor() {
    mkdirSync(this.runtime, { mode: 0o700 });
  }

  get env(): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.home,
      LC_ALL: 'C.UTF-8',
      XDG_RUNTIME_DIR: this.runtime,
    };
  }

  file(name: string, content: string): string {
    const file = join(this.home, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  /** A command that ends by itself; answers what it printed. */
  do(args: readonly string[], input = ''): string {
    const options = { cwd: this.home, env: this.env, input, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], options);
    if (status !== 0) throw new Error(`secretreg ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  put(path: string, values: Record<string, string>): void {
    this.do(['put', path, '--json', '-'], JSON.stringify(values));
  }

  start(args: readonly string[], env: Record<string, string> = {}): Running {
    return this.begin(['run', ...args], env);
  }

  begin(args: readonly string[], env: Record<string, string> = {}): Running {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.home,
      env: { ...this.env, ...env },
    });
    this.#running.add(child);
    return new Running(child);
  }

  remove(): void {
    for (const child of this.#running) child.kill('SIGKILL');
    rmSync(this.home, { recursive: true, force: true });
  }
}

export class Running {
  readonly child: ReturnType<typeof spawn> & { stdout: NodeJS.ReadableStream };
  stdout = '';
  stderr = '';
  readonly ended: Promise<number | string>;

  constructor(child: ChildProcess) {
    this.child = child as Running['child'];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  }

  /** Until it has said that. */
  async says(text: string | RegExp): Promise<void> {
    const isThere = () => this.stdout.match(text) !== null || this.stderr.match(text) !== null;
    await until(isThere, () => `${text} in ${this.stdout}${this.stderr}`);
  }
}

/** Looks again and again; a test that waits for what never comes ends with what it has seen. */
export async function until(holds: () => boolean, what: () => string = String): Promise<void> {
  for (let looks = 0; !holds(); looks += 1) {
    if (looks > 2000) throw new Error(`it never came to: ${what()}`);
    await wait(10);
  }
}

/** A new session for each test of the file, with a registry that has `orders:password`. */
export function runSession(): () => RunSession {
  let session: RunSession;
  beforeEach(() => {
    session = new RunSession();
    session.do(['init']);
    session.put('orders', { password: 'hunter2-of-orders' });
  });
  afterEach(() => session.remove());
  return () => session;
}
