// Who may do what: one file for each group of commands.
import type { Define } from '../command.ts';
import { defineGrants } from './access-grants.ts';
import { defineQuestions } from './access-questions.ts';
import { defineTokens } from './access-tokens.ts';
import { defineUsers } from './access-users.ts';

const HELP = `
On paths count ResourceOwner, DeveloperManage, DeveloperWrite and DeveloperRead;
on the whole registry SystemAdmin, UserAdmin, SecurityAdmin, Operator and
AuditAdmin. Nothing is allowed that no grant allows.`;

export const define: Define = (program, context) => {
  const access = program
    .command('access')
    .description('who may do what: roles that are granted, users, tokens')
    .addHelpText('after', HELP);
  defineGrants(access, context);
  defineUsers(access, context);
  defineTokens(access, context);
  defineQuestions(access, context);
};
