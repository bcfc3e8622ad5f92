import { random } from '../../crypto/primitives.ts';
import { shellWord } from '../../domain/shell-word.ts';
import { SecretregError } from '../../errors.ts';
import { cancelMigration, migrate } from '../../registry/migration.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { type Io, print } from '../io.ts';
import { startBar } from '../progress.ts';
import { storesOf } from '../registry-store.ts';
import { givenKeys, localCaller, tellNotes } from '../session.ts';
import { absoluteRegistry, readSettings, type SharedFlags } from '../settings.ts';

interface Flags extends SharedFlags {
  to?: string;
  cancel?: boolean;
}

export const define: Define = (program, { io }) => {
  const command = program
    .command('migrate')
    .description(
      'move the whole registry to another place, from a file to a topic or back, as it is to the byte',
    )
    .option(
      '--to <url>',
      'the new place: file:PATH or kafka://host:9092/topic, where nothing is yet',
    )
    .option('--cancel', 'end a move that is not to go on');
  sharedOptions(command).action((flags: Flags) => move(io, flags));
};

async function move(io: Io, flags: Flags): Promise<void> {
  if ((flags.to === undefined) !== (flags.cancel === true)) {
    throw new SecretregError('wrong-use', { reason: 'migrate takes either --to URL or --cancel' });
  }
  const settings = await readSettings(flags, io);
  tellNotes(io, settings);
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
    return print(io, `${settings.registry.value} takes changes again\n`);
  }
  const to = absoluteRegistry(flags.to, io.cwd);
  const bar = await startBar(io, 'copying');
  try {
    const moved = await migrate({ ...options, target: () => openStore(to) }, ({ done, total }) =>
      bar.show(done, total),
    );
    bar.end();
    const lines = [
      `moved to ${moved.to}: ${moved.records} sealed records, and every one opens; ${moved.lines} audit lines fit`,
      `from now on use --registry ${shellWord(to)}; ${moved.from} says where it went, and can be removed`,
    ];
    await print(io, lines.map((line) => `${line}\n`).join(''));
  } finally {
    bar.end();
  }
}
