import type { UserInfo } from '../../domain/access-admin.ts';
import { SecretValue } from '../../domain/secret-value.ts';
import { secretCommand } from '../../domain/shell-word.ts';
import { textOfUtf8 } from '../../domain/utf8.ts';
import { SecretregError } from '../../errors.ts';
import { principalArgument } from '../access-arguments.ts';
import { withAccess } from '../access-session.ts';
import { confirm, sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { formatOption, ROWS_OUTPUT } from '../formats.ts';
import { askSecretly, type Io, note, readStdin } from '../io.ts';
import { type Column, printRows, timeColumn } from '../rows.ts';
import type { SharedFlags } from '../settings.ts';
import { fileBytes } from '../values.ts';

interface PasswordFlags extends SharedFlags {
  fromFile?: string;
}

interface CreateFlags extends SharedFlags {
  fromFile?: string;
  /** commander's name for --no-password. */
  password?: boolean;
}

export const defineUsers: Define = (access, context) => {
  const { io } = context;
  const user = access.command('user').description('who can log in: list, create, password, delete');
  const list = user
    .command('list')
    .description('every user')
    .option(...ROWS_OUTPUT);
  sharedOptions(list).action(async (flags: SharedFlags & { output?: string }) => {
    const format = formatOption(flags.output);
    const rows = await withAccess(io, flags, (admin) => admin.users());
    await printRows(io, format, userColumns(io), rows);
  });
  defineWithPassword(user, context);
  const remove = user
    .command('delete')
    .description('remove a user with its roles and tokens')
    .argument('<principal>')
    .option('--yes', 'do not ask');
  sharedOptions(remove).action(async (text: string, flags: SharedFlags & { yes?: boolean }) => {
    const principal = principalArgument(text);
    const what = `removing ${principal} with its roles and tokens`;
    const command = secretCommand('access user delete', [principal], ['--yes']);
    if (!(await confirm(io, flags.yes, what, command))) return note(io, 'nobody was removed');
    await withAccess(io, flags, (admin) => admin.deleteUser(principal));
    note(io, `removed ${principal} with its roles and tokens`);
  });
};

const defineWithPassword: Define = (user, { io }) => {
  const create = user
    .command('create')
    .description(
      'make a user; the password comes from a prompt, stdin or a file, never from an argument',
    )
    .argument('<principal>', 'such as User:alice')
    .argument('[-]', 'read the password from stdin')
    .option('--from-file <file>', 'read the password from a file')
    .option('--no-password', 'one who logs in otherwise: with a token or a certificate');
  withExamples(
    create,
    'secretreg access user create User:alice',
    'secretreg access user create User:connect --no-password',
  );
  sharedOptions(create).action(
    async (text: string, source: string | undefined, flags: CreateFlags) => {
      const principal = principalArgument(text);
      const isWithout = flags.password === false;
      if (isWithout && (source !== undefined || flags.fromFile !== undefined))
        throw new SecretregError('wrong-use', { reason: '--no-password takes no password' });
      const again = secretCommand('access user create', [principal, '-']);
      const password = isWithout ? undefined : await newPassword(io, again, source, flags);
      const made = await withAccess(io, flags, (admin) => admin.createUser(principal, password));
      await printRows(io, 'auto', userColumns(io), [made]);
    },
  );
  const change = user
    .command('password')
    .description('set or change a password; tokens that its user made with the old one end')
    .argument('<principal>')
    .argument('[-]', 'read it from stdin')
    .option('--from-file <file>', 'read it from a file');
  sharedOptions(change).action(
    async (text: string, source: string | undefined, flags: PasswordFlags) => {
      const principal = principalArgument(text);
      const again = secretCommand('access user password', [principal, '-']);
      const password = await newPassword(io, again, source, flags);
      const made = await withAccess(io, flags, (admin) => admin.setPassword(principal, password));
      await printRows(io, 'auto', userColumns(io), [made]);
    },
  );
};

/** Typed twice, since nobody sees it. One final newline of stdin or of a file is no part of it. */
async function newPassword(
  io: Io,
  again: string,
  source: string | undefined,
  { fromFile }: PasswordFlags,
): Promise<SecretValue> {
  if (source !== undefined && source !== '-')
    throw new SecretregError(
      'wrong-use',
      { reason: 'a password is never taken from the command line' },
      { hint: `… | ${again}` },
    );
  if (source === '-' && fromFile !== undefined)
    throw new SecretregError('wrong-use', { reason: 'a password comes from - or --from-file' });
  if (fromFile !== undefined) return passwordIn(fileBytes(fromFile));
  if (source === '-') return passwordIn(await readStdin(io));
  if (!io.stdin.isTTY)
    throw new SecretregError(
      'wrong-use',
      { reason: 'there is no terminal to ask on' },
      { hint: `… | ${again}` },
    );
  const typed = await askSecretly(io, 'new password: ');
  if (typed !== (await askSecretly(io, 'once more: ')))
    throw new SecretregError('bad-password', { reason: 'was typed differently the second time' });
  return SecretValue.of(typed);
}

function passwordIn(bytes: Uint8Array): SecretValue {
  const text = textOfUtf8(bytes);
  if (text === undefined) throw new SecretregError('bad-password', { reason: 'is not UTF-8 text' });
  return SecretValue.of(text.replace(/\r?\n$/, ''));
}

function userColumns(io: Io): Column<UserInfo>[] {
  return [
    { name: 'principal', value: (row) => row.principal },
    {
      name: 'hasPassword',
      heading: 'password',
      value: (row) => (row.hasPassword ? 'yes' : 'no'),
      json: (row) => row.hasPassword,
    },
    timeColumn(io, { name: 'createdAt', heading: 'created' }, (row) => row.createdAt),
    { name: 'createdBy', heading: 'by', value: (row) => row.createdBy },
  ];
}
