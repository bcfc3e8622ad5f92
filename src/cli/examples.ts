// What may be pasted, at the end of a command's help and of its manual page.
import type { Command } from 'commander';

export function withExamples(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText('after', `\nFor example:  ${lines.join(`\n${' '.repeat(14)}`)}`);
}
