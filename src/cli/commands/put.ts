import type { Command } from 'commander';
import type { Write } from '../../domain/registry.ts';
import { parseKey, parsePath, type SecretPath } from '../../domain/names.ts';
import { secretCommand, shellWord } from '../../domain/shell-word.ts';
import { SecretregError } from '../../errors.ts';
import { keyArgument, pathArgument, sharedOptions, versionArgument } from '../arguments.ts';
import { formatOption, ROWS_OUTPUT } from '../formats.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { type Io, readStdin } from '../io.ts';
import { printRows } from '../rows.ts';
import { writtenColumns } from '../version-columns.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { fetchValue, fileBytes, type ValueFlags } from '../values.ts';

interface Flags extends SharedFlags, ValueFlags {
  json?: string;
  fromEnvFile?: string;
  ifVersion?: string;
  new?: boolean;
  output?: string;
}

export const define: Define = (program, { io }) => {
  const command = program
    .command('put')
    .alias('create')
    .description(
      'store a new version of a secret; the value comes from a prompt, stdin or a file, never from an argument',
    )
    .argument('<path>', 'the name of the connector')
    .argument('[key]', 'such as password')
    .argument('[-]', 'read the value from stdin (one final newline is not part of it)')
    // `put` refuses them in its own words, for a value may be among them.
    .allowExcessArguments()
    .option('--from-file <file>', 'read the value from a file, byte for byte')
    .option('--generate <length>', 'make a random value of letters and digits')
    .option('--base64', 'store the bytes as base64 (for key stores and other binary values)')
    .option('--if-version <n>', 'only if the latest version is still this one')
    .option('--new', 'only if there is no version yet')
    .option('--force', 'also a value that is empty or looks like a mask')
    .option(
      '--json <file>',
      'several keys at once from {"<key>": "<value>"}, all or none; - for stdin',
    )
    .option(
      '--from-env-file <file>',
      'several keys at once from NAME=value, as import --format dotenv reads it; - for stdin',
    )
    .option(...ROWS_OUTPUT);
  command.usage('[options] <path> <key> [-]');
  withExamples(
    command,
    'secretreg put orders password',
    'pass show orders | secretreg put orders password -',
    'secretreg put orders password --generate 32',
    'secretreg put orders keystore --base64 --from-file keystore.p12',
    'secretreg put orders --json - < credentials.json',
  );
  sharedOptions(command).action(
    (
      path: string,
      key: string | undefined,
      source: string | undefined,
      flags: Flags,
      { args }: Command,
    ) => put(io, path, key, source, args.slice(3), flags),
  );
};

async function put(
  io: Io,
  pathText: string,
  keyText: string | undefined,
  source: string | undefined,
  more: string[],
  flags: Flags,
): Promise<void> {
  const format = formatOption(flags.output);
  const [key = 'KEY', value] = keyText?.split(/=|:\s/, 2) ?? [];
  if (value !== undefined) throw new SecretregError('value-as-argument', { path: pathText, key });
  const [, pathOfValue, keyOfValue] = /^([^:=]+):([^:=]+)=/.exec(pathText) ?? [];
  if (pathOfValue !== undefined && keyOfValue !== undefined)
    throw new SecretregError('value-as-argument', { path: pathOfValue, key: keyOfValue });
  if ((source !== undefined && source !== '-') || more.length > 0) {
    throw new SecretregError('value-as-argument', { path: pathText, key: keyText ?? 'KEY' });
  }
  if (flags.json?.trimStart().startsWith('{') === true) {
    const hint = `… | ${secretCommand('put', [pathText], ['--json -'])}    (or a file in place of -)`;
    throw new SecretregError('value-as-argument', { path: pathText, key: 'KEY' }, { hint });
  }
  const path = pathArgument(pathText, {
    key: keyText,
    hint: asTwoArguments(pathText, keyText),
  });
  const writes =
    flags.json === undefined && flags.fromEnvFile === undefined
      ? [await oneWrite(io, path, keyText, source, flags)]
      : await tableWrites(io, path, keyText, flags);
  const written = await withRegistry(io, flags, { path }, ({ registry }) => registry.write(writes));
  await printRows(io, format, writtenColumns, written);
}

async function oneWrite(
  io: Io,
  path: SecretPath,
  keyText: string | undefined,
  source: string | undefined,
  flags: Flags,
): Promise<Write> {
  if (keyText === undefined)
    throw new SecretregError('wrong-use', { reason: "missing required argument 'key'" });
  const place = { path, key: keyArgument(keyText) };
  if (flags.new && flags.ifVersion !== undefined) {
    throw new SecretregError('wrong-use', { reason: '--new and --if-version exclude each other' });
  }
  const onlyOver = flags.new
    ? ('none' as const)
    : flags.ifVersion === undefined
      ? undefined
      : versionArgument(flags.ifVersion);
  const value = await fetchValue(io, place, source === '-', flags);
  return { ...place, value, ...(onlyOver !== undefined && { onlyOver }) };
}

/** For `put mine:password`, written as in a reference: the command with two arguments. */
function asTwoArguments(text: string, behind: string | undefined): string | undefined {
  if (behind !== undefined && behind !== '-') return undefined;
  const [, path = '', key = ''] = /^([^:]+):([^:]+)$/.exec(text) ?? [];
  if (!parsePath(path).ok || !parseKey(key).ok) return undefined;
  return secretCommand('put', behind === '-' ? [path, key, '-'] : [path, key]);
}

async function tableWrites(
  io: Io,
  path: SecretPath,
  keyText: string | undefined,
  flags: Flags,
): Promise<Write[]> {
  const option = flags.json === undefined ? '--from-env-file' : '--json';
  if (
    keyText !== undefined ||
    flags.new ||
    flags.ifVersion !== undefined ||
    flags.fromFile !== undefined ||
    flags.generate !== undefined ||
    flags.base64 ||
    (flags.json !== undefined && flags.fromEnvFile !== undefined)
  ) {
    throw new SecretregError('wrong-use', {
      reason: `${option} takes a path and nothing else but --force`,
    });
  }
  const { readSecrets } = await import('../transfer/read.ts');
  const file = flags.json ?? flags.fromEnvFile ?? '-';
  const bytes = file === '-' ? await readStdin(io) : fileBytes(file);
  return readSecrets(bytes, {
    file,
    chosen: { format: flags.json === undefined ? 'dotenv' : 'json', by: 'flag' },
    path,
    force: flags.force ?? false,
    again: secretCommand('put', [path], [`${option} ${shellWord(file)}`, '--force']),
  }).writes;
}
