import { random } from '../../crypto/primitives.ts';
import { shellWord } from '../../domain/shell-word.ts';
import { SecretregError } from '../../errors.ts';
import { cancelMigration, migrate, type Standing } from '../../registry/migration.ts';
import { shownAddress } from '../../store/shown-address.ts';
import { onlyOnce, sharedOptions } from '../arguments.ts';
import type { Context, Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { type Io, printLines } from '../io.ts';
import { startBar } from '../progress.ts';
import { storesOf } from '../registry-store.ts';
import { givenKeys, localCaller, requireLocal, toldSettings } from '../session.ts';
import { absoluteRegistry, isRest } from '../registry-setting.ts';
import type { SharedFlags } from '../settings.ts';

interface Flags extends SharedFlags {
  to?: string;
  cancel?: boolean;
}

export const define: Define = (program, { io, onInterrupt }) => {
  const command = program
    .command('migrate')
    .description(
      'move the whole registry to another place, from a file to a topic or back, as it is to the byte',
    )
    .option(
      '--to <url>',
      'the new place: file:PATH or kafka://host:9092/topic, where nothing is yet',
      onlyOnce('--to'),
    )
    .option('--cancel', 'end a move that is not to go on');
  withExamples(
    command,
    'secretreg migrate --to kafka://broker:9092/_secretreg',
    'secretreg migrate --to file:/srv/secretreg/registry.db',
    'secretreg migrate --cancel',
  );
  sharedOptions(command).action((flags: Flags) => move(io, flags, onInterrupt));
};

async function move(io: Io, flags: Flags, onInterrupt: Context['onInterrupt']): Promise<void> {
  if ((flags.to === undefined) !== (flags.cancel === true)) {
    throw new SecretregError('wrong-use', { reason: 'migrate takes either --to URL or --cancel' });
  }
  const settings = await toldSettings(io, flags);
  requireLocal(settings, 'migrate');
  if (flags.to !== undefined && isRest(flags.to))
    throw new SecretregError('not-over-rest', {
      what: 'migrate',
      registry: shownAddress(flags.to),
    });
  const openStore = storesOf(io, settings);
  const options = {
    source: () => openStore(),
    given: givenKeys(settings),
    caller: localCaller(),
    clock: io.clock,
    random,
  };
  if (flags.to === undefined) {
    await cancelMigration(options);
    return printLines(io, [`${settings.registry.value} takes changes again`]);
  }
  const to = absoluteRegistry(flags.to, io.cwd);
  const bar = await startBar(io, 'copying');
  try {
    const onStanding = (standing: Standing) =>
      onInterrupt(() => interrupted(standing, settings.registry.value, to));
    const moved = await migrate(
      { ...options, target: () => openStore(to), onStanding },
      ({ done, total }) => bar.show(done, total),
    );
    bar.end();
    const lines = [
      `moved to ${moved.to}: ${moved.records} sealed records, and every one opens; ${moved.lines} audit lines fit`,
      `from now on use --registry ${shellWord(to)}; ${moved.from} says where it went, and can be removed`,
    ];
    await printLines(io, lines);
  } finally {
    bar.end();
  }
}

/** What stands where, for whoever has pressed Ctrl-C. */
function interrupted(standing: Standing, from: string, to: string): SecretregError {
  const said = {
    moving: `${from} takes no changes until the move to ${to} goes on or is cancelled`,
    moved: `nobody works with ${from} any more, and with ${to} once the move has gone on to its end`,
    done: `${from} was moved to ${to}, and it was not looked at to the end whether every record opens there`,
  }[standing];
  const end = standing === 'moving' ? '; secretreg migrate --cancel ends the move' : '';
  const hint = `secretreg migrate --to ${shellWord(to)}    (goes on where it was interrupted${end})`;
  return new SecretregError('move-interrupted', { standing: said, to }, { hint });
}
