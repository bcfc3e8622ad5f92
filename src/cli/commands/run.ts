import { SecretregError } from '../../errors.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { type Io, note } from '../io.ts';
import { namesOption } from '../run/chosen.ts';
import { connectorSource } from '../run/connector-source.ts';
import { Handover } from '../run/handover.ts';
import { isMasked, SHORTEST_MASKED } from '../run/needles.ts';
import { MaskedOutputs } from '../run/outputs.ts';
import { pathSource } from '../run/path-source.ts';
import type { Source } from '../run/source.ts';
import { Supervisor } from '../run/supervisor.ts';
import type { SharedFlags } from '../settings.ts';

interface Flags extends SharedFlags {
  connector?: string;
  path?: string;
  only?: string[];
  pristine?: boolean;
  files?: boolean;
  filesIn?: string;
  base64?: string[];
  /** False with --no-mask. */
  mask: boolean;
}

const HELP = `
The output of the command passes through secretreg, which puts *** in place of each value; so the command sees a pipe and no
terminal. --no-mask is for programs that need one. Values of less than ${SHORTEST_MASKED} bytes are not masked.

For example:  secretreg run --path orders -- ./import.sh
              secretreg run --path orders --no-mask -- psql
              secretreg run --connector orders.json --files --base64 ssl.keystore -- ./serve`;

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
    .option('--no-mask', 'leave the output of the command as it is, and its terminal to it')
    .argument('<command...>', 'behind --')
    .passThroughOptions()
    .addHelpText('after', HELP);
  sharedOptions(command).action(async (words: string[], flags: Flags) =>
    setExit(await run(io, words, flags)),
  );
};

async function run(io: Io, words: readonly string[], flags: Flags): Promise<number> {
  const handover = new Handover(io, flags);
  const source = await openSource(io, flags);
  const values = await source.compose(source.held);
  const contents = handover.contents(values);
  const outputs = flags.mask ? maskedOutputs(io, source, contents.values()) : undefined;
  const supervisor = new Supervisor({ words, graceMs: GRACE_MS, ...(outputs && { outputs }) });
  try {
    const env = handover.make(values);
    if (flags.mask) tellUnmasked(io, source);
    await supervisor.start(env);
    return await supervisor.ended();
  } finally {
    handover.close();
    supervisor.close();
  }
}

/** As long as the servers that programs are stopped by wait before they kill them. */
const GRACE_MS = 10_000;

function openSource(io: Io, flags: Flags): Promise<Source> {
  const { connector, path, only } = flags;
  if (connector !== undefined && path === undefined)
    return connectorSource(io, connector, only, flags);
  if (path !== undefined && connector === undefined) return pathSource(io, path, only, flags);
  throw new SecretregError('wrong-use', { reason: 'run takes --connector FILE or --path PATH' });
}

function maskedOutputs(io: Io, { held }: Source, contents: Iterable<Buffer>): MaskedOutputs {
  const outputs = new MaskedOutputs(io, (text) => note(io, text));
  const values = [...held.values()].map(({ value }) => value);
  outputs.mask(values, contents);
  return outputs;
}

function tellUnmasked(io: Io, { held }: Source): void {
  for (const [name, { value }] of held)
    if (!isMasked(value))
      note(io, `${name} has fewer than ${SHORTEST_MASKED} bytes, and is not masked in the output`);
}
