import { SecretregError } from '../../errors.ts';
import { shownAddress } from '../../store/shown-address.ts';
import type { Context, Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { readUserFile, removeContext, setContext, useContext } from '../context-file.ts';
import { chosenContext, noContext } from '../contexts.ts';
import { formatOption, ROWS_OUTPUT } from '../formats.ts';
import { type Io, note, printLines } from '../io.ts';
import { namedFile } from '../named-file.ts';
import { type Column, printRows } from '../rows.ts';
import { absoluteRegistry, isRest } from '../registry-setting.ts';
import { userFile } from '../settings-places.ts';
import { CONTEXT_NAMES, type ContextSettings } from '../settings-file.ts';

interface SetFlags {
  registry?: string;
  masterKeyFile?: string;
  tokenFile?: string;
  user?: string;
  passwordFile?: string;
  caFile?: string;
  clientCert?: string;
  clientKey?: string;
  insecureHttp?: boolean;
}

const HELP = `
Contexts stand in your config.yaml. Which registry is used: --registry or
--context, then SECRETREG_REGISTRY or SECRETREG_CONTEXT, then the secretreg.yaml
of a project, then the context in use. Of a context no part is used for another
registry.`;

export const define: Define = (program, context) => {
  const { io } = context;
  const command = program
    .command('context')
    .description(
      'registries by name, each with what is needed to use it: list, show, set, use, remove',
    )
    .addHelpText('after', HELP);
  command
    .command('list')
    .description('every context')
    .option(...ROWS_OUTPUT)
    .action((flags: { output?: string }) => list(io, flags.output));
  command
    .command('show')
    .description('what a context says; the one in use without a name')
    .argument('[context]')
    .action((name: string | undefined) => show(io, name));
  command
    .command('use')
    .description('use this context where no other registry is named')
    .argument('[context]')
    .option('--none', 'use no context')
    .action((name: string | undefined, flags: { none?: boolean }) => use(io, name, flags));
  command
    .command('remove')
    .description('forget a context')
    .argument('<context>')
    .action((name: string) => {
      const wasInUse = removeContext(userFile(io), name);
      note(io, `removed context '${name}'${wasInUse ? '; no context is in use' : ''}`);
    });
  defineSet(command, context);
};

function defineSet(command: Parameters<Define>[0], { io }: Context): void {
  const defined = command
    .command('set')
    .description('make a context, or change what is named of it')
    .argument('<context>')
    .option('--registry <url>', 'file:PATH, kafka://host:9092/topic or https://host')
    .option('--master-key-file <file>', 'of a registry in a file or a topic')
    .option('--token-file <file>', 'over REST: the file that holds your token')
    .option('--user <name>', 'over REST: your name, with --password-file')
    .option('--password-file <file>', 'over REST: the file that holds your password')
    .option('--ca-file <file>', "over REST: the certificate of the server's authority")
    .option('--client-cert <file>', 'over REST: a certificate that says who you are')
    .option('--client-key <file>', 'over REST: its key')
    .option('--insecure-http', 'over REST: http:// to another machine, in clear');
  withExamples(
    defined,
    'secretreg context set lab --registry https://registry.example.com:8185 --token-file lab.token',
  );
  defined.action((name: string, flags: SetFlags) => set(io, name, flags));
}

interface Row {
  name: string;
  settings: ContextSettings;
  isInUse: boolean;
}

function list(io: Io, output: string | undefined): Promise<void> {
  const { context, contexts } = readUserFile(userFile(io));
  const rows = [...contexts].map(([name, settings]) => ({
    name,
    settings,
    isInUse: name === context,
  }));
  const columns: Column<Row>[] = [
    { name: 'context', value: (row) => row.name },
    { name: 'registry', value: (row) => shownAddress(row.settings.registry) },
    {
      name: 'inUse',
      heading: 'use',
      value: (row) => (row.isInUse ? 'in use' : ''),
      json: (row) => row.isInUse,
    },
  ];
  return printRows(io, formatOption(output), columns, rows);
}

async function show(io: Io, name: string | undefined): Promise<void> {
  const file = userFile(io);
  const user = readUserFile(file);
  const settings =
    name === undefined ? chosenContext({}, io.env, user, file)?.settings : user.contexts.get(name);
  if (name !== undefined && settings === undefined) throw noContext(name, file, user.contexts);
  if (settings === undefined) return note(io, 'no context is in use');
  const lines = CONTEXT_NAMES.flatMap((one) =>
    settings[one] === undefined ? [] : [`${one}: ${String(settings[one])}`],
  );
  await printLines(io, lines);
}

function use(io: Io, name: string | undefined, { none = false }: { none?: boolean }): void {
  if ((name === undefined) !== none)
    throw new SecretregError('wrong-use', { reason: 'context use takes a name, or --none' });
  useContext(userFile(io), name);
  note(io, name === undefined ? 'no context is in use' : `context '${name}' is in use`);
}

/** What no flag names stays, unless the registry becomes another one: then nothing stays. */
async function set(io: Io, name: string, flags: SetFlags): Promise<void> {
  if (name === '' || name.trim() !== name)
    throw new SecretregError('wrong-use', {
      reason: 'a context has a name without white space around it',
    });
  const file = userFile(io);
  const before = readUserFile(file).contexts.get(name);
  const registry =
    flags.registry === undefined ? before?.registry : absoluteRegistry(flags.registry, io.cwd);
  if (registry === undefined)
    throw new SecretregError('wrong-use', { reason: `a new context needs --registry URL` });
  const isSame = before?.registry === registry;
  const context = {
    ...(isSame && withoutOtherLogin(before, flags)),
    ...given(io, flags),
    registry,
  };
  await requireUsable(io, name, context, file);
  setContext(file, name, context);
  if (before !== undefined && !isSame)
    note(
      io,
      `what else context '${name}' had was for ${shownAddress(before.registry)}, and is gone`,
    );
  note(io, `wrote context '${name}' to ${file}`);
}

/** A token takes the place of a user, and a user that of a token. */
function withoutOtherLogin(before: ContextSettings, flags: SetFlags): ContextSettings {
  const kept = { ...before };
  if (flags.tokenFile !== undefined) {
    delete kept.user;
    delete kept.passwordFile;
  }
  if (flags.user !== undefined || flags.passwordFile !== undefined) delete kept.tokenFile;
  return kept;
}

const FILES = [
  'masterKeyFile',
  'tokenFile',
  'passwordFile',
  'caFile',
  'clientCert',
  'clientKey',
] as const;

/** `--token-file` of `tokenFile`. */
function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Files by their absolute names, since the context is used in any folder. */
function given(io: Io, flags: SetFlags): Partial<ContextSettings> {
  const files = FILES.flatMap((one) => {
    const file = flags[one];
    return file === undefined ? [] : [[one, namedFile(file, flagOf(one), io.cwd)] as const];
  });
  return {
    ...Object.fromEntries(files),
    ...(flags.user !== undefined && { user: flags.user }),
    ...(flags.insecureHttp && { insecureHttp: true }),
  };
}

/** Checks a context as its use would, so that a slip is told now. */
async function requireUsable(
  io: Io,
  name: string,
  settings: ContextSettings,
  file: string,
): Promise<void> {
  const origin = `context ${name}`;
  if (isRest(settings.registry)) {
    const { remoteSettings } = await import('../remote-settings.ts');
    const registry = { value: settings.registry, origin };
    const context = { name, settings, file, by: 'flag', origin } as const;
    remoteSettings({ registry, flags: {}, io: { ...io, env: {} }, context });
    return;
  }
  const { openStore } = await import('../../store/open-store.ts');
  await openStore(settings.registry, new Map(), () => undefined);
}
