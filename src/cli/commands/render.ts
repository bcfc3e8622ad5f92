import { basename, join } from 'node:path';
import { count } from '../../domain/count.ts';
import { SecretregError } from '../../errors.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { CONNECTOR_NAME, NAME_FROM_FILE, type NameFlags } from '../connector-name.ts';
import { openConnectorFiles } from '../connector-file.ts';
import { isFolder } from '../input-files.ts';
import { hint, type Io, note, print } from '../io.ts';
import { isSameFile } from '../output-file.ts';
import { providersFor } from '../providers.ts';
import { deliveryFor, missingWorkerLines, parseTarget } from '../render/deliveries.ts';
import type { Delivery } from '../render/delivery.ts';
import { type Rendered, renderFiles } from '../render/render-files.ts';
import { writeWhereNew } from '../render/written-file.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';

interface Flags extends SharedFlags, NameFlags {
  to: string;
  outputFile?: string;
}

const HELP = `
For workers without the plugin of the registry. Run it as the worker's user, on
its machine:
  directory:DIR  DIR/<connector>/<key>, for Kafka's DirectoryConfigProvider; all
                 values of a connector change at once
  file:DIR       DIR/<connector>.properties, for FileConfigProvider
  env:FILE       SECRET_<CONNECTOR>_<KEY>=<value>, for EnvVarConfigProvider;
                 FILE is read when the worker starts, by systemd's
                 EnvironmentFile= or docker's --env-file`;

export const define: Define = (program, { io }) => {
  const command = program
    .command('render')
    .description(
      "values where Kafka's own providers find them, and the connector file with references to there",
    )
    .argument('<file...>', '- for stdin')
    .requiredOption('--to <place>', 'directory:DIR, file:DIR or env:FILE')
    .option(...CONNECTOR_NAME)
    .option(...NAME_FROM_FILE)
    .option('-O, --output-file <file>', 'write the connector file there, or into that folder')
    .addHelpText('after', HELP);
  withExamples(
    command,
    'secretreg render orders.json --to directory:/run/secretreg -O rendered.json',
  );
  sharedOptions(command).action((files: string[], flags: Flags) => render(io, files, flags));
};

async function render(io: Io, names: readonly string[], flags: Flags): Promise<void> {
  const target = parseTarget(flags.to, io.cwd);
  const outputs = outputsFor(names, flags.outputFile);
  const { rendered, delivery, missingLines } = await withRegistry(
    io,
    flags,
    {},
    async ({ registry, settings: { workerConfig }, settings }) => {
      const options = { strict: true, ...providersFor(settings), flags, name: flags };
      const files = await openConnectorFiles(io, names, registry, options);
      const delivery = deliveryFor(target, workerConfig, io.clock());
      return {
        rendered: await renderFiles(files, delivery, options.otherProviders),
        delivery,
        missingLines: missingWorkerLines(target, delivery, workerConfig),
      };
    },
  );
  refuseProblems(io, rendered, delivery);
  // The values first: no connector file refers to what is not there yet.
  for (const { place, count: values, changed } of delivery.write(rendered.delivered))
    note(io, `${changed ? 'wrote' : 'unchanged:'} ${count(values, 'value')} in ${place}`);
  for (const [at, file] of rendered.files.entries()) await put(io, file, outputs[at]);
  tellWorker(io, missingLines);
}

/** Where each connector file goes; undefined is stdout. */
function outputsFor(names: readonly string[], output: string | undefined): (string | undefined)[] {
  const wrong = (reason: string) => new SecretregError('wrong-use', { reason });
  const into = output !== undefined && isFolder(output) ? output : undefined;
  if (names.length > 1 && into === undefined)
    throw wrong(
      'several files need -O with a folder that is there: that is where they are written',
    );
  const outputs = names.map((name) =>
    into === undefined ? output : join(into, name === '-' ? 'stdin.json' : basename(name)),
  );
  const twice = outputs.find((file, at) => file !== undefined && outputs.indexOf(file) !== at);
  if (twice !== undefined) throw wrong(`two of the files would both be written to '${twice}'`);
  for (const [at, name] of names.entries())
    if (isSameFile(name, outputs[at] ?? ''))
      throw wrong('-O names the connector file itself: its references would be lost');
  return outputs;
}

/** Fails with rule-broken, after each reason. */
function refuseProblems(io: Io, { files, delivered }: Rendered, delivery: Delivery): void {
  const problems = delivery.problems(delivered);
  for (const problem of problems) note(io, problem);
  if (problems.length === 0) return;
  const [first, second] = files;
  const file = second === undefined ? (first?.file ?? '') : `${files.length} files`;
  throw new SecretregError('rule-broken', { count: problems.length, file });
}

async function put(
  io: Io,
  { text, references }: Rendered['files'][number],
  output: string | undefined,
): Promise<void> {
  if (output === undefined) return print(io, text);
  const changed = writeWhereNew(output, text);
  note(io, `${changed ? 'wrote' : 'unchanged:'} ${output} with ${count(references, 'reference')}`);
}

function tellWorker(io: Io, lines: readonly string[]): void {
  if (lines.length === 0) return;
  note(io, "the worker's file needs these lines, where it does not have them");
  for (const line of lines) hint(io, line);
}
