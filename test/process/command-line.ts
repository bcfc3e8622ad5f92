// The built command line in processes of their own, with a home folder that holds nothing but what a test puts there.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const BIN = resolve('bin/secretreg.js');

export interface Ended {
  /** The exit code, or the signal that killed it. */
  end: number | string;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  input?: string;
  env?: Record<string, string>;
  /** The program, where it is not the published one. */
  bin?: string;
  /** A program and its arguments, which runs what stands behind them. */
  through?: readonly string[];
  /** The user it runs as, with the group of the same number; only root may name another one. */
  uid?: number;
  /** One that takes longer hangs, and is ended by SIGTERM. */
  timeoutMs?: number;
}

export class CommandLine {
  readonly home = mkdtempSync(join(tmpdir(), 'secretreg-home-'));
  readonly #running = new Set<ChildProcess>();

  /** A file that nobody else can read. */
  file(name: string, content: string): string {
    const file = join(this.home, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  async run(
    args: readonly string[],
    { input = '', env = {}, bin = BIN, through = [], uid, timeoutMs }: RunOptions = {},
  ): Promise<Ended> {
    const [program = '', ...words] = [...through, process.execPath, bin, ...args];
    const child = spawn(program, words, {
      cwd: this.home,
      ...(uid !== undefined && { uid, gid: uid }),
      ...(timeoutMs !== undefined && { timeout: timeoutMs }),
      env: { PATH: process.env['PATH'] ?? '', HOME: this.home, LC_ALL: 'C.UTF-8', ...env },
    });
    this.#running.add(child);
    // Whoever refuses before it reads closes its end.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [stdout, stderr, [code, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    this.#running.delete(child);
    return { end: (code ?? signal) as number | string, stdout, stderr };
  }

  /** Ends what still runs, and removes the folder. */
  remove(): void {
    for (const child of this.#running) child.kill('SIGKILL');
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** A place as `--registry` takes it. */
export function registryAt(place: string): string {
  return place.startsWith('kafka:') ? place : `file:${place}`;
}
