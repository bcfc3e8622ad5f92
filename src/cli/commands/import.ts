import { count } from '../../domain/count.ts';
import { SecretregError } from '../../errors.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { type Io, print, readStdin } from '../io.ts';
import type { ImportFlags } from '../import-from-rest.ts';
import { startBar } from '../progress.ts';
import { withRegistry } from '../session.ts';
import { parseSecretTable } from '../transfer-file.ts';
import { fileBytes } from '../values.ts';

interface Flags extends ImportFlags {
  fromRest?: string;
}

export const define: Define = (program, { io, setExit }) => {
  const command = program
    .command('import')
    .description(
      'store every secret of a file {"<path>": {"<key>": "<value>"}}, all or none, or of another registry over REST',
    )
    .argument('[file]', '- for stdin')
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
    .addHelpText(
      'after',
      '\n--from-rest reads one value after the other and writes them here in commits of some hundred. What is equal here\nalready is left as it is, so the same command goes on where it was interrupted. Version numbers start anew here:\nonly the latest value of a key is taken.',
    );
  sharedOptions(command).action(async (file: string | undefined, flags: Flags) => {
    if ((file === undefined) === (flags.fromRest === undefined))
      throw new SecretregError('wrong-use', { reason: 'import takes a file, or --from-rest URL' });
    if (file !== undefined) return importFile(io, file, flags);
    const { importFromRest } = await import('../import-from-rest.ts');
    setExit(await importFromRest(io, flags.fromRest ?? '', flags));
  });
};

async function importFile(io: Io, file: string, flags: Flags): Promise<void> {
  const bytes = file === '-' ? await readStdin(io) : fileBytes(file);
  const writes = parseSecretTable(bytes, { file, force: flags.force ?? false });
  const bar = await startBar(io, 'importing');
  try {
    bar.show(0, writes.length);
    await withRegistry(io, flags, {}, ({ registry }) => registry.write(writes));
  } finally {
    bar.end();
  }
  const paths = new Set(writes.map(({ path }) => path)).size;
  await print(io, `imported ${count(writes.length, 'secret')} under ${count(paths, 'path')}\n`);
}
