import { showBinding } from '../../domain/access.ts';
import type { GrantInfo } from '../../domain/access-admin.ts';
import { secretCommand } from '../../domain/shell-word.ts';
import { bindingColumns, grantArguments, principalArgument } from '../access-arguments.ts';
import { withAccess } from '../access-session.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { formatOption, ROWS_OUTPUT } from '../formats.ts';
import { hint, type Io, note } from '../io.ts';
import { namingRegistry } from '../named-registry.ts';
import { type Column, printRows, timeColumn } from '../rows.ts';
import type { SharedFlags } from '../settings.ts';

interface PatternFlags extends SharedFlags {
  prefix?: boolean;
}

export const defineGrants: Define = (access, { io }) => {
  const grant = access
    .command('grant')
    .description('give a principal a role, on a path where it is one on paths')
    .argument('<principal>', 'such as User:alice')
    .argument('<role>', 'such as DeveloperRead')
    .argument('[path]', 'the name of a connector, or * for all')
    .option('--prefix', 'on all paths that begin so');
  withExamples(
    grant,
    'secretreg access grant User:alice ResourceOwner orders',
    'secretreg access grant User:connect DeveloperRead team-a- --prefix',
  );
  sharedOptions(grant).action(
    async (principal: string, role: string, path: string | undefined, flags: PatternFlags) => {
      const wanted = grantArguments(principal, role, path, flags.prefix);
      const made = await withAccess(io, flags, (admin) => admin.grant(wanted));
      await printRows(io, 'auto', grantColumns(io), [made]);
      tellOfStar(io, made, flags);
    },
  );
  const revoke = access
    .command('revoke')
    .description('take a role away from a principal')
    .argument('<principal>')
    .argument('<role>')
    .argument('[path]')
    .option('--prefix', 'the grant on all paths that begin so');
  sharedOptions(revoke).action(
    async (principal: string, role: string, path: string | undefined, flags: PatternFlags) => {
      const given = grantArguments(principal, role, path, flags.prefix);
      await withAccess(io, flags, (admin) => admin.revoke(given));
      note(io, `${given.principal} has ${showBinding(given)} no more`);
    },
  );
  const grants = access
    .command('grants')
    .description('the roles that were given: your own, and those that you may give')
    .argument('[principal]', 'only those of this principal')
    .option(...ROWS_OUTPUT);
  sharedOptions(grants).action(
    async (principal: string | undefined, flags: SharedFlags & { output?: string }) => {
      const format = formatOption(flags.output);
      const filter = principal === undefined ? {} : { principal: principalArgument(principal) };
      const rows = await withAccess(io, flags, (admin) => admin.grants(filter));
      await printRows(io, format, grantColumns(io), rows);
    },
  );
};

/** The name of a connector may hold one. */
function tellOfStar(io: Io, { principal, role, resource }: GrantInfo, flags: PatternFlags): void {
  const begin = resource?.patternType === 'LITERAL' ? resource.name.replace(/\*$/, '') : '';
  if (begin === '' || begin === resource?.name) return;
  const command = secretCommand('access grant', [principal, role, begin], ['--prefix']);
  note(io, `this is the one path that is called '${resource?.name}', with its '*'`);
  hint(io, `${namingRegistry(command, flags)}    (for every path that begins so)`);
}

export function grantColumns(io: Io): Column<GrantInfo>[] {
  return [
    { name: 'principal', value: (row) => row.principal },
    ...bindingColumns<GrantInfo>((row) => row),
    timeColumn(io, { name: 'createdAt', heading: 'granted' }, (row) => row.createdAt),
    { name: 'createdBy', heading: 'by', value: (row) => row.createdBy },
  ];
}
