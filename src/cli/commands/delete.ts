import { secretCommand } from '../../domain/shell-word.ts';
import { confirm, sharedOptions, targetArguments } from '../arguments.ts';
import type { Define } from '../command.ts';
import { type Io, note } from '../io.ts';
import { printRows } from '../rows.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { versionColumns } from '../version-columns.ts';

interface Flags extends SharedFlags {
  version?: string;
  permanent?: boolean;
  yes?: boolean;
}

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
    .option('--yes', 'do not ask');
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
  const target = targetArguments(pathText, keyText, flags.version);
  const what = `${pathText}${keyText === undefined ? ' with all its keys' : `:${keyText}`}${flags.version === undefined ? '' : ` version ${flags.version}`}`;
  const options = [
    ...(flags.version === undefined ? [] : [`--version ${flags.version}`]),
    ...(flags.permanent ? ['--permanent'] : []),
    '--yes',
  ];
  const names = keyText === undefined ? [pathText] : [pathText, keyText];
  const question = flags.permanent ? `destroying ${what} for good` : `deleting ${what}`;
  if (!(await confirm(io, flags.yes, question, secretCommand('delete', names, options)))) {
    return note(io, 'nothing was deleted');
  }
  const rows = await withRegistry(io, flags, { path: target.path }, async ({ registry, core }) => {
    const gone = await registry.delete(target, { permanent: flags.permanent ?? false });
    // A server does so itself.
    if (flags.permanent && core !== undefined) {
      const residue = await core.store.removeResidue();
      if (!residue.gone) note(io, residue.text);
    }
    return gone;
  });
  await printRows(io, 'auto', versionColumns(io).slice(0, 3), rows);
}
