import { sharedOptions, targetArguments } from '../arguments.ts';
import { formatOption, ROWS_OUTPUT } from '../formats.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { printRows } from '../rows.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { writtenColumns } from '../version-columns.ts';

interface Flags extends SharedFlags {
  version?: string;
  output?: string;
}

export const define: Define = (program, { io }) => {
  const command = program
    .command('restore')
    .description('undo a delete: of one version, or the whole last delete in a key or path')
    .argument('<path>')
    .argument('[key]')
    .option('--version <n>', 'only this version')
    .option(...ROWS_OUTPUT);
  withExamples(
    command,
    'secretreg restore orders',
    'secretreg restore orders password --version 2',
  );
  sharedOptions(command).action(async (path: string, key: string | undefined, flags: Flags) => {
    const format = formatOption(flags.output);
    const target = targetArguments(path, key, flags.version);
    const rows = await withRegistry(io, flags, { path: target.path }, ({ registry }) =>
      registry.restore(target),
    );
    await printRows(io, format, writtenColumns, rows);
  });
};
