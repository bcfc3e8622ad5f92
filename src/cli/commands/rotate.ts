import { random } from '../../crypto/primitives.ts';
import { shellWord } from '../../domain/shell-word.ts';
import { hasCode, SecretregError } from '../../errors.ts';
import { readUnchecked } from '../../registry/open-registry.ts';
import { openRotation, type Rotation, rotationStatus } from '../../registry/rotation.ts';
import { sharedOptions } from '../arguments.ts';
import type { Context, Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { formatOption } from '../formats.ts';
import { hint, type Io, note, print, printLines } from '../io.ts';
import { fetchMasterKey } from '../master-key.ts';
import { namedFile } from '../named-file.ts';
import { namingRegistry } from '../named-registry.ts';
import { startBar } from '../progress.ts';
import { printMasterKeys } from '../master-key-rows.ts';
import { localCaller, tellNotes, withLocalRegistry } from '../session.ts';
import { storeOf } from '../registry-store.ts';
import type { KeySource } from '../key-source.ts';
import { readSettings, type Settings, type SharedFlags } from '../settings.ts';

export interface RotateFlags extends SharedFlags {
  newKeyFile?: string;
  newKeyId?: string;
  prepare?: boolean;
  dryRun?: boolean;
  status?: boolean;
  output?: string;
}

export const define: Define = (program, { io, onInterrupt }) => {
  const command = program
    .command('rotate')
    .description(
      'change the master key: every secret is decrypted under the old one and encrypted under the new one',
    )
    .option(
      '--new-key-file <file>',
      'the new key; the present one comes from the settings or --master-key-file',
    )
    .option('--new-key-id <id>', 'over REST: the id of the new key, which the server holds')
    .option(
      '--prepare',
      "only write the new key's descriptor (a passphrase needs its salt before the change)",
    )
    .option('--dry-run', 'only prove that every secret opens')
    .option('--status', 'count the records under each key')
    .option('-o, --output <format>', 'for --status: json, jsonl or table');
  withExamples(
    command,
    'secretreg keygen new.key && secretreg rotate --new-key-file new.key',
    'secretreg rotate --status',
  );
  sharedOptions(command).action((flags: RotateFlags) => rotate(io, flags, onInterrupt));
};

async function rotate(
  io: Io,
  flags: RotateFlags,
  onInterrupt: Context['onInterrupt'],
): Promise<void> {
  const settings = await readSettings(flags, io);
  if (settings.remote !== undefined) {
    tellNotes(io, settings);
    const { rotateRemotely } = await import('../remote-rotation.ts');
    return rotateRemotely(io, settings.remote, flags, onInterrupt);
  }
  if (flags.newKeyId !== undefined)
    throw new SecretregError('wrong-use', {
      reason: '--new-key-id is for a server; a registry in a file or a topic needs --new-key-file',
    });
  if (flags.status && flags.newKeyFile === undefined && settings.oldKey === undefined)
    return status(io, flags, settings);
  tellNotes(io, settings);
  const keys = rotationKeys(settings, flags, io);
  const store = await storeOf(io, settings);
  try {
    const rotation = await openRotation({
      store,
      given: { key: fetchMasterKey(keys.from) },
      to: fetchMasterKey(keys.to),
      caller: localCaller(),
      clock: io.clock,
      random,
    });
    onInterrupt(() => interrupted(rotation, flags));
    await (flags.status ? showStatus(io, flags, rotation) : change(io, flags, rotation, keys.to));
  } finally {
    await store.close();
  }
}

/** A worker file that names an old key means: from that one to the other. */
function rotationKeys(
  settings: Settings,
  flags: RotateFlags,
  io: Io,
): { from: KeySource; to: KeySource } {
  if (flags.newKeyFile !== undefined) {
    return {
      from: settings.key,
      to: {
        kind: 'file',
        value: namedFile(flags.newKeyFile, '--new-key-file', io.cwd),
        origin: '--new-key-file',
      },
    };
  }
  if (settings.oldKey !== undefined) return { from: settings.oldKey, to: settings.key };
  throw new SecretregError(
    'wrong-use',
    { reason: 'rotate needs --new-key-file' },
    {
      hint: 'secretreg keygen new.key && secretreg rotate --new-key-file new.key',
    },
  );
}

async function change(
  io: Io,
  flags: RotateFlags,
  rotation: Rotation,
  to: KeySource,
): Promise<void> {
  const { to: kid } = rotation;
  if (rotation.finished && (flags.prepare || rotation.from === kid)) {
    throw new SecretregError('wrong-use', {
      reason: `the new key is the one that is in use (${kid}): nothing would change`,
    });
  }
  if (flags.prepare) {
    if (rotation.underWay) {
      throw new SecretregError(
        'wrong-use',
        { reason: `the change to key ${kid} has begun already: there is nothing to prepare` },
        { hint: `${againWith(flags)}    (goes on with it)` },
      );
    }
    await rotation.prepare();
    return print(io, `key ${kid} is prepared\n`);
  }
  if (flags.dryRun) {
    const count = await rotation.dryRun();
    return print(io, `all ${count} sealed records open; nothing was changed\n`);
  }
  if (rotation.finished) note(io, `the registry is under key ${rotation.to} already`);
  const bar = await startBar(io, 're-encrypting');
  let result: Awaited<ReturnType<Rotation['run']>>;
  try {
    result = await rotation.run(({ done, total }) => bar.show(done, total));
  } catch (error) {
    bar.end();
    if (rotation.status().keys.some(({ state }) => state === 'retiring')) note(io, UNDER_WAY);
    throw error;
  } finally {
    bar.end();
  }
  const lines = [
    `sealed records under key ${rotation.to}: ${result.records}, and every one opens`,
    ...(result.residue.gone ? ['no record is left under the old key; it is safe to drop it'] : []),
    `from now on use the new key: ${to.kind === 'file' ? `--master-key-file ${shellWord(to.value)}` : to.origin}`,
  ];
  await printLines(io, lines);
  if (!result.residue.gone) note(io, `keep the old key secret: ${result.residue.text}`);
}

/** Printed before the error of one commit of the change, whose `nothing was written` is about that commit alone. */
const UNDER_WAY =
  'the change of the master key has begun and is not finished: the same command goes on';

/** For whoever has pressed Ctrl-C: with a change that has begun, every command is refused under either key. */
function interrupted(rotation: Rotation, flags: RotateFlags): SecretregError {
  if (!rotation.underWay) return new SecretregError('interrupted', {});
  const command = namingRegistry(againWith(flags), flags);
  return new SecretregError('rotation-interrupted', {
    next: `${command}    (goes on where it was interrupted)`,
  });
}

function againWith({ newKeyFile }: RotateFlags): string {
  return `secretreg rotate${newKeyFile === undefined ? '' : ` --new-key-file ${shellWord(newKeyFile)}`}`;
}

async function status(io: Io, flags: RotateFlags, settings: Settings): Promise<void> {
  try {
    await withLocalRegistry(io, flags, 'rotate', ({ core }) =>
      printMasterKeys(io, formatOption(flags.output), rotationStatus(core.state).keys),
    );
  } catch (error) {
    if (!hasCode(error, 'master-key-retiring', 'rotation-unfinished')) throw error;
    await statusWithoutKey(io, flags, settings);
    note(io, NEITHER_KEY);
    hint(io, namingRegistry(GOES_ON, flags));
  }
}

const NEITHER_KEY =
  'the change of the master key is not finished: neither key alone will do, and so this was counted without one';
const GOES_ON =
  'secretreg rotate --master-key-file OLD --new-key-file NEW    (goes on where it was interrupted)';

/** In the middle of a change neither key alone will do, and that is when somebody asks how far it is. */
async function statusWithoutKey(io: Io, flags: RotateFlags, settings: Settings): Promise<void> {
  const store = await storeOf(io, settings);
  try {
    const { keys } = rotationStatus(await readUnchecked(store));
    await printMasterKeys(io, formatOption(flags.output), keys);
  } finally {
    await store.close();
  }
}

function showStatus(io: Io, flags: RotateFlags, rotation: Rotation): Promise<void> {
  return printMasterKeys(io, formatOption(flags.output), rotation.status().keys);
}
