import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, expect, test } from 'vitest';
import { processIo } from '../../../src/cli/io.ts';
import { buildProgram } from '../../../src/cli/main.ts';
import { CommandLine } from '../command-line.ts';
import { runningProcesses } from '../running.ts';
import { linesOf } from './commands.ts';
import { passThrough } from './pass-through.ts';

const line = new CommandLine();
afterAll(() => line.remove());
const running = runningProcesses();

test('no command leaves or shows a secret, over a file', async () => {
  await passThrough(line, 'file', join(line.home, 'registry.db'), running);
}, 600_000);

test('no command is left out', async () => {
  const none = () => 'x';
  const lines = linesOf({ secret: none, plain: none, argument: none, file: none, url: 'x:' });
  expect(Object.keys(lines).toSorted()).toEqual((await everyCommand()).toSorted());
});

/** Every command of the program that does something, by its words. */
async function everyCommand(): Promise<string[]> {
  const context = { io: processIo(), setExit: () => undefined, onInterrupt: () => undefined };
  const program = await buildProgram(undefined, context);
  const wordsOf = (command: Command, before: string[]): string[] => {
    const words = [...before, command.name()];
    const below = command.commands.flatMap((one) => wordsOf(one, words));
    const isMade = command.registeredArguments.length > 0 || command.options.length > 0;
    return below.length === 0 || isMade ? [words.join(' '), ...below] : below;
  };
  return program.commands.flatMap((one) => wordsOf(one, []));
}
