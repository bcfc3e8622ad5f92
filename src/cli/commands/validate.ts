import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { hasCode, SecretregError } from '../../errors.ts';
import { readNames } from '../../registry/open-registry.ts';
import type { FileReport, Severity } from '../../validator/diagnostic.ts';
import { type Existence, existenceOf } from '../../validator/existence.ts';
import { type ReportFormat, reports } from '../../validator/reports/index.ts';
import { providersOf, type ValidateOptions, validator } from '../../validator/validate.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { type InputFile, inputFiles } from '../input-files.ts';
import { type Io, print } from '../io.ts';
import { startBar } from '../progress.ts';
import { providersFor } from '../providers.ts';
import { storeOf } from '../registry-store.ts';
import { tellNotes } from '../session.ts';
import { readSettings, type Settings, type SharedFlags } from '../settings.ts';

interface Flags extends SharedFlags {
  allProviders?: boolean;
  providerName?: string[];
  connector?: string;
  nameFromFile?: boolean;
  failOn: string;
  format: string;
  requireExistence?: boolean;
}

export const define: Define = (program, { io, setExit }) => {
  const command = program
    .command('validate')
    .description(
      'check every reference in connector files: well formed, under the own name, existing',
    )
    .argument('[files...]', 'files, folders, globs, or - for stdin', ['.'])
    .option('--all-providers', 'the path must be the name of the connector with every provider')
    .option(
      '--provider-name <name>',
      "the worker's name for the registry (default: secret); may be given several times",
      (name: string, before: string[] | undefined) => [...(before ?? []), name],
    )
    .option('--connector <name>', 'the name of a connector that its file does not name')
    .option('--name-from-file', 'take that name from the file')
    .option('--fail-on <severity>', 'error or warning: what makes the exit code 1', 'error')
    .option('--format <format>', Object.keys(reports).join(' or '), 'text')
    .option('--require-existence', 'end with code 3 where there is no registry to ask');
  sharedOptions(command).action(async (files: string[], flags: Flags) =>
    setExit(await validate(io, files, flags)),
  );
};

async function validate(io: Io, names: readonly string[], flags: Flags): Promise<number> {
  const failOn = choice('--fail-on', flags.failOn, ['error', 'warning'] as const);
  const format = choice('--format', flags.format, Object.keys(reports) as ReportFormat[]);
  const settings = await readSettings(flags, io);
  tellNotes(io, settings);
  const existence = await findExistence(io, settings, flags);
  const options = optionsFrom(flags, settings, existence);
  const inputs = inputFiles(io, names);
  const { files, unreadable } = await reportsOf(io, inputs, flags, options);
  const report = {
    files,
    providers: providersOf(options),
    existenceChecked: existence !== undefined,
  };
  await print(io, reports[format](report, io.style));
  // Told behind what was found in the others, which would otherwise be lost.
  if (unreadable !== undefined) throw unreadable;
  return files.some((file) => file.diagnostics.some(({ severity }) => counts(severity, failOn)))
    ? 1
    : 0;
}

/** Names only, read without key and without audit line where the registry is here. A registry that was named must be there. */
async function findExistence(
  io: Io,
  settings: Settings,
  flags: Flags,
): Promise<Existence | undefined> {
  const { value, origin } = settings.registry;
  if (origin === 'default' && !existsSync(value.slice('file:'.length))) {
    if (flags.requireExistence) throw new SecretregError('existence-not-checked', {});
    return undefined;
  }
  if (settings.remote !== undefined) {
    const { withClient } = await import('../remote-client.ts');
    return withClient(settings.remote, async ({ registry }) =>
      existenceOf(await registry.listPaths({ deleted: true })),
    );
  }
  const store = await storeOf(io, settings);
  try {
    return existenceOf(await readNames(store));
  } finally {
    await store.close();
  }
}

function optionsFrom(
  flags: Flags,
  settings: Settings,
  existence: Existence | undefined,
): ValidateOptions {
  const { providerNames, otherProviders } = providersFor(settings);
  return {
    allProviders: flags.allProviders ?? false,
    providerNames: flags.providerName ?? providerNames,
    knownProviders: otherProviders,
    ...(flags.connector !== undefined && { connectorName: flags.connector }),
    ...(existence && { existence }),
  };
}

async function reportsOf(
  io: Io,
  inputs: readonly InputFile[],
  flags: Flags,
  options: ValidateOptions,
): Promise<{ files: FileReport[]; unreadable: SecretregError | undefined }> {
  const check = validator(options);
  const bar = await startBar(io, 'validating');
  const done: FileReport[] = [];
  let unreadable: SecretregError | undefined;
  for (const input of inputs) {
    const checkOne = flags.nameFromFile
      ? validator({ ...options, connectorName: basename(input.file, extname(input.file)) })
      : check;
    let text: string;
    try {
      text = await input.read();
    } catch (error) {
      if (!input.found || !hasCode(error, 'file-unreadable')) throw error;
      unreadable ??= error;
      continue;
    }
    const report = checkOne({ file: input.file, found: input.found, text });
    // Only a finding needs the text again.
    done.push(report.diagnostics.length > 0 ? report : { ...report, text: '' });
    if (done.length % 100 === 0) bar.show(done.length, inputs.length);
  }
  bar.end();
  return { files: done, unreadable };
}

function counts(severity: Severity, failOn: Severity): boolean {
  return severity === 'error' || failOn === 'warning';
}

function choice<T extends string>(flag: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === text);
  if (found !== undefined) return found;
  throw new SecretregError('wrong-use', { reason: `${flag} takes ${allowed.join(' or ')}` });
}
