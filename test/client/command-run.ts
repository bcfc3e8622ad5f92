// A command that runs inside of the test, against a server that the test holds: hundreds of them cost no process each.
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Io, plain } from '../../src/cli/io.ts';
import { buildProgram } from '../../src/cli/main.ts';

export interface Run {
  /** What it wrote to stdout, and to stderr before its error. */
  told: string;
  /** What it ended with. */
  error?: unknown;
}

/** What a terminal can do beside. */
const CURSOR = { cursorTo: () => true, clearLine: () => true, moveCursor: () => true };

/** `isTTY`: whether stdout and stderr count as terminals. */
export async function runCommand(
  home: string,
  registry: URL,
  words: readonly string[],
  isTTY = false,
): Promise<Run> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()].map((one) =>
    Object.assign(one, { isTTY, ...CURSOR }),
  ) as unknown as [Io['stdout'], Io['stderr']];
  const io: Io = {
    env: { HOME: home, SECRETREG_REGISTRY: registry.href },
    cwd: home,
    stdin: process.stdin,
    stdout,
    stderr,
    style: plain,
    errorStyle: plain,
    clock: () => new Date('2026-12-01T00:00:00.000Z'),
  };
  const context = { io, setExit: () => undefined, onInterrupt: () => undefined };
  const told = Promise.all([stdout, stderr].map((one) => text(one as unknown as PassThrough)));
  const program = await buildProgram(words[0], context);
  const ended = await program.parseAsync([...words], { from: 'user' }).then(
    () => ({}),
    (error: unknown) => ({ error }),
  );
  for (const stream of [stdout, stderr]) stream.end();
  return { told: (await told).join(''), ...ended };
}
