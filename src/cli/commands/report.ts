import { type Due, dueBy } from '../../domain/due.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { formatOption, ROWS_OUTPUT } from '../formats.ts';
import type { Io } from '../io.ts';
import { type Column, printRows, timeColumn } from '../rows.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { futureOption } from '../times.ts';

interface Flags extends SharedFlags {
  due: string;
  output?: string;
}

const HELP = `
Rotation is counted from when the latest version was written; see secretreg
metadata.`;

export const define: Define = (program, { io, setExit }) => {
  const command = program
    .command('report')
    .description('what expires or should be changed soon; exit code 1 where there is anything')
    .option('--due <time>', 'until when: 14d, 12h, or RFC 3339', '14d')
    .option(...ROWS_OUTPUT)
    .addHelpText('after', HELP);
  withExamples(command, 'secretreg report --due 30d -o json');
  sharedOptions(command).action((flags: Flags) => report(io, flags, setExit));
};

async function report(io: Io, flags: Flags, setExit: (code: number) => void): Promise<void> {
  const format = formatOption(flags.output);
  const until = futureOption('--due', flags.due, io.clock());
  const keys = await withRegistry(io, flags, {}, ({ registry }) => registry.listPaths());
  const due = dueBy(keys, until);
  await printRows(io, format, columns(io), due);
  if (due.length > 0) setExit(1);
}

function columns(io: Io): Column<Due>[] {
  return [
    { name: 'path', value: (row) => row.path },
    { name: 'key', value: (row) => row.key },
    { name: 'what', value: (row) => row.what },
    timeColumn(io, { name: 'due' }, (row) => row.at),
    { name: 'owner', value: (row) => row.owner },
  ];
}
