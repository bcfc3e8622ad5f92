// `list --unused-since`: names and when they were read last.
import type { SecretPath } from '../domain/names.ts';
import { type Unused, Reads } from '../domain/unused.ts';
import { type Io, note } from './io.ts';
import { ago, type Column, type Format, printRows } from './rows.ts';
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
    const reads = new Reads();
    // All of it, whatever the path and the time: so it is known where the trail begins.
    for await (const event of registry.audit({}, (text) => note(io, text))) reads.take(event);
    return { reads, keys };
  });
  if (reads.begin !== undefined && reads.begin > since)
    note(io, `the audit trail begins at ${reads.begin}: who read before that is not known`);
  await printRows(io, format, columns(io), reads.unusedSince(since, keys));
}

function columns(io: Io): Column<Unused>[] {
  const now = io.clock();
  return [
    { name: 'path', value: (row) => row.path },
    { name: 'key', value: (row) => row.key },
    {
      name: 'created',
      value: (row) => row.createdAt,
      forPerson: (row) => ago(row.createdAt, now),
    },
    {
      name: 'lastRead',
      value: (row) => row.lastRead,
      forPerson: (row) => (row.lastRead === undefined ? 'not known' : ago(row.lastRead, now)),
    },
  ];
}
