// `import FILE`: everything in one commit, or with --dry-run nothing but what would happen.
import { count } from '../../domain/count.ts';
import type { SecretPath } from '../../domain/names.ts';
import type { Registry, Write } from '../../domain/registry.ts';
import { secretCommand, shellWord } from '../../domain/shell-word.ts';
import { hasCode } from '../../errors.ts';
import { pathArgument } from '../arguments.ts';
import { type Io, note, print, readStdin } from '../io.ts';
import { startBar } from '../progress.ts';
import { printRows } from '../rows.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { fileBytes } from '../values.ts';
import { choiceWords, chooseFormat, requirePath } from './formats.ts';
import { readSecrets } from './read.ts';

export interface FileFlags extends SharedFlags {
  format?: string;
  path?: string;
  new?: boolean;
  dryRun?: boolean;
  force?: boolean;
}

/** The exit code: 1 where `dryRun` says that it would be refused. */
export async function importFile(io: Io, file: string, flags: FileFlags): Promise<number> {
  const named = chooseFormat(file === '-' ? undefined : file, flags.format);
  requirePath(named, flags.path, ['secretreg', 'import', shellWord(file)]);
  const path = flags.path === undefined ? undefined : pathArgument(flags.path);
  const bytes = file === '-' ? await readStdin(io) : fileBytes(file);
  const { writes, chosen } = readSecrets(bytes, {
    file,
    chosen: named,
    ...(path !== undefined && { path }),
    force: flags.force ?? false,
    again: secretCommand('import', [file], optionsAgain(flags)),
  });
  const words = file === '-' && chosen.by === 'guess' ? undefined : choiceWords(chosen);
  if (words !== undefined) note(io, `read ${file === '-' ? 'stdin' : file} ${words}`);
  if (flags.dryRun) return dryRun(io, writes, flags);
  await writeAll(io, writes, flags);
  return 0;
}

function optionsAgain({ format, path, new: onlyNew }: FileFlags): string[] {
  return [
    ...(format === undefined ? [] : [`--format ${format}`]),
    ...(path === undefined ? [] : [`--path ${shellWord(path)}`]),
    ...(onlyNew ? ['--new'] : []),
    '--force',
  ];
}

async function writeAll(io: Io, all: readonly Write[], flags: FileFlags): Promise<void> {
  const writes = flags.new ? all.map((one): Write => ({ ...one, onlyOver: 'none' })) : all;
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

async function dryRun(io: Io, writes: readonly Write[], flags: FileFlags): Promise<number> {
  const latest = await withRegistry(io, flags, {}, ({ registry }) => latestOf(registry, writes));
  const rows = writes.map(({ path, key }) => ({ path, key, version: latest.get(path)?.get(key) }));
  const isRefused = flags.new === true && rows.some(({ version }) => version !== undefined);
  await printRows(
    io,
    'auto',
    [
      { name: 'path', value: (row) => row.path },
      { name: 'key', value: (row) => row.key },
      { name: 'would', value: ({ version }) => effectOf(version, flags.new ?? false) },
    ],
    rows,
  );
  note(io, isRefused ? 'nothing would be written, because of --new' : 'nothing was written');
  return isRefused ? 1 : 0;
}

function effectOf(version: number | undefined, onlyNew: boolean): string {
  if (version === undefined) return 'be new';
  return onlyNew ? `be refused: version ${version} is there` : `follow version ${version}`;
}

/** The latest version of each key of the paths that would be written. */
async function latestOf(
  registry: Registry,
  writes: readonly Write[],
): Promise<Map<string, Map<string, number>>> {
  const latest = new Map<string, Map<string, number>>();
  for (const path of new Set(writes.map((one) => one.path)))
    latest.set(path, await latestUnder(registry, path));
  return latest;
}

async function latestUnder(registry: Registry, path: SecretPath): Promise<Map<string, number>> {
  try {
    const keys = await registry.listKeys(path);
    return new Map(
      keys.flatMap(({ key, versions }) => {
        const last = versions.at(-1);
        return last === undefined ? [] : [[key, last.version] as const];
      }),
    );
  } catch (error) {
    if (hasCode(error, 'path-not-found')) return new Map();
    throw error;
  }
}
