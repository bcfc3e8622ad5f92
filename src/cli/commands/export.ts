import { count } from '../../domain/count.ts';
import { parseSecretValue } from '../../domain/secret-value.ts';
import { SecretregError } from '../../errors.ts';
import { pathArgument, sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { type Io, note, print } from '../io.ts';
import { createSecretFile, requireNew } from '../output-file.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import type { SecretTable } from '../transfer/entry.ts';
import { choiceWords, chooseFormat, FORMATS, requirePath } from '../transfer/formats.ts';

interface Flags extends SharedFlags {
  format?: string;
  path?: string;
}

const HELP = `
The format is the one of --format, or of the file's name, or else JSON:
  json, yaml          {"<path>": {"<key>": "<value>"}}; with --path the inner
                      map alone
  properties, dotenv  the keys of one --path, for java.util.Properties; or as
                      Node and bash read variables
  kubernetes          a Secret for each path
What a format cannot hold is an error, and nothing is written.

To hand secrets on encrypted, write them to a registry in a file, under a key of
its own; nothing is in clear on the way:
  secretreg init --registry file:bundle.db --master-key-file bundle.key
  secretreg export | secretreg import - --force --registry file:bundle.db --master-key-file bundle.key
Whoever gets bundle.db, and bundle.key by another way, exports and imports it
the other way round. A whole registry with its history: secretreg backup FILE,
under the same key.`;

export const define: Define = (program, { io }) => {
  const command = program
    .command('export')
    .description('the latest value of every secret, in clear')
    .argument('[file]', 'a new file, of mode 0600; without it, stdout')
    .option('--format <name>', Object.keys(FORMATS).join(', '))
    .option('--path <path>', 'only the keys of this path')
    .addHelpText('after', HELP);
  withExamples(
    command,
    'secretreg export secrets.json',
    'secretreg export orders.env --path orders',
  );
  sharedOptions(command).action((file: string | undefined, flags: Flags) =>
    exportAll(io, file, flags),
  );
};

async function exportAll(io: Io, file: string | undefined, flags: Flags): Promise<void> {
  if (file === undefined && io.stdout.isTTY) {
    throw new SecretregError(
      'wrong-use',
      { reason: 'export does not print every secret on a terminal: name a file, or pipe it' },
      { hint: 'secretreg export secrets.json' },
    );
  }
  const chosen = chooseFormat(file, flags.format);
  requirePath(chosen, flags.path, ['secretreg', 'export', ...(file === undefined ? [] : [file])]);
  if (file !== undefined) requireNew(file);
  const table = await readTable(io, flags);
  const { secretsText } = await import('../transfer/write.ts');
  const { problems, text } = secretsText(table, chosen.format, flags.path !== undefined);
  for (const problem of problems) note(io, problem);
  if (problems.length > 0)
    throw new SecretregError('not-exportable', {
      count: problems.length,
      format: FORMATS[chosen.format].title,
    });
  if (file === undefined) await print(io, text);
  else {
    createSecretFile(file, text);
    const words = choiceWords(chosen);
    note(
      io,
      `wrote the secrets of ${count(table.size, 'path')} in clear to ${file}${words === undefined ? '' : `, ${words}`}`,
    );
  }
  tellForced(io, table);
}

async function readTable(io: Io, flags: Flags): Promise<SecretTable> {
  const only = flags.path === undefined ? undefined : pathArgument(flags.path);
  const table = new Map<string, Map<string, string>>();
  await withRegistry(io, flags, { ...(only && { path: only }) }, async ({ registry }) => {
    const all = only === undefined ? (await registry.listPaths()).map(({ path }) => path) : [only];
    for (const path of new Set(all)) {
      const secrets = await registry.readPath(path);
      table.set(path, new Map(secrets.map(({ key, value }) => [key, value.reveal()])));
    }
  });
  return table;
}

function tellForced(io: Io, table: SecretTable): void {
  const forced = [...table].flatMap(([path, keys]) =>
    [...keys].filter(([, value]) => !parseSecretValue(value).ok).map(([key]) => `${path}:${key}`),
  );
  if (forced.length > 0)
    note(
      io,
      `import takes the values of ${forced.join(', ')} only with --force: they are empty or look like masks`,
    );
}
