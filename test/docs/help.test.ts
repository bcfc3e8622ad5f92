// What --help shows to be pasted: every command has an example, and each names what there is.
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { processIo } from '../../src/cli/io.ts';
import { buildProgram } from '../../src/cli/main.ts';

const nothing = () => undefined;
const context = { io: processIo(), setExit: nothing, onInterrupt: nothing };
const program = await buildProgram(undefined, context);

function withAllBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

/** The words behind each `secretreg` that begins a command line. */
function linesOf(command: Command): string[][] {
  return [...helpOf(command).matchAll(/^(?: {2,}|For \w+: +)(\S.*)$/gm)]
    .flatMap(([, line = '']) => line.split(/ \| | && /))
    .filter((part) => part.startsWith('secretreg '))
    .map((part) => part.split(' ').slice(1));
}

/** What of a line is no command or option of ours. */
function unknownIn(words: readonly string[]): string[] {
  let command = program;
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) break;
    command = next;
  }
  if (command === program) return [words[0] ?? ''];
  const end = words.indexOf('--');
  const flags = (end === -1 ? words : words.slice(0, end)).filter((word) => /^-./.test(word));
  return flags.filter(
    (flag) => !command.options.some(({ long, short }) => [long, short].includes(flag)),
  );
}

test.each(program.commands.map((command) => [command.name(), command] as const))(
  '%s has an example, and all that its examples name is there',
  (_, command) => {
    const lines = withAllBelow(command).flatMap(linesOf);
    expect(lines).not.toEqual([]);
    expect(lines.filter((words) => unknownIn(words).length > 0)).toEqual([]);
  },
);

test('all but what may be pasted fits on a terminal of 80 columns', () => {
  const all = withAllBelow(program);
  for (const command of all) command.configureOutput({ getOutHelpWidth: () => 80 });
  const lines = all.flatMap((command) => helpOf(command).split('\n'));
  const isPasted = (line: string) => /^(?:For \w+:)? +secretreg /.test(line);
  expect(lines.filter((line) => line.length > 80 && !isPasted(line))).toEqual([]);
});
