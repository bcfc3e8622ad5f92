// The terminal contract, obeyed by every command:
//   stdout: what was asked for, nothing else. stderr: progress, notes (`secretreg: …`), errors (`secretreg: …` and
//   `hint: …`), lower case, no full stop. A person gets aligned columns and relative times; a pipe gets tab-separated
//   RFC 3339; `-o json` has the same rows. No colour off a terminal or with NO_COLOR. Destructive things ask on a
//   terminal and need --yes elsewhere. A secret's value goes to stdout or to a file of mode 0600, nowhere else.
import { fstatSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { visible } from '../domain/visible.ts';
import { SecretregError } from '../errors.ts';
import { reasonOf } from './system-reason.ts';

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** For stdout and for stderr: plain text unless that stream is a terminal. */
  readonly style: Style;
  readonly errorStyle: Style;
  clock: () => Date;
}

/** Each stream is opened when it is first used: most commands read no stdin and write no stderr. */
export function processIo(): Io {
  const { env } = process;
  return {
    env,
    cwd: process.cwd(),
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return process.stdout;
    },
    get stderr() {
      // A stderr that takes no more does not end the command: the exit code still says what became of it.
      if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => undefined);
      return process.stderr;
    },
    get style() {
      return styleFor(process.stdout, env);
    },
    get errorStyle() {
      return styleFor(this.stderr, env);
    },
    clock: () => new Date(),
  };
}

/** Writes to stdout and waits until the reader took it: a slow pipe does not grow our memory. */
export function print(io: Io, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (io.stdout.write(text)) resolve();
    else io.stdout.once('drain', resolve);
  });
}

/** Lines of which others wrote a part: names, addresses, what a server says. */
export function printLines(io: Io, lines: readonly string[]): Promise<void> {
  return print(io, lines.map((line) => `${visible(line)}\n`).join(''));
}

/** A note for the person: stderr, one line. */
export function note(io: Io, text: string): void {
  io.stderr.write(`secretreg: ${visible(text)}\n`);
}

export function hint(io: Io, text: string): void {
  io.stderr.write(`${io.errorStyle.dim('hint:')} ${visible(text)}\n`);
}

/** Everything on stdin. Fails with file-unreadable. */
export async function readStdin(io: Io): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  try {
    // Node.js takes a folder for an input without content.
    if (fstatSync(0).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    for await (const chunk of io.stdin) chunks.push(chunk as Uint8Array);
  } catch (cause) {
    throw new SecretregError(
      'file-unreadable',
      { file: 'stdin', reason: reasonOf(cause) },
      { cause },
    );
  }
  return Buffer.concat(chunks);
}

/** Asks without echo. Only on a terminal. */
export async function askSecretly(io: Io, question: string): Promise<string> {
  const { Writable } = await import('node:stream');
  return ask(io, question, new Writable({ write: (_chunk, _encoding, done) => done() }));
}

/** Asks for a yes; anything else is a no. Only on a terminal. */
export async function askYes(io: Io, question: string): Promise<boolean> {
  const answer = await ask(io, `${visible(question)} [y/N] `, io.stderr);
  return /^y(es)?$/i.test(answer.trim());
}

async function ask(io: Io, question: string, echo: Writable): Promise<string> {
  const { createInterface } = await import('node:readline');
  return new Promise((resolve, reject) => {
    const asking = createInterface({ input: io.stdin, output: echo, terminal: true });
    const quiet = echo !== io.stderr;
    if (quiet) io.stderr.write(question);
    // Ctrl-C and Ctrl-D close it without an answer.
    asking.on('SIGINT', () => asking.close());
    asking.on('close', () => {
      io.stderr.write('\n');
      reject(new SecretregError('interrupted', {}));
    });
    asking.question(quiet ? '' : question, (answer) => {
      let isAll = true;
      asking.on('line', () => (isAll = false));
      // What was pasted with it comes in the same turn.
      setImmediate(() => {
        isAll &&= asking.line === '';
        asking.removeAllListeners('close').close();
        if (quiet) io.stderr.write('\n');
        if (isAll || !quiet) resolve(answer);
        else reject(new SecretregError('wrong-use', SEVERAL_LINES, { hint: PIPED }));
      });
    });
  });
}

const SEVERAL_LINES = {
  reason: 'only one line is asked for, and several were given: nothing is taken',
};
const PIPED = "cat FILE | …    (the same command, with '-' at its end)";

function styleFor(stream: NodeJS.WriteStream, env: Io['env']): Style {
  return stream.isTTY && (env['NO_COLOR'] ?? '') === '' ? coloured : plain;
}

const same = (text: string): string => text;
export const plain: Style = {
  bold: same,
  dim: same,
  red: same,
  green: same,
  yellow: same,
  cyan: same,
};

const inColour = (colour: keyof Style) => (text: string) =>
  styleText(colour, text, { validateStream: false });
const coloured: Style = {
  bold: inColour('bold'),
  dim: inColour('dim'),
  red: inColour('red'),
  green: inColour('green'),
  yellow: inColour('yellow'),
  cyan: inColour('cyan'),
};
