import { count } from '../../domain/count.ts';
import { SecretregError } from '../../errors.ts';
import { resolveDocument } from '../../resolver/resolve.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { CONNECTOR_NAME, NAME_FROM_FILE, type NameFlags } from '../connector-name.ts';
import { openConnectorFile } from '../connector-file.ts';
import { type Io, note, print } from '../io.ts';
import { isSameFile, writeSecretFile } from '../output-file.ts';
import { providersFor } from '../providers.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';

interface Flags extends SharedFlags, NameFlags {
  reveal?: boolean;
  kafka?: boolean;
  outputFile?: string;
}

const HELP = `
What is posted to Kafka Connect resolved is stored there in clear: in its config
topic and in the answers of its REST API. Where the worker can resolve
references itself, leave them in the configuration.

A value that would break the text round its reference is refused: a quote in a
JAAS option, an @ in a log-in of a URL. With --kafka it is put there, as a
worker does.`;

export const define: Define = (program, { io }) => {
  const command = program
    .command('resolve')
    .description(
      'the connector file with the values in place of its references, or every reason why not',
    )
    .argument('<file>', '- for stdin')
    .option(...CONNECTOR_NAME)
    .option(...NAME_FROM_FILE)
    .option('--reveal', 'show the values on a terminal too')
    .option('--kafka', "Kafka's own behaviour: what cannot be resolved stays as it stands")
    .option('-O, --output-file <file>', 'write to a file of mode 0600')
    .addHelpText('after', HELP);
  withExamples(
    command,
    'secretreg resolve orders.json',
    'secretreg resolve orders.json -O resolved.json',
  );
  sharedOptions(command).action((file: string, flags: Flags) => resolve(io, file, flags));
};

async function resolve(io: Io, name: string, flags: Flags): Promise<void> {
  if (flags.outputFile !== undefined && isSameFile(name, flags.outputFile)) {
    throw new SecretregError('wrong-use', {
      reason: '-O names the connector file itself: its references would be lost',
    });
  }
  const mask = flags.outputFile === undefined && io.stdout.isTTY && !flags.reveal;
  const resolved = await withRegistry(io, flags, {}, async ({ registry, settings }) => {
    const { providerNames, otherProviders } = providersFor(settings);
    const opened = await openConnectorFile(io, name, registry, {
      strict: !flags.kafka,
      mustFit: true,
      otherProviders,
      providerNames,
      flags,
      name: flags,
    });
    const { text, connectors, providers } = opened;
    const options = {
      kafka: flags.kafka ?? false,
      mask,
      providerNames: opened.providerNames,
      otherProviders,
    };
    return {
      file: opened.file,
      ...(await resolveDocument(text, connectors, providers, options)),
    };
  });
  if (resolved.text === undefined) {
    // The rules found nothing, so a secret has gone between their look and this one.
    throw new SecretregError('rule-broken', {
      count: resolved.literals.length,
      file: resolved.file,
    });
  }
  const left = resolved.literals.length;
  if (left > 0)
    note(
      io,
      `${count(left, 'reference')} left as ${left === 1 ? 'it stands' : 'they stand'}, as Kafka would do`,
    );
  if (mask) note(io, 'values are masked on a terminal; --reveal shows them, -O FILE writes them');
  if (flags.outputFile === undefined) return print(io, resolved.text.reveal());
  writeSecretFile(flags.outputFile, resolved.text.reveal());
  note(io, `wrote ${flags.outputFile} with ${count(resolved.replaced, 'value')} in clear`);
}
