import type { SecretValue } from '../../domain/secret-value.ts';
import { SecretregError } from '../../errors.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { NAME_FROM_FILE } from '../connector-name.ts';
import { type Io, note } from '../io.ts';
import { openNames } from '../registry-names.ts';
import { namesOption } from '../run/chosen.ts';
import { connectorSource } from '../run/connector-source.ts';
import { Handover } from '../run/handover.ts';
import { isMasked, SHORTEST_MASKED } from '../run/needles.ts';
import { MaskedOutputs } from '../run/outputs.ts';
import { pathSource } from '../run/path-source.ts';
import type { Held, Source } from '../run/source.ts';
import { Supervisor } from '../run/supervisor.ts';
import { type WatchFlags, type WatchPlan, watchPlan } from '../run/watch-flags.ts';
import { Following } from '../run/following.ts';
import type { SharedFlags } from '../settings.ts';

interface Flags extends SharedFlags, WatchFlags {
  connector?: string;
  nameFromFile?: boolean;
  path?: string;
  only?: string[];
  pristine?: boolean;
  base64?: string[];
  /** False with --no-mask. */
  mask: boolean;
}

const HELP = `
The output of the command passes through secretreg, which puts *** in place of
each value; so the command sees a pipe and no terminal. --no-mask is for
programs that need one. Values of less than ${SHORTEST_MASKED} bytes are not
masked.

For example:  secretreg run --path orders -- ./import.sh
              secretreg run --path orders --no-mask -- psql
              secretreg run --connector orders.json --files --base64 ssl.keystore -- ./serve
              secretreg run --path orders --files --watch --signal HUP -- ./serve`;

export const define: Define = (program, { io, setExit }) => {
  const command = program
    .command('run')
    .description(
      'run a command with secrets in its environment, or in files; its exit code is passed on',
    )
    .option(
      '--connector <file>',
      'the settings of this connector that hold references: connection.password is CONNECTION_PASSWORD',
    )
    .option(...NAME_FROM_FILE)
    .option('--path <path>', 'the secrets of this path: key password is PASSWORD')
    .option('--only <name>', 'no other keys, or settings; several by commas', namesOption)
    .option(
      '--files',
      'in files of mode 0600 in memory instead: variable PASSWORD_FILE names that of password',
    )
    .option('--files-in <dir>', 'the same, with their folder made in that one')
    .option(
      '--base64 <name>',
      'with --files: that value is base64, and its bytes are in the file',
      namesOption,
    )
    .option('--pristine', 'nothing else in its environment but PATH, HOME, TERM and the like')
    .option('--watch', 'start the command anew when a value is another one in the registry')
    .option('--every <time>', 'with --watch: how often the registry is looked at (2s)')
    .option('--kill-after <time>', 'with --watch: when a command that does not end is killed (10s)')
    .option(
      '--signal <name>',
      'with --watch and --files: only send that signal, such as HUP, when the files are new',
    )
    .option('--no-mask', 'leave the output of the command as it is, and its terminal to it')
    .argument('<command...>', 'behind --')
    .passThroughOptions()
    .addHelpText('after', HELP);
  sharedOptions(command).action(async (words: string[], flags: Flags) =>
    setExit(await run(io, words, flags)),
  );
};

async function run(io: Io, words: readonly string[], flags: Flags): Promise<number> {
  const plan = watchPlan(flags);
  const handover = new Handover(io, flags);
  const source = await openSource(io, flags);
  const values = await source.compose(source.held);
  const outputs = flags.mask ? new MaskedOutputs(io, (text) => note(io, text)) : undefined;
  outputs?.mask(secretsOf(source.held), handover.contents(values).values());
  const supervisor = new Supervisor({ words, graceMs: plan.graceMs, ...(outputs && { outputs }) });
  try {
    const names = flags.watch ? await openNames(io, source.settings) : undefined;
    const apply = applying(io, { plan, handover, outputs, supervisor });
    const following = names && new Following({ io, source, names, apply, ...plan });
    try {
      const env = handover.make(values);
      if (flags.mask) tellUnmasked(io, source.held);
      await supervisor.start(env);
      following?.begin((error) => supervisor.fail(error));
      return await supervisor.ended();
    } finally {
      if ((await following?.end()) === false) onceWritten(io, () => process.exit());
    }
  } finally {
    handover.close();
    supervisor.close();
  }
}

/** Calls `then` when both outputs are written; by then the exit code is set. */
function onceWritten(io: Io, then: () => void): void {
  io.stdout.write('', () => io.stderr.write('', () => setImmediate(then)));
}

interface Running {
  plan: WatchPlan;
  handover: Handover;
  outputs: MaskedOutputs | undefined;
  supervisor: Supervisor;
}

/** The new values are masked before the command has them. */
function applying(io: Io, { plan, handover, outputs, supervisor }: Running) {
  return async (values: Map<string, SecretValue>, held: Held, changed: string[]): Promise<void> => {
    outputs?.mask(secretsOf(held), handover.contents(values).values());
    const env = handover.make(values);
    const { signal } = plan;
    const done = signal === undefined ? 'the command is started anew' : `${signal} is sent`;
    note(io, `${changed.join(', ')} changed: ${done}`);
    if (signal === undefined) await supervisor.replace(env);
    else supervisor.send(signal);
  };
}

function openSource(io: Io, flags: Flags): Promise<Source> {
  const { connector, path, only } = flags;
  if (connector !== undefined && path === undefined)
    return connectorSource(io, connector, only, flags);
  if (path !== undefined && connector === undefined) return pathSource(io, path, only, flags);
  throw new SecretregError('wrong-use', {
    reason: 'run takes either --connector FILE or --path PATH',
  });
}

function secretsOf(held: Held): SecretValue[] {
  return [...held.values()].map(({ value }) => value);
}

function tellUnmasked(io: Io, held: Held): void {
  for (const [name, { value }] of held)
    if (!isMasked(value))
      note(io, `${name} has fewer than ${SHORTEST_MASKED} bytes, and is not masked in the output`);
}
