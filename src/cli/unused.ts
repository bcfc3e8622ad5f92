// `list --unused-since`: names and when they were read last.
import type { SecretPath } from '../domain/names.ts';
import type { Reads } from '../domain/reads.ts';
import { type Unused, unusedSince } from '../domain/unused.ts';
import { type Io, note } from './io.ts';
import { lastReadColumn, readsOf } from './reads.ts';
import { type Column, type Format, printRows, timeColumn } from './rows.ts';
import { withRegistry } from './session.ts';
import type { SharedFlags } from './settings.ts';
import { pastOption } from './times.ts';

export async function listUnused(
  io: Io,
  path: SecretPath | undefined,
  sinceText: string,
  { format, flags }: { format: Format; flags: SharedFlags },
): Promise<void> {
  const since = pastOption('--unused-since', sinceText, io.clock());
  const { reads, keys } = await withRegistry(io, flags, {}, async ({ registry }) => {
    const keys = await (path === undefined ? registry.listPaths() : registry.listKeys(path));
    return { keys, reads: await readsOf(io, registry, path === undefined ? {} : { path }) };
  });
  const { begin } = reads;
  if (begin !== undefined && begin > since)
    note(io, `the audit trail begins at ${begin}: who read before that is not known`);
  await printRows(io, format, columns(io, reads), unusedSince(since, keys, reads));
}

function columns(io: Io, reads: Reads): Column<Unused>[] {
  return [
    { name: 'path', value: (row) => row.path },
    { name: 'key', value: (row) => row.key },
    timeColumn(io, { name: 'created' }, (row) => row.createdAt),
    lastReadColumn(io, reads),
  ];
}
