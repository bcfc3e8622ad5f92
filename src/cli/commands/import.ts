import { count } from '../../domain/count.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { type Io, print, readStdin } from '../io.ts';
import { startBar } from '../progress.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { parseSecretTable } from '../transfer-file.ts';
import { fileBytes } from '../values.ts';

export const define: Define = (program, { io }) => {
  const command = program
    .command('import')
    .description('store every secret of a file {"<path>": {"<key>": "<value>"}}, all or none')
    .argument('<file>', '- for stdin');
  sharedOptions(command).action((file: string, flags: SharedFlags) => importFile(io, file, flags));
};

async function importFile(io: Io, file: string, flags: SharedFlags): Promise<void> {
  const bytes = file === '-' ? await readStdin(io) : fileBytes(file);
  const writes = parseSecretTable(bytes, { file: file === '-' ? 'stdin' : file, force: false });
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
