import { secretCommand, shellWord } from '../../domain/shell-word.ts';
import { confirm, severalTimes, sharedOptions, targetArguments } from '../arguments.ts';
import { formatOption, ROWS_OUTPUT } from '../formats.ts';
import type { Define } from '../command.ts';
import { type Io, note } from '../io.ts';
import { printRows } from '../rows.ts';
import { PROVIDER_NAME } from '../providers.ts';
import { toldSettings, withRegistryOf } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { isRead, refuseUsed, usesOfTarget } from '../used-by.ts';
import { writtenColumns } from '../version-columns.ts';

interface Flags extends SharedFlags {
  version?: string;
  permanent?: boolean;
  yes?: boolean;
  output?: string;
  usedBy?: string[];
  providerName?: string[];
}

const HELP = `
With --used-by nothing is deleted while a file there refers to it, and each
place is told. A version counts where it is the one that references read, which
is the latest.

For example:  secretreg delete orders password --used-by connectors/
              secretreg delete orders --permanent --used-by connectors/ --used-by staging/`;

export const define: Define = (program, { io }) => {
  const command = program
    .command('delete')
    .alias('rm')
    .description('hide a path, a key or a version (restore brings it back), or destroy it')
    .argument('<path>')
    .argument('[key]')
    .option('--version <n>', 'only this version')
    .option(
      '--permanent',
      'destroy the values for good; their version numbers are never used again',
    )
    .option(
      '--used-by <files>',
      'refuse where a connector file, or one in this folder, refers to it; may be given several times',
      severalTimes,
    )
    .option(...PROVIDER_NAME)
    .option('--yes', 'do not ask')
    .option(...ROWS_OUTPUT)
    .addHelpText('after', HELP);
  sharedOptions(command).action((path: string, key: string | undefined, flags: Flags) =>
    remove(io, path, key, flags),
  );
};

async function remove(
  io: Io,
  pathText: string,
  keyText: string | undefined,
  flags: Flags,
): Promise<void> {
  const format = formatOption(flags.output);
  const target = targetArguments(pathText, keyText, flags.version);
  const what = `${pathText}${keyText === undefined ? ' with all its keys' : `:${keyText}`}${flags.version === undefined ? '' : ` version ${flags.version}`}`;
  const settings = await toldSettings(io, flags);
  const uses = await usesOfTarget(io, target, flags, settings);
  if (target.version === undefined) refuseUsed(io, target, uses, flags);
  const names = keyText === undefined ? [pathText] : [pathText, keyText];
  const question = flags.permanent ? `destroying ${what} for good` : `deleting ${what}`;
  if (!(await confirm(io, flags.yes, question, commandAgain(names, flags)))) {
    return note(io, 'nothing was deleted');
  }
  const { path } = target;
  const rows = await withRegistryOf(io, settings, { path }, async ({ registry, core }) => {
    if (uses.length > 0 && (await isRead(registry, target))) refuseUsed(io, target, uses, flags);
    const gone = await registry.delete(target, { permanent: flags.permanent ?? false });
    // A server does so itself.
    if (flags.permanent && core !== undefined) {
      const residue = await core.store.removeResidue();
      if (!residue.gone) note(io, residue.text);
    }
    return gone;
  });
  await printRows(io, format, writtenColumns, rows);
}

/** With all that bounds what is deleted. */
function commandAgain(names: readonly string[], flags: Flags): string {
  const { version, permanent, usedBy = [], providerName = [] } = flags;
  return secretCommand('delete', names, [
    ...(version === undefined ? [] : [`--version ${version}`]),
    ...(permanent ? ['--permanent'] : []),
    ...usedBy.map((files) => `--used-by ${shellWord(files)}`),
    ...providerName.map((name) => `--provider-name ${shellWord(name)}`),
    '--yes',
  ]);
}
