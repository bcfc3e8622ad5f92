// From the arguments to an exit code. Loads only the command that is asked for.
import { Command, CommanderError } from 'commander';
import { visible } from '../domain/visible.ts';
import { SecretregError } from '../errors.ts';
import { version } from '../version.ts';
import { type CommandEntry, type Context, subcommand } from './command.ts';
import { commandCalled, commands } from './commands/index.ts';
import { withNamedRegistry } from './named-registry.ts';
import { hint, type Io, processIo } from './io.ts';
import { framesOf, ownFault } from './own-fault.ts';
import { reasonOf } from './system-reason.ts';

/** Runs the command line; the answer is the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  keepOwnersRights();
  leaveOutSqliteWarning();
  const io = processIo();
  let exit = 0;
  let interrupted = () => new SecretregError('interrupted', {}) as SecretregError;
  endWhereOutputFails(io);
  endOnInterrupt(io, () => interrupted());
  if (args[0] === '__complete') return (await import('./complete.ts')).complete(io, args.slice(1));
  let program: Command | undefined;
  try {
    program = await buildProgram(args[0], {
      io,
      setExit: (code) => (exit = code),
      onInterrupt: (tell) => (interrupted = tell),
    });
    await program.parseAsync(unknownWord(args) ?? [...args], { from: 'user' });
    return exit;
  } catch (error) {
    const called = program === undefined ? [] : calledCommands(program, args);
    const found = withNamedRegistry(error, called.at(-1)?.opts() ?? {});
    return report(io, found, called.map((one) => one.name()).join(' '), behindCommand(args));
  }
}

/** The program with one command, or, where the first word names none, with all of them. */
export async function buildProgram(word: string | undefined, context: Context): Promise<Command> {
  const program = new Command('secretreg')
    .description('A registry that keeps credentials out of Kafka Connect configurations.')
    .version(version)
    .enablePositionalOptions()
    .showHelpAfterError(false)
    // Names without arguments: with them, only a wide terminal has room for what each command does.
    .configureHelp({
      subcommandTerm: (command) => [command.name(), ...command.aliases()].join('|'),
    })
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  const named = word === undefined ? undefined : commandCalled(word);
  const chosen: readonly CommandEntry[] = named === undefined ? commands : [named];
  for (const entry of chosen) {
    const { define } = await entry.load();
    define(program, context);
  }
  return program;
}

/** What other tools call our commands: names that are too far from ours for commander to suggest one. */
const OF_OTHER_TOOLS: Readonly<Record<string, string>> = {
  add: 'put',
  edit: 'put',
  set: 'put',
  store: 'put',
  write: 'put',
  read: 'get',
  show: 'get',
  view: 'get',
  destroy: 'delete',
  remove: 'delete',
  check: 'validate',
  lint: 'validate',
  server: 'serve',
  undelete: 'restore',
};

/** A word that is no command, alone: for `help lst` and `lst --help` commander would else show the help for all commands. */
function unknownWord([first, second]: readonly string[]): [string] | undefined {
  const word = first === 'help' ? second : first;
  const isKnown = word === undefined || word.startsWith('-') || commandCalled(word) !== undefined;
  if (isKnown) return undefined;
  if (Object.hasOwn(OF_OTHER_TOOLS, word)) {
    const reason = `unknown command '${word}': did you mean '${OF_OTHER_TOOLS[word]}'?`;
    throw new SecretregError('wrong-use', { reason });
  }
  return [word];
}

/** The command that was called, in front of it those that it belongs to: `connect`, then its `sync`. */
function calledCommands(program: Command, args: readonly string[]): Command[] {
  const called: Command[] = [];
  let command: Command | undefined = program;
  for (const word of args) {
    command = subcommand(command, word);
    if (command === undefined) break;
    called.push(command);
  }
  return called;
}

/** A hint for `secretreg --registry URL list`, where the option stands before the command. Its value may be secret: not shown. */
function behindCommand(args: readonly string[]): string | undefined {
  if (!args[0]?.startsWith('-')) return undefined;
  const at = args.findIndex((word) => commandCalled(word) !== undefined);
  if (at === -1) return undefined;
  const [option = ''] = args[0].split('=', 1);
  return `secretreg ${args[at]} ${withoutAttachedValue(option)} …    (options stand behind the command)`;
}

/** `called`: the words of the command. */
function report(io: Io, error: unknown, called = '', otherOrder?: string): number {
  if (error instanceof CommanderError) {
    // Help and version that were asked for.
    if (error.exitCode === 0) return 0;
    if (error.code === 'commander.help') return 2;
    return report(
      io,
      new SecretregError(
        'wrong-use',
        { reason: withoutValues(error.message) },
        error.code === 'commander.unknownOption' && otherOrder !== undefined
          ? { hint: otherOrder }
          : {},
      ),
      called,
    );
  }
  if (error instanceof SecretregError) {
    io.stderr.write(`${io.errorStyle.red('secretreg:')} ${visible(error.message)}\n`);
    if (error.hint !== undefined)
      hint(
        io,
        error.hint.replace(
          /^secretreg --help$/,
          `secretreg ${called === '' ? '' : `${called} `}--help`,
        ),
      );
    if (error.code === 'ours' && io.env['SECRETREG_DEBUG']) io.stderr.write(framesOf(error.cause));
    return error.exit;
  }
  return report(io, ownFault(error));
}

/** Behind an option of one letter a value may stand in the same word, as in the `-psecret` of other tools. */
function withoutAttachedValue(option: string): string {
  return option.replace(/^(-[^-]).+/s, '$1…');
}

/** commander's sentence, with the name that was meant where one is near, and without values of options: these may be secret. */
function withoutValues(message: string): string {
  const [, what = message, near] =
    /^(.*)\n\(Did you mean (?:one of )?(.+)\?\)$/s.exec(message) ?? [];
  const sentence = what
    .replace(/^error: /, '')
    .replace(/(?<=^unknown option ').+(?='$)/s, withoutAttachedValue)
    .replace(/(--?[A-Za-z-]+)=.*/s, "$1=…'")
    .replace(/( but got \d+).*/s, '$1')
    .replace(/\n.*/s, '')
    .replace(/\.$/, '');
  return near === undefined
    ? sentence
    : `${sentence}: did you mean '${near.replaceAll(', ', "' or '")}'?`;
}

/**
 * Node.js 22 calls its SQLite experimental, and says so on stderr before what each command has to say. What counts is the
 * version of SQLite itself, which is looked at when a file is opened.
 */
function leaveOutSqliteWarning(): void {
  const emit = process.emitWarning.bind(process) as (...given: unknown[]) => void;
  process.emitWarning = (...given: unknown[]) => {
    if (!String(given[0]).startsWith('SQLite is an experimental feature')) emit(...given);
  };
}

/**
 * A umask such as 0777 takes rights from the owner of what is made: a folder that was just made could not be entered. What
 * others get stays as it is. A command that `run` starts inherits it.
 */
function keepOwnersRights(): void {
  const given = process.umask(0o077);
  process.umask(given & 0o077);
}

/** What a shell tells of a program that SIGPIPE has ended. Never 0: whoever reads no more has not been told that all is well. */
const ENDED_BY_SIGPIPE = 141;

/** Ends the process when the reader of stdout has gone, or the disk that stdout goes to takes no more. */
function endWhereOutputFails(io: Io): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `run` listens too: it ends when its command does, and reports a lost output itself.
    if (process.stdout.listenerCount('error') > 1) return;
    if (error.code === 'EPIPE') process.exit(ENDED_BY_SIGPIPE);
    const params = { file: 'stdout', reason: reasonOf(error) };
    process.exit(report(io, new SecretregError('file-not-writable', params, { cause: error })));
  });
}

/** Signals are handled between two turns of the event loop, and files and commits are made in one piece: none is left in part. */
function endOnInterrupt(io: Io, interrupted: () => SecretregError): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      // `run` hands signals to its child instead.
      if (process.listenerCount(signal) > 0) return;
      process.exit(report(io, interrupted()));
    });
  }
}
