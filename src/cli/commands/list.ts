import type { SecretPath } from '../../domain/names.ts';
import type { KeyInfo, VersionInfo } from '../../domain/registry.ts';
import { SecretregError } from '../../errors.ts';
import { keyArgument, pathArgument, severalTimes, sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { formatOption, ROWS_OUTPUT } from '../formats.ts';
import { type Io, printLines } from '../io.ts';
import { PROVIDER_NAME } from '../providers.ts';
import { type Column, printRows, timeColumn } from '../rows.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { tellDamaged } from '../damaged.ts';
import { versionColumns } from '../version-columns.ts';

interface Flags extends SharedFlags {
  deleted?: boolean;
  long?: boolean;
  tree?: boolean;
  unusedSince?: string;
  unusedBy?: string[];
  providerName?: string[];
  output?: string;
}

interface PathRow {
  path: SecretPath;
  keys: KeyInfo[];
}

const HELP = `
For example:  secretreg list --long
              secretreg list orders password --deleted
              secretreg list --unused-since 90d
              secretreg list --unused-by connectors/ -o json`;

export const define: Define = (program, { io }) => {
  const command = program
    .command('list')
    .alias('ls')
    .description('the names in the registry: paths, the keys of a path, or the versions of a key')
    .argument('[path]')
    .argument('[key]')
    .option('--deleted', 'deleted ones too')
    .option('--long', 'with versions, time, author, expiry and owner')
    .option(
      '--unused-since <time>',
      'keys that were there then and were not read since, by the audit trail: 90d, or RFC 3339',
    )
    .option(
      '--unused-by <files>',
      'keys that no connector file refers to, of those named or in this folder; may be given several times',
      severalTimes,
    )
    .option(...PROVIDER_NAME)
    .option('--tree', 'paths and keys as a tree')
    .option(...ROWS_OUTPUT)
    .addHelpText('after', HELP);
  sharedOptions(command).action((path: string | undefined, key: string | undefined, flags: Flags) =>
    list(io, path, key, flags),
  );
};

async function list(
  io: Io,
  pathText: string | undefined,
  keyText: string | undefined,
  flags: Flags,
): Promise<void> {
  const format = formatOption(flags.output);
  const options = { deleted: flags.deleted ?? false };
  const path = pathText === undefined ? undefined : pathArgument(pathText, { key: keyText });
  const { unusedSince, unusedBy } = flags;
  if (unusedSince !== undefined) {
    refuseOthers('--unused-since', [keyText, unusedBy], flags);
    const { listUnused } = await import('../unused.ts');
    return listUnused(io, path, unusedSince, { format, flags });
  }
  if (unusedBy !== undefined) {
    refuseOthers('--unused-by', [keyText], flags);
    const { listUnusedBy } = await import('../unused-by.ts');
    return listUnusedBy(io, path, unusedBy, { format, flags });
  }
  if (flags.tree && [keyText, flags.output, flags.long].some((it) => it !== undefined))
    throw new SecretregError('wrong-use', {
      reason: '--tree takes a path and --deleted, and nothing else',
    });
  if (path !== undefined && keyText !== undefined) {
    const key = keyArgument(keyText);
    const info = await withRegistry(io, flags, { path }, ({ registry }) =>
      registry.listVersions(path, key, options),
    );
    tellDamaged(io, [info], flags);
    const columns =
      flags.long || flags.deleted ? versionColumns(io) : versionColumns(io).slice(2, 3);
    return printRows(io, format, columns, info.versions);
  }
  const keys = await withRegistry(io, flags, path === undefined ? {} : { path }, ({ registry }) =>
    path === undefined ? registry.listPaths(options) : registry.listKeys(path, options),
  );
  tellDamaged(io, keys, flags);
  if (flags.tree) return printLines(io, tree(keys));
  if (path === undefined) return printRows(io, format, pathColumns(io, flags), byPath(keys));
  await printRows(io, format, [...keyColumns(io, flags), ...damagedColumn(keys)], keys);
}

function refuseOthers(
  option: string,
  others: readonly unknown[],
  { deleted, long, tree }: Flags,
): void {
  if (![...others, deleted, long, tree].some((it) => it !== undefined)) return;
  throw new SecretregError('wrong-use', {
    reason: `${option} takes a path and -o, and nothing else`,
  });
}

function pathColumns(io: Io, flags: Flags): Column<PathRow>[] {
  const name: Column<PathRow> = { name: 'path', value: (row) => row.path };
  const state = stateColumn<PathRow>(flags, (row) => row.keys);
  if (!flags.long) return [name, ...state];
  return [
    name,
    ...state,
    { name: 'keys', value: (row) => row.keys.length },
    ...newestColumns<PathRow>(io, (row) => row.keys.flatMap((key) => key.versions)),
    ...metadataColumns<PathRow>(io, (row) => row.keys),
  ];
}

function keyColumns(io: Io, flags: Flags): Column<KeyInfo>[] {
  const name: Column<KeyInfo> = { name: 'key', value: (row) => row.key };
  const state = stateColumn<KeyInfo>(flags, (row) => [row]);
  if (!flags.long) return [name, ...state];
  return [
    name,
    ...state,
    {
      name: 'versions',
      value: (row) => row.versions.map(({ version }) => version).join(','),
      json: (row) => row.versions.map(({ version }) => version),
    },
    ...newestColumns<KeyInfo>(io, (row) => row.versions),
    ...metadataColumns<KeyInfo>(io, (row) => [row]),
  ];
}

/** Only where there are any. */
function damagedColumn(keys: readonly KeyInfo[]): Column<KeyInfo>[] {
  if (keys.every(({ damaged }) => damaged === undefined)) return [];
  return [{ name: 'damaged', value: (row) => row.damaged?.join(','), json: (row) => row.damaged }];
}

/** With --deleted: whether anything can be read there. */
function stateColumn<R>(flags: Flags, keys: (row: R) => KeyInfo[]): Column<R>[] {
  if (!flags.deleted) return [];
  return [{ name: 'state', value: (row) => stateOf(keys(row)) }];
}

/** Nothing brings back a key, or a path, of which no version is left. */
function stateOf(keys: readonly KeyInfo[]): 'enabled' | 'deleted' | 'damaged' | 'destroyed' {
  const versions = keys.flatMap((key) => key.versions);
  if (versions.some(({ state }) => state === 'enabled')) return 'enabled';
  if (keys.some(({ damaged }) => damaged !== undefined)) return 'damaged';
  return versions.length > 0 ? 'deleted' : 'destroyed';
}

function newestColumns<R>(io: Io, versions: (row: R) => VersionInfo[]): Column<R>[] {
  const last = (row: R) =>
    versions(row).toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
  return [
    timeColumn(io, { name: 'changedAt', heading: 'changed' }, (row) => last(row)?.createdAt),
    { name: 'changedBy', heading: 'by', value: (row) => last(row)?.createdBy },
  ];
}

/** The earliest expiry of all the keys, and their owners. */
function metadataColumns<R>(io: Io, keys: (row: R) => KeyInfo[]): Column<R>[] {
  const end = (row: R) =>
    keys(row)
      .flatMap(({ metadata }) => metadata.expiresAt ?? [])
      .sort()[0];
  const owners = (row: R) => new Set(keys(row).flatMap(({ metadata }) => metadata.owner ?? []));
  return [
    timeColumn(io, { name: 'expiresAt', heading: 'expires' }, end),
    { name: 'owner', value: (row) => [...owners(row)].join(', ') || undefined },
  ];
}

function byPath(keys: readonly KeyInfo[]): PathRow[] {
  return [...Map.groupBy(keys, ({ path }) => path)].map(([path, own]) => ({ path, keys: own }));
}

function tree(keys: readonly KeyInfo[]): string[] {
  const lines: string[] = [];
  for (const { path, keys: own } of byPath(keys)) {
    lines.push(path);
    for (const [i, info] of own.entries()) {
      const { key } = info;
      const state = stateOf([info]);
      const mark = state === 'enabled' ? '' : ` (${state})`;
      lines.push(`${i === own.length - 1 ? '└── ' : '├── '}${key}${mark}`);
    }
  }
  return lines;
}
