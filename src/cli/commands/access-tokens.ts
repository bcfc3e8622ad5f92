import { showBinding } from '../../domain/access.ts';
import type { NewToken, TokenInfo } from '../../domain/access-admin.ts';
import { SecretregError } from '../../errors.ts';
import { bindingArguments, principalArgument } from '../access-arguments.ts';
import { withAccess } from '../access-session.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { formatOption, ROWS_OUTPUT } from '../formats.ts';
import { type Io, note, print } from '../io.ts';
import { createSecretFile, requireNew } from '../output-file.ts';
import { type Column, printRows, timeColumn } from '../rows.ts';
import type { SharedFlags } from '../settings.ts';
import { futureOption } from '../times.ts';

interface CreateFlags extends SharedFlags {
  principal?: string;
  role?: string;
  path?: string;
  prefix?: string;
  limitRole?: string;
  limitPath?: string;
  limitPrefix?: string;
  expires?: string;
  description?: string;
  outputFile?: string;
}

export const defineTokens: Define = (access, context) => {
  const { io } = context;
  const token = access.command('token').description('tokens to log in with: create, list, revoke');
  defineCreate(token, context);
  const list = token
    .command('list')
    .description('your tokens, or with the right to it those of others; never their text')
    .argument('[principal]')
    .option(...ROWS_OUTPUT);
  sharedOptions(list).action(
    async (principal: string | undefined, flags: SharedFlags & { output?: string }) => {
      const format = formatOption(flags.output);
      const filter = principal === undefined ? {} : { principal: principalArgument(principal) };
      const rows = await withAccess(io, flags, (admin) => admin.tokens(filter));
      await printRows(io, format, tokenColumns(io), rows);
    },
  );
  const revoke = token
    .command('revoke')
    .description('end a token, and those that its owner made with it')
    .argument('<id>', 'as in the list: srt_<id>_…');
  sharedOptions(revoke).action(async (text: string, flags: SharedFlags) => {
    const id = idArgument(text);
    await withAccess(io, flags, (admin) => admin.revokeToken(id));
    note(io, `token ${id} counts no more`);
  });
};

const defineCreate: Define = (token, { io }) => {
  const create = token
    .command('create')
    .description('make a token, and print it: it is nowhere kept')
    .option('--principal <principal>', 'whose token, such as User:alice; your own without')
    .option('--role <role>', 'a role that its owner gets with it')
    .option('--path <path>', 'the path on which that role counts, or *')
    .option('--prefix <text>', 'the beginning of the paths on which that role counts')
    .option('--limit-role <role>', 'allow no more than this role, whatever its owner may')
    .option('--limit-path <path>', 'the path on which that limit lets through')
    .option('--limit-prefix <text>', 'the beginning of such paths')
    .option('--expires <time>', 'its end: RFC 3339, or in 12h, 90d (90d without)')
    .option('--description <text>', 'what it is for')
    .option('-O, --output-file <file>', 'write it to a new file of mode 0600 instead');
  withExamples(
    create,
    'secretreg access token create --principal User:connect --role DeveloperRead --path orders -O connect.token',
  );
  sharedOptions(create).action(async (flags: CreateFlags) => {
    const wanted = newToken(flags, io.clock());
    // A token that could not be written would count, and nobody would have it.
    if (flags.outputFile !== undefined) requireNew(flags.outputFile);
    const made = await withAccess(io, flags, (admin) => admin.createToken(wanted));
    const text = `${made.token.reveal()}\n`;
    if (flags.outputFile === undefined) await print(io, text);
    else createSecretFile(flags.outputFile, text);
    note(
      io,
      `token ${made.id} of ${made.principal}, until ${made.expiresAt}; it is told this once`,
    );
  });
};

function newToken(flags: CreateFlags, now: Date): NewToken {
  const { principal, role, limitRole, expires, description } = flags;
  const where = { path: flags.path, prefix: flags.prefix };
  const limitWhere = { path: flags.limitPath, prefix: flags.limitPrefix };
  requireRole('--role', role, where);
  requireRole('--limit-role', limitRole, limitWhere);
  return {
    ...(principal !== undefined && { principal: principalArgument(principal) }),
    ...(role !== undefined && { grant: bindingArguments(role, where) }),
    ...(limitRole !== undefined && { limit: bindingArguments(limitRole, limitWhere) }),
    ...(expires !== undefined && { expiresAt: futureOption('--expires', expires, now) }),
    ...(description !== undefined && { description }),
  };
}

function requireRole(
  flag: string,
  role: string | undefined,
  { path, prefix }: { path?: string | undefined; prefix?: string | undefined },
): void {
  if (role !== undefined || (path === undefined && prefix === undefined)) return;
  throw new SecretregError('wrong-use', { reason: `a path is for a role: ${flag} is missing` });
}

/**
 * Whoever pastes the whole token means its id; nothing of the rest is shown. What is no id may be a part of a token, and
 * is not sent: servers and what stands before them log the lines of requests.
 */
function idArgument(text: string): string {
  const id = /^(?:srt_)?([0-9a-f]{16})(?:_|$)/.exec(text)?.[1];
  if (id === undefined) throw new SecretregError('token-not-found', { id: 'of this id' });
  return id;
}

function tokenColumns(io: Io): Column<TokenInfo>[] {
  return [
    { name: 'id', value: (row) => row.id },
    { name: 'principal', value: (row) => row.principal },
    timeColumn(io, { name: 'expiresAt', heading: 'expires' }, (row) => row.expiresAt),
    {
      name: 'limit',
      value: (row) => row.limit && showBinding(row.limit),
      json: (row) => row.limit,
    },
    timeColumn(io, { name: 'createdAt', heading: 'created' }, (row) => row.createdAt),
    { name: 'createdBy', heading: 'by', value: (row) => row.createdBy },
    { name: 'description', value: (row) => row.description },
  ];
}
