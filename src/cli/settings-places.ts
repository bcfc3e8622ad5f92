// Where the files of settings, the master key and the registry lie on a machine; and variables of the environment.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SecretregError } from '../errors.ts';
import type { Io } from './io.ts';
import type { FileSettings } from './settings-file.ts';

/** undefined where it is empty, too. */
export function variable(io: Io, name: string): string | undefined {
  const value = io.env[name];
  return value === undefined || value === '' ? undefined : value;
}

/** `$XDG_CONFIG_HOME/secretreg/config.yaml`. */
export function userFile(io: Io): string {
  return join(home(io, 'XDG_CONFIG_HOME', '.config'), 'secretreg', 'config.yaml');
}

/** `$XDG_DATA_HOME/secretreg/registry.db`. Key and data lie in two places on purpose: a backup of one is not a backup of both. */
export function defaultRegistryFile(io: Io): string {
  return join(home(io, 'XDG_DATA_HOME', '.local/share'), 'secretreg', 'registry.db');
}

/** `$XDG_CONFIG_HOME/secretreg/master.key`. */
export function defaultKeyFile(io: Io): string {
  return join(home(io, 'XDG_CONFIG_HOME', '.config'), 'secretreg', 'master.key');
}

/** The project's file, found upwards from the working folder, then the user's. */
export async function settingsFiles(
  io: Io,
): Promise<{ project?: FileSettings; user?: FileSettings }> {
  const found: { project?: FileSettings; user?: FileSettings } = {};
  const parseSettings = async (file: string, of: 'project' | 'user') =>
    (await import('./settings-file.ts')).parseSettings(file, of);
  for (let folder = io.cwd; ; folder = dirname(folder)) {
    const file = join(folder, 'secretreg.yaml');
    if (existsSync(file)) {
      const settings = await parseSettings(file, 'project');
      // A command in a file that came with a checkout would run whatever its author likes.
      if (settings.masterKeyCommand !== undefined) {
        throw new SecretregError('settings-invalid', {
          place: file,
          reason:
            "'masterKeyCommand' is not taken from a project file, since it would run a command of whoever wrote the project; put it into your user file or SECRETREG_MASTER_KEY_COMMAND",
        });
      }
      found.project = settings;
      break;
    }
    if (dirname(folder) === folder) break;
  }
  if (existsSync(userFile(io))) found.user = await parseSettings(userFile(io), 'user');
  return found;
}

function home(io: Io, name: string, below: string): string {
  return variable(io, name) ?? join(variable(io, 'HOME') ?? '/', below);
}
