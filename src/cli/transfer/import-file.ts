// `import FILE`: everything in one commit, or with --dry-run nothing but what would happen.
import { count } from '../../domain/count.ts';
import type { SecretKey, SecretPath } from '../../domain/names.ts';
import type { VersionInfo, Write } from '../../domain/registry.ts';
import { secretCommand, shellWord } from '../../domain/shell-word.ts';
import type { Version } from '../../domain/version.ts';
import { pathArgument } from '../arguments.ts';
import { formatOption } from '../formats.ts';
import { ignoreInterrupts } from '../interrupts.ts';
import { type Io, note, print, readStdin } from '../io.ts';
import { startBar } from '../progress.ts';
import { type Format, printRows } from '../rows.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { latestOf } from '../stored-secrets.ts';
import { fileBytes } from '../values.ts';
import { writtenColumns } from '../version-columns.ts';
import { choiceWords, chooseFormat, requirePath } from './formats.ts';
import { readSecrets } from './read.ts';

export interface FileFlags extends SharedFlags {
  format?: string;
  path?: string;
  new?: boolean;
  dryRun?: boolean;
  force?: boolean;
  output?: string;
}

/** The exit code: 1 where `dryRun` says that it would be refused. */
export async function importFile(io: Io, file: string, flags: FileFlags): Promise<number> {
  const format = formatOption(flags.output);
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
  if (flags.dryRun) return dryRun(io, writes, flags, format);
  const written = await writeAll(io, writes, flags);
  if (format === 'auto') await print(io, `imported ${inWords(written)}\n`);
  else await printRows(io, format, writtenColumns, written);
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

function inWords(written: readonly VersionInfo[]): string {
  const paths = new Set(written.map(({ path }) => path)).size;
  return `${count(written.length, 'secret')} under ${count(paths, 'path')}`;
}

async function writeAll(io: Io, all: readonly Write[], flags: FileFlags): Promise<VersionInfo[]> {
  const writes = flags.new ? all.map((one): Write => ({ ...one, onlyOver: 'none' })) : all;
  const bar = await startBar(io, 'importing');
  try {
    return await withRegistry(io, flags, {}, async ({ registry }) => {
      const written = await registry.write(writes, (done) => bar.show(done, writes.length));
      ignoreInterrupts();
      return written;
    });
  } finally {
    bar.end();
  }
}

async function dryRun(
  io: Io,
  writes: readonly Write[],
  flags: FileFlags,
  format: Format,
): Promise<number> {
  const latest = new Map<SecretPath, ReadonlyMap<SecretKey, Version>>();
  await withRegistry(io, flags, {}, async ({ registry }) => {
    for (const path of new Set(writes.map((one) => one.path)))
      latest.set(path, await latestOf(registry, path));
  });
  const rows = writes.map(({ path, key }) => ({ path, key, version: latest.get(path)?.get(key) }));
  const isRefused = flags.new === true && rows.some(({ version }) => version !== undefined);
  await printRows(
    io,
    format,
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
