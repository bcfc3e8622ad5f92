// A session that a script plays: each command is printed as a person would type it, and run by bash as printed.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { styleText } from 'node:util';

const BIN = resolve(import.meta.dirname, '..', 'bin', 'secretreg.js');

/** What a person has on the path. */
const FUNCTIONS = 'secretreg() { "$NODE" "$BIN" "$@"; }';

/** Commands are run by bash in one folder, with `secretreg` as this tree has it. */
export class Shell {
  readonly #folder: string;
  readonly #env: Record<string, string>;

  constructor({ folder, registry }: { folder: string; registry: string }) {
    this.#folder = folder;
    this.#env = {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      NODE: process.execPath,
      BIN,
      SECRETREG_REGISTRY: registry,
      SECRETREG_MASTER_KEY_FILE: join(folder, 'master.key'),
    };
  }

  /** Fails where the command does, unless it is one that tells a difference. */
  run(command: string): void {
    show(command);
    const { status } = this.#spawnSync(command);
    if (status !== 0 && !command.startsWith('diff '))
      throw new Error(`'${command}' ended with ${status}`);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.#folder, name), text);
  }

  /** Resolves when it says that it is serving, with what ends it. */
  async serve(address: string): Promise<() => Promise<void>> {
    const command = `secretreg serve --listen ${address} --log-level error`;
    show(`${command} &`);
    const child = spawn(process.execPath, [BIN, ...command.split(' ').slice(1)], {
      cwd: this.#folder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    process.stdout.write(`${line}\n`);
    return () => ended(child);
  }

  #spawnSync(command: string) {
    return spawnSync('bash', ['-c', `${FUNCTIONS}\n${command}`], {
      cwd: this.#folder,
      env: this.#env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, 'exit');
  child.kill('SIGTERM');
  await end;
}

export function tell(text: string): void {
  process.stdout.write(`\n${styleText('dim', `# ${text}`, { stream: process.stdout })}\n`);
}

function show(command: string): void {
  process.stdout.write(`${styleText('bold', `$ ${command}`, { stream: process.stdout })}\n`);
}
