import { keyArgument, pathArgument, sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { formatOption } from '../formats.ts';
import type { Io } from '../io.ts';
import { printRows } from '../rows.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { versionColumns } from '../version-columns.ts';

interface Flags extends SharedFlags {
  output?: string;
}

export const define: Define = (program, { io }) => {
  const command = program
    .command('history')
    .description('every version with its state and author, deleted ones too')
    .argument('<path>')
    .argument('[key]')
    .option('-o, --output <format>', 'json, jsonl or table');
  sharedOptions(command).action((path: string, key: string | undefined, flags: Flags) =>
    history(io, path, key, flags),
  );
};

async function history(
  io: Io,
  pathText: string,
  keyText: string | undefined,
  flags: Flags,
): Promise<void> {
  const format = formatOption(flags.output);
  const path = pathArgument(pathText);
  const key = keyText === undefined ? undefined : keyArgument(keyText);
  const infos = await withRegistry(io, flags, { path }, async ({ registry }) =>
    key === undefined
      ? registry.listKeys(path, { deleted: true })
      : [await registry.listVersions(path, key, { deleted: true })],
  );
  await printRows(
    io,
    format,
    versionColumns(io),
    infos.flatMap((info) => info.versions),
  );
}
