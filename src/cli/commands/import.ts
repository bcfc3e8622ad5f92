import { existsSync } from 'node:fs';
import { SecretregError } from '../../errors.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { ROWS_OUTPUT } from '../formats.ts';
import type { ImportFlags } from '../import-from-rest.ts';
import type { FileFlags } from '../transfer/import-file.ts';
import { FORMATS } from '../transfer/formats.ts';

interface Flags extends ImportFlags, FileFlags {
  fromRest?: string;
}

const HELP = `
The format is the one of --format, or of the file's name, or else JSON:
  json, yaml          {"<path>": {"<key>": "<value>"}}; with --path the inner
                      map alone. A plain text of YAML is taken as it stands
  properties, dotenv  the keys of one --path, for java.util.Properties; or
                      NAME=value, as Node, dotenv and Docker Compose read it
  kubernetes          Secrets, and lists of them: metadata.name is the path; in
                      JSON or YAML known without --format

--from-rest reads one value after the other and writes them here in commits of
some hundred. What is equal here already is left as it is, so the same command
goes on where it was interrupted. Version numbers start anew here: only the
latest value of a key is taken.`;

export const define: Define = (program, { io, setExit }) => {
  const command = program
    .command('import')
    .description('store every secret of a file, all or none, or of another registry over REST')
    .argument('[file]', '- for stdin')
    .option('--format <name>', Object.keys(FORMATS).join(', '))
    .option('--path <path>', 'the path of all keys of the file')
    .option('--new', 'only if none of the keys has a version yet')
    .option('--dry-run', 'show the names and what would happen to each, and write nothing')
    .option('--force', 'also values that are empty or look like a mask')
    .option(
      '--from-rest <url>',
      "the latest value of every key of another registry, by the endpoints of Confluent's Connect Secret Registry",
    )
    .option('--from-token-file <file>', 'the file that holds your token there')
    .option('--from-user <name>', 'your name there, with --from-password-file')
    .option('--from-password-file <file>', 'the file that holds your password there')
    .option('--from-ca-file <file>', "the certificate of that server's authority")
    .option('--from-insecure-http', 'http:// to another machine, in clear')
    .option(...ROWS_OUTPUT)
    .addHelpText('after', HELP);
  withExamples(
    command,
    'secretreg import secrets.yaml --dry-run',
    'secretreg import orders.properties --path orders',
    'secretreg import --from-rest https://connect.example.com:8083 --from-token-file token',
  );
  sharedOptions(command).action(async (file: string | undefined, flags: Flags) => {
    if ((file === undefined) === (flags.fromRest === undefined))
      throw new SecretregError('wrong-use', {
        reason: 'import takes either a file or --from-rest URL',
      });
    if (file?.trimStart().startsWith('{') === true && !existsSync(file))
      throw new SecretregError(
        'value-as-argument',
        { path: 'PATH', key: 'KEY' },
        { hint: '… | secretreg import -' },
      );
    if (file !== undefined) {
      const { importFile } = await import('../transfer/import-file.ts');
      return setExit(await importFile(io, file, flags));
    }
    if ((flags.format ?? flags.path ?? flags.new ?? flags.dryRun ?? flags.output) !== undefined)
      throw new SecretregError('wrong-use', {
        reason: '--format, --path, --new, --dry-run and -o belong to a file',
      });
    const { importFromRest } = await import('../import-from-rest.ts');
    setExit(await importFromRest(io, flags.fromRest ?? '', flags));
  });
};
