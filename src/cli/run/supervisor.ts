// The life of the command: started with its values, given every signal, and waited for until its output has ended too.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { SecretregError } from '../../errors.ts';
import { reasonOf } from '../output-file.ts';
import type { MaskedOutputs } from './outputs.ts';
import { exitCodeOf, isEnding, passSignals } from './signals.ts';

export interface Command {
  words: readonly string[];
  /** Absent where its output is ours, unmasked. */
  outputs?: MaskedOutputs;
  /** For how long something that the command has started may hold its output open after a signal to end. */
  graceMs: number;
}

export class Supervisor {
  readonly #command: Command;
  readonly #ended = Promise.withResolvers<number>();
  /** Nobody waits for output any longer. */
  readonly #left = Promise.withResolvers<void>();
  readonly #stopPassing: () => void;
  #child: ChildProcess | undefined;
  #isEnding = false;

  /** To be made before what has to be taken away again, and started in the same turn of the event loop, in which no signal comes. */
  constructor(command: Command) {
    this.#command = command;
    this.#stopPassing = passSignals((signal) => this.#passOn(signal));
  }

  /** Fails with command-not-started. */
  async start(env: NodeJS.ProcessEnv): Promise<void> {
    try {
      const child = this.#spawn(env);
      this.#child = child;
      child.on('exit', (code, signal) => this.#ended.resolve(exitCodeOf(code, signal)));
      await once(child, 'spawn');
    } catch (cause) {
      const [command = ''] = this.#command.words;
      throw new SecretregError(
        'command-not-started',
        { command, reason: reasonOf(cause) },
        { cause },
      );
    }
  }

  /** The exit code of the command, when it and its output have ended. */
  async ended(): Promise<number> {
    const code = await this.#ended.promise;
    if (this.#isEnding) setTimeout(() => this.#left.resolve(), this.#command.graceMs).unref();
    await Promise.race([this.#command.outputs?.ended(), this.#left.promise]);
    return code;
  }

  close(): void {
    this.#stopPassing();
    this.#command.outputs?.close();
  }

  #spawn(env: NodeJS.ProcessEnv): ChildProcess {
    const [command = '', ...rest] = this.#command.words;
    const { outputs } = this.#command;
    if (outputs === undefined) return spawn(command, rest, { env, stdio: 'inherit' });
    return outputs.start((output) => spawn(command, rest, { env, stdio: ['inherit', ...output] }));
  }

  #passOn(signal: NodeJS.Signals): void {
    this.#isEnding ||= isEnding(signal);
    if (this.#child?.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
    else if (isEnding(signal)) this.#left.resolve();
  }
}
