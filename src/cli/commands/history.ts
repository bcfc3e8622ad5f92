import { count } from '../../domain/count.ts';
import type { Reads } from '../../domain/reads.ts';
import type { VersionInfo } from '../../domain/registry.ts';
import { keyArgument, pathArgument, sharedOptions } from '../arguments.ts';
import { tellDamaged } from '../damaged.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { formatOption, ROWS_OUTPUT } from '../formats.ts';
import { type Io, note } from '../io.ts';
import { lastReadColumn, readsOf } from '../reads.ts';
import { type Column, printRows } from '../rows.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { versionColumns } from '../version-columns.ts';

interface Flags extends SharedFlags {
  reads?: true;
  output?: string;
}

export const define: Define = (program, { io }) => {
  const command = program
    .command('history')
    .description('every version with its state and author, deleted ones too')
    .argument('<path>')
    .argument('[key]')
    .option('--reads', 'how often each was read, when last and by whom, by the audit trail')
    .option(...ROWS_OUTPUT);
  withExamples(command, 'secretreg history orders', 'secretreg history orders password --reads');
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
  const path = pathArgument(pathText, { key: keyText });
  const key = keyText === undefined ? undefined : keyArgument(keyText);
  const { infos, reads } = await withRegistry(io, flags, { path }, async ({ registry }) => {
    const infos =
      key === undefined
        ? await registry.listKeys(path, { deleted: true })
        : [await registry.listVersions(path, key, { deleted: true })];
    if (!flags.reads) return { infos };
    const reads = await readsOf(io, registry, {
      path,
      ...(key !== undefined && { key }),
    });
    // A key that was destroyed has no version.
    const versions = infos.flatMap((info) => info.versions);
    if (versions.some(({ createdAt }) => reads.unknownBefore(createdAt) !== undefined))
      note(io, `the audit trail begins at ${reads.begin}: reads before that are not counted`);
    return { infos, reads };
  });
  tellDamaged(io, infos, flags);
  const destroyed = infos.filter(({ versions, damaged }) => versions.length === 0 && !damaged);
  const [first, second] = destroyed;
  if (first !== undefined) {
    const which =
      second === undefined ? `${first.path}:${first.key}` : count(destroyed.length, 'key');
    note(io, `every version of ${which} was destroyed`);
  }
  const columns = [...versionColumns(io), ...(reads === undefined ? [] : readColumns(io, reads))];
  await printRows(
    io,
    format,
    columns,
    infos.flatMap((info) => info.versions),
  );
}

function readColumns(io: Io, reads: Reads): Column<VersionInfo>[] {
  return [
    { name: 'reads', value: (row) => reads.of(row)?.count ?? 0 },
    lastReadColumn(io, reads),
    { name: 'lastReadBy', value: (row) => reads.of(row)?.by },
  ];
}
