import { ACTIONS, showBinding } from '../../domain/access.ts';
import type { Decision } from '../../domain/access-admin.ts';
import { actionArgument, principalArgument } from '../access-arguments.ts';
import { withAccess } from '../access-session.ts';
import { pathArgument, sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { formatOption, ROWS_OUTPUT } from '../formats.ts';
import { type Column, printRow, printRows } from '../rows.ts';
import type { SharedFlags } from '../settings.ts';
import { grantColumns } from './access-grants.ts';

interface CheckFlags extends SharedFlags {
  principal?: string;
  output?: string;
}

export const defineQuestions: Define = (access, { io, setExit }) => {
  const check = access
    .command('check')
    .description(
      'whether you, or somebody else, may do this on a path or on every one, and which role says so; exit code 1 for a no',
    )
    .argument('<action>', ACTIONS.join(', '))
    .argument('[path]')
    .option('--principal <principal>', 'somebody else, such as User:alice')
    .option(...ROWS_OUTPUT);
  withExamples(check, 'secretreg access check read orders --principal User:connect');
  sharedOptions(check).action(
    async (action: string, path: string | undefined, flags: CheckFlags) => {
      const format = formatOption(flags.output);
      const { principal } = flags;
      const question = {
        action: actionArgument(action),
        ...(path !== undefined && { path: pathArgument(path) }),
        ...(principal !== undefined && { principal: principalArgument(principal) }),
      };
      const decision = await withAccess(io, flags, (admin) => admin.check(question));
      await printRow(io, format, decisionColumns, decision);
      setExit(decision.allowed ? 0 : 1);
    },
  );
  const whoCan = access
    .command('who-can')
    .description('every grant that allows this, on a path or on any')
    .argument('<action>', ACTIONS.join(', '))
    .argument('[path]')
    .option(...ROWS_OUTPUT);
  withExamples(whoCan, 'secretreg access who-can read orders');
  sharedOptions(whoCan).action(
    async (action: string, path: string | undefined, flags: SharedFlags & { output?: string }) => {
      const format = formatOption(flags.output);
      const asked = actionArgument(action);
      const place = path === undefined ? undefined : pathArgument(path);
      const rows = await withAccess(io, flags, (admin) => admin.whoCan(asked, place));
      await printRows(io, format, grantColumns(io), rows);
    },
  );
};

const decisionColumns: Column<Decision>[] = [
  {
    name: 'allowed',
    value: ({ allowed }) => (allowed ? 'yes' : 'no'),
    json: ({ allowed }) => allowed,
  },
  { name: 'by', value: ({ by }) => by && showBinding(by), json: ({ by }) => by },
];
