import type { Principal } from '../../domain/access.ts';
import { compare } from '../../domain/compare.ts';
import { count } from '../../domain/count.ts';
import { SecretregError } from '../../errors.ts';
import { isPlainName } from '../../validator/plain-name.ts';
import type { Use } from '../../validator/uses.ts';
import { principalArgument } from '../access-arguments.ts';
import { keyArgument, pathArgument } from '../arguments.ts';
import type { Define } from '../command.ts';
import { NAME_FROM_FILE } from '../connector-name.ts';
import { emitGrants } from '../emit-grants.ts';
import { formatOption, ROWS_OUTPUT } from '../formats.ts';
import { type Io, note } from '../io.ts';
import { PROVIDER_NAME, providerNamesFor } from '../providers.ts';
import { type Column, printRows } from '../rows.ts';
import { placeOf, usesOf } from '../uses.ts';

interface Flags {
  path?: string;
  key?: string;
  providerName?: string[];
  workerConfig?: string;
  output?: string;
  nameFromFile?: boolean;
  emitGrants?: string;
}

const HELP = `
Only files are read, no registry is asked. Of a file that cannot be read as one
of connectors, such as a template, every reference in its text counts.

--emit-grants prints the commands that let a principal read what the connectors
refer to under their own names, and no more: none for a file that cannot be read
as one of connectors, or does not name its connector.

For example:  secretreg where-used connectors/
              secretreg where-used connectors/ --emit-grants User:connect
              secretreg where-used connectors/ --path orders --key password -o json`;

export const define: Define = (program, { io, setExit }) => {
  program
    .command('where-used')
    .description('which connector files refer to which secrets, and where')
    .argument('[files...]', 'files, folders, globs, or - for stdin (default: .)')
    .option('--path <path>', 'only what refers to this path')
    .option('--key <key>', 'with --path: only what refers to this key of it')
    .option('--worker-config <file>', "the worker's file, whose names for the registry count")
    .option(...PROVIDER_NAME)
    .option(...NAME_FROM_FILE)
    .option(...ROWS_OUTPUT)
    .option(
      '--emit-grants <principal>',
      'instead, the least grants with which this one can read them, such as User:connect',
    )
    .addHelpText('after', HELP)
    .action(async (files: string[], flags: Flags) => setExit(await whereUsed(io, files, flags)));
};

async function whereUsed(io: Io, names: readonly string[], flags: Flags): Promise<number> {
  const format = formatOption(flags.output);
  const grantee = grantsFor(flags);
  const wanted = wantedBy(flags);
  const providers = await providerNamesFor(io, flags);
  const files = names.length === 0 ? ['.'] : names;
  const { uses, unreadable } = await usesOf(io, files, providers, flags);
  const asked = uses.filter((use) => isAsked(use, wanted));
  const rows = asked.filter((use) => mayBeShown(use, wanted)).sort(bySecret);
  const hidden = asked.length - rows.length;
  let isWhole = true;
  if (grantee === undefined) await printRows(io, format, columns, rows);
  else isWhole = (await emitGrants(io, grantee, rows)) && hidden === 0;
  if (hidden > 0)
    note(
      io,
      `${count(hidden, 'reference')} not listed, for the name in it may hold a credential: secretreg validate says where`,
    );
  if (unreadable !== undefined) throw unreadable;
  return isWhole ? 0 : 1;
}

function grantsFor({ emitGrants, output }: Flags): Principal | undefined {
  if (emitGrants === undefined) return undefined;
  if (output === undefined) return principalArgument(emitGrants);
  throw new SecretregError('wrong-use', {
    reason: '--emit-grants prints lines for a shell: -o does not go with it',
  });
}

interface Wanted {
  path?: string;
  key?: string;
}

function wantedBy({ path, key }: Flags): Wanted {
  if (key !== undefined && path === undefined)
    throw new SecretregError('wrong-use', {
      reason: '--key needs --path: a key is the name of a secret in its path',
    });
  return {
    ...(path !== undefined && { path: pathArgument(path) }),
    ...(key !== undefined && { key: keyArgument(key) }),
  };
}

function isAsked({ path, key }: Use, wanted: Wanted): boolean {
  return (wanted.path ?? path) === path && (wanted.key ?? key) === key;
}

/** Where a `}` was forgotten, a name goes on with the text behind it. Such a one is shown only to who typed it. */
function mayBeShown({ path, key }: Use, wanted: Wanted): boolean {
  return [path, key].every(
    (name) => isPlainName(name) || name === wanted.path || name === wanted.key,
  );
}

/** The sort is stable: files, and places in them, are in order already. */
function bySecret(a: Use, b: Use): number {
  return compare(a.path, b.path) || compare(a.key, b.key);
}

const columns: Column<Use>[] = [
  { name: 'path', value: (row) => row.path },
  { name: 'key', value: (row) => row.key },
  { name: 'place', value: (row) => placeOf(row) },
  { name: 'connector', value: (row) => row.connector },
  { name: 'setting', value: (row) => row.setting },
];
