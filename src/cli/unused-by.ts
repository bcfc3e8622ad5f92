// `list --unused-by`: names that no connector file refers to.
import { secretName, type SecretPath } from '../domain/names.ts';
import type { KeyInfo } from '../domain/registry.ts';
import type { Io } from './io.ts';
import { providerNamesOf } from './providers.ts';
import { type Column, type Format, printRows, timeColumn } from './rows.ts';
import { toldSettings, withRegistryOf } from './session.ts';
import type { SharedFlags } from './settings.ts';
import { allUsesOf } from './uses.ts';

export async function listUnusedBy(
  io: Io,
  path: SecretPath | undefined,
  files: readonly string[],
  { format, flags }: { format: Format; flags: SharedFlags & { providerName?: string[] } },
): Promise<void> {
  const settings = await toldSettings(io, flags);
  const uses = await allUsesOf(io, files, await providerNamesOf(io, settings, flags));
  const keys = await withRegistryOf(
    io,
    settings,
    path === undefined ? {} : { path },
    ({ registry }) => (path === undefined ? registry.listPaths() : registry.listKeys(path)),
  );
  const used = new Set(uses.map(secretName));
  const unused = keys.filter((info) => !used.has(secretName(info)));
  await printRows(io, format, columns(io), unused);
}

function columns(io: Io): Column<KeyInfo>[] {
  const changed = ({ versions }: KeyInfo) => versions.at(-1)?.createdAt;
  return [
    { name: 'path', value: (row) => row.path },
    { name: 'key', value: (row) => row.key },
    timeColumn(io, { name: 'changedAt', heading: 'changed' }, changed),
  ];
}
