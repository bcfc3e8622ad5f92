import { count } from '../../domain/count.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { type Io, print, readStdin } from '../io.ts';
import { startBar } from '../progress.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { parseSecretTable } from '../transfer-file.ts';
import { fileBytes } from '../values.ts';

interface Flags extends SharedFlags {
  force?: boolean;
}

export const define: Define = (program, { io }) => {
  const command = program
    .command('import')
    .description('store every secret of a file {"<path>": {"<key>": "<value>"}}, all or none')
    .argument('<file>', '- for stdin')
    .option('--force', 'also values that are empty or look like a mask');
  sharedOptions(command).action((file: string, flags: Flags) => importFile(io, file, flags));
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
