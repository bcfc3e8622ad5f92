// The life of the command: started with its values, given every signal, and waited for until its output has ended too.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { nodeCodeOf, SecretregError } from '../../errors.ts';
import { reasonOf } from '../system-reason.ts';
import type { MaskedOutputs } from './outputs.ts';
import { exitCodeOf, isEnding, passSignals } from './signals.ts';

export interface Command {
  words: readonly string[];
  /** Absent where the command writes to our own outputs, unmasked. */
  outputs?: MaskedOutputs;
  /** How long the command may go on when it should end; and how long what it has started may hold its output open after that. */
  graceMs: number;
}

export class Supervisor {
  readonly #command: Command;
  readonly #ended = Promise.withResolvers<number>();
  /** Resolves when nobody waits for output any longer. */
  readonly #left = Promise.withResolvers<void>();
  readonly #stopPassing: () => void;
  #child: ChildProcess | undefined;
  #isEnding = false;
  #isReplacing = false;
  /** True once the command was told to end: it is not started again. */
  #isLast = false;

  /**
   * Takes signals from now on. Make it before what has to be taken away again, and start the command in the same turn of the
   * event loop in which that is made: no signal comes in between.
   */
  constructor(command: Command) {
    this.#command = command;
    this.#stopPassing = passSignals((signal) => this.#passOn(signal));
  }

  /** Fails with command-not-started. */
  async start(env: NodeJS.ProcessEnv): Promise<void> {
    try {
      const child = this.#spawn(env);
      this.#child = child;
      child.on('exit', (code, signal) => {
        if (!this.#isReplacing || this.#isLast) this.#ended.resolve(exitCodeOf(code, signal));
      });
      await once(child, 'spawn');
    } catch (cause) {
      const [command = ''] = this.#command.words;
      const isLookedUp = !command.includes('/') && nodeCodeOf(cause) === 'ENOENT';
      const reason = isLookedUp ? 'no folder of PATH has it' : reasonOf(cause);
      throw new SecretregError('command-not-started', { command, reason }, { cause });
    }
  }

  /** Ends the command and starts it anew, unless it ends anyway. Where it cannot be started, `ended` fails with that. */
  async replace(env: NodeJS.ProcessEnv): Promise<void> {
    if (this.#isLast || !this.#isRunning) return;
    this.#isReplacing = true;
    await this.#stop();
    this.#isReplacing = false;
    if (!this.#isLast) await this.start(env).catch(this.#ended.reject);
  }

  send(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends the command, and lets `ended` fail. */
  async fail(error: unknown): Promise<void> {
    this.#isReplacing = true;
    await this.#stop();
    this.#ended.reject(error);
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

  get #isRunning(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  /** SIGTERM, and where that does not end it in time, SIGKILL. */
  async #stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.#isRunning) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), this.#command.graceMs);
    await ended;
    clearTimeout(timer);
  }

  #passOn(signal: NodeJS.Signals): void {
    this.#isEnding ||= isEnding(signal);
    // A command may live through the other signals, as a shell does through SIGINT; but in the midst of a restart they end it.
    this.#isLast ||= signal === 'SIGTERM' || (this.#isReplacing && isEnding(signal));
    if (this.#isRunning) this.#child?.kill(signal);
    else if (isEnding(signal)) this.#left.resolve();
  }
}
