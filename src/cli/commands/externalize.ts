import { count } from '../../domain/count.ts';
import type { SecretKey } from '../../domain/names.ts';
import { secretCommand, shellWord } from '../../domain/shell-word.ts';
import { SecretregError } from '../../errors.ts';
import { shownDiff } from '../../validator/diff.ts';
import { confirm, keyArgument, severalTimes, sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { CONNECTOR_NAME } from '../connector-name.ts';
import { diffText } from '../diff-text.ts';
import { carryOut, secretCount } from '../externalize.ts';
import { type Io, note, print } from '../io.ts';
import { requireNew, requireUnchanged } from '../output-file.ts';
import { type Plan, planOf } from '../plaintext.ts';
import { providerNamesOf } from '../providers.ts';
import { toldSettings } from '../session.ts';
import type { SharedFlags } from '../settings.ts';

interface Flags extends SharedFlags {
  connector?: string;
  key?: string[];
  providerName?: string;
  overwrite?: boolean;
  dryRun?: boolean;
  undo?: string;
  undoFile?: string;
  yes?: boolean;
}

const HELP = `
Each credential goes under the name of its connector, all of them in one commit,
before a file is written. What is looked for is what the rule literal-secret of
secretreg validate finds and no comment hides; of a URL or a JAAS configuration
only the credential itself is replaced. A secret that is there with the same
value is taken as it is, so that a run that was ended can be run again.

Beside each file an undo file is left, which has names and no values: with
--undo the values are read from the registry and put back in place of the
references. The secrets stay there.

For example:  secretreg externalize orders.json --dry-run
              secretreg externalize connectors/ --yes
              secretreg externalize orders.json --key connection.password=db-password
              secretreg externalize --undo orders.json.secretreg-undo`;

export const define: Define = (program, { io }) => {
  const command = program
    .command('externalize')
    .description(
      'move credentials that stand in connector files as plain text into the registry, and put references in their place',
    )
    .argument('[files...]', 'files, folders or globs')
    .option(...CONNECTOR_NAME)
    .option(
      '--key <setting=key>',
      'the key for what stands in this setting; may be given several times',
      severalTimes,
    )
    .option(
      '--provider-name <name>',
      "the worker's name for the registry (default: the project's, or secret)",
    )
    .option('--overwrite', 'where a secret is there with another value, make a new version of it')
    .option('--dry-run', 'only show what would change in the files')
    .option('--undo <file>', 'put the values back that this undo file tells of')
    .option('--undo-file <file>', 'where to leave the undo file, which must not be there yet')
    .option('--yes', 'do not ask')
    .addHelpText('after', HELP);
  sharedOptions(command).action((files: string[], flags: Flags) => run(io, files, flags));
};

async function run(io: Io, names: readonly string[], flags: Flags): Promise<void> {
  if (flags.undo !== undefined) {
    const { undo } = await import('../undo-externalize.ts');
    return undo(io, flags.undo, names, flags);
  }
  if (names.length === 0)
    throw new SecretregError('wrong-use', { reason: "missing required argument 'files'" });
  const settings = await toldSettings(io, flags);
  const { providerName } = flags;
  // Where the registry has several names, any of them will do.
  const [provider = 'secret'] = await providerNamesOf(io, settings, {
    ...(providerName !== undefined && { providerName: [providerName] }),
  });
  const { connector: connectorName } = flags;
  const keys = keysOf(flags.key ?? []);
  const naming = (file: string) => commandOn([file], { ...flags, connector: 'NAME' });
  const plan = await planOf(io, names, {
    provider,
    keys,
    naming,
    ...(connectorName !== undefined && { connectorName }),
  });
  if (plan.ignored > 0)
    note(
      io,
      `${count(plan.ignored, 'credential')} left in plain text, as comments ask: secretreg-ignore literal-secret`,
    );
  if (plan.files.length === 0) {
    const what = plan.ignored > 0 ? 'no other credential' : 'no credential';
    return note(io, `${what} stands in plain text in ${count(plan.looked, 'file')}`);
  }
  if (await isMeant(io, names, plan, provider, flags))
    await carryOut(io, settings, plan, { ...flags, provider, flags });
}

/** Shows what would change, and asks. */
async function isMeant(
  io: Io,
  names: readonly string[],
  { files, secrets }: Plan,
  provider: string,
  flags: Flags,
): Promise<boolean> {
  if (flags.undoFile !== undefined && files.length > 1)
    throw new SecretregError('wrong-use', {
      reason: `--undo-file is for one file, and ${files.length} would be written`,
    });
  const options = { providerNames: [provider] };
  for (const { file, before, after } of files)
    await print(io, diffText(file, await shownDiff(before, after, options), io.style));
  const stored = count(secretCount(secrets), 'secret');
  const written = `${count(secrets.length, 'reference')} into ${count(files.length, 'file')}`;
  if (flags.dryRun) {
    note(io, `would store ${stored} and write ${written}`);
    return false;
  }
  for (const { file, before } of files) requireUnchanged(file, before);
  if (flags.undoFile !== undefined) requireNew(flags.undoFile);
  const what = `storing ${stored} and writing ${written}`;
  if (await confirm(io, flags.yes, what, commandOn(names, flags, ['--yes']))) return true;
  note(io, 'nothing was stored, nothing was written');
  return false;
}

/** With all but `--yes`, by which nobody is asked. */
function commandOn(names: readonly string[], flags: Flags, more: readonly string[] = []): string {
  const { connector, key = [], providerName, overwrite, dryRun, undoFile } = flags;
  const options: readonly (readonly [string, string | undefined])[] = [
    ['--connector', connector],
    ...key.map((one) => ['--key', one] as const),
    ['--provider-name', providerName],
    ['--undo-file', undoFile],
  ];
  return secretCommand('externalize', names, [
    ...options.flatMap(([option, word]) =>
      word === undefined ? [] : [`${option} ${shellWord(word)}`],
    ),
    ...(overwrite ? ['--overwrite'] : []),
    ...(dryRun ? ['--dry-run'] : []),
    ...more,
  ]);
}

/** Fails with wrong-use and bad-key. */
function keysOf(words: readonly string[]): Map<string, SecretKey> {
  return new Map(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at < 1)
        throw new SecretregError('wrong-use', {
          reason: '--key is written SETTING=KEY, such as connection.password=db-password',
        });
      return [word.slice(0, at), keyArgument(word.slice(at + 1))];
    }),
  );
}
