// Where the master key comes from.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Io } from './io.ts';
import { namedFile } from './named-file.ts';
import type { Setting } from './registry-setting.ts';
import type { Sources } from './settings.ts';
import { defaultKeyFile, variable } from './settings-places.ts';

/** With kind `text`, the value is the key itself. */
export type KeySource = { kind: 'file' | 'command' | 'text'; value: string; origin: string };

/** The key that the first of these places names. The key of a context counts for its registry only. */
export function keySource(sources: Sources, registry: Setting): KeySource {
  const { flags, io, context, files, worker, workerFile } = sources;
  const ofContext =
    context !== undefined && registry.origin === context.origin
      ? file(context.settings.masterKeyFile, context.origin, dirname(context.file))
      : undefined;
  const all = [
    file(flags.masterKeyFile, '--master-key-file', io.cwd),
    command(flags.masterKeyCommand, '--master-key-command'),
    context?.by === 'flag' ? ofContext : undefined,
    text(worker?.masterKey, `master.encryption.key in ${workerFile}`),
    file(variable(io, 'SECRETREG_MASTER_KEY_FILE'), 'SECRETREG_MASTER_KEY_FILE', io.cwd),
    command(variable(io, 'SECRETREG_MASTER_KEY_COMMAND'), 'SECRETREG_MASTER_KEY_COMMAND'),
    ofService(io),
    text(variable(io, 'SECRETREG_MASTER_KEY'), 'SECRETREG_MASTER_KEY'),
    ofContext,
    ...files.flatMap((settings) => [
      file(settings.masterKeyFile, settings.file, dirname(settings.file)),
      command(settings.masterKeyCommand, settings.file),
    ]),
  ];
  const first = all.find((one) => one !== undefined);
  return first ?? { kind: 'file', value: defaultKeyFile(io), origin: 'default' };
}

/** The old key, where a worker's file names one. */
export function oldKeySource({ worker, workerFile }: Sources): KeySource | undefined {
  return text(worker?.oldMasterKey, `master.encryption.old.key in ${workerFile}`);
}

/** Keys that are used beside the master key, before, in and after its change. */
export function acceptedKeySources({ flags, io }: Sources): KeySource[] {
  const name = 'SECRETREG_ACCEPT_KEY_FILE';
  const sources = flags.acceptKeyFile?.map((one) => file(one, '--accept-key-file', io.cwd)) ?? [
    file(variable(io, name), name, io.cwd),
  ];
  return sources.filter((one) => one !== undefined);
}

/** What systemd hands to a service (`LoadCredential=secretreg-master-key:…`). */
function ofService(io: Io): KeySource | undefined {
  const folder = variable(io, 'CREDENTIALS_DIRECTORY');
  const path = folder && join(folder, 'secretreg-master-key');
  return path && existsSync(path) ? file(path, 'CREDENTIALS_DIRECTORY', io.cwd) : undefined;
}

function file(path: string | undefined, origin: string, folder: string): KeySource | undefined {
  return path === undefined
    ? undefined
    : { kind: 'file', value: namedFile(path, origin, folder), origin };
}

function command(value: string | undefined, origin: string): KeySource | undefined {
  return value === undefined ? undefined : { kind: 'command', value, origin };
}

function text(value: string | undefined, origin: string): KeySource | undefined {
  return value === undefined ? undefined : { kind: 'text', value, origin };
}
