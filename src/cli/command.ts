import type { Command } from 'commander';
import type { SecretregError } from '../errors.ts';
import type { Io } from './io.ts';

/** What a command gets, and the only way by which it sets an exit code other than 0. */
export interface Context {
  io: Io;
  setExit: (code: number) => void;
  /** What to say where Ctrl-C ends the command; without it, that nothing was left half-written. */
  onInterrupt: (tell: () => SecretregError) => void;
}

/** Adds a command to the program. */
export type Define = (program: Command, context: Context) => void;

/** An entry of the table of commands; the code is loaded when the command is used, or for the help. */
export interface CommandEntry {
  name: string;
  alias?: string;
  load: () => Promise<{ define: Define }>;
}

/** By its name or an alias. */
export function subcommand(command: Command, word: string): Command | undefined {
  return command.commands.find((one) => one.name() === word || one.aliases().includes(word));
}
