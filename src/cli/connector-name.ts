// How the command line names a connector that its file does not name: a flat map, as `PUT /connectors/NAME/config` takes it.
import { basename, extname } from 'node:path';
import { SecretregError } from '../errors.ts';
import { STDIN } from '../validator/diagnostic.ts';

export interface NameFlags {
  connector?: string | undefined;
  nameFromFile?: boolean | undefined;
}

export const CONNECTOR_NAME = [
  '--connector <name>',
  'the name of a connector that its file does not name',
] as const;

export const NAME_FROM_FILE = [
  '--name-from-file',
  'a connector that its file does not name is called as the file',
] as const;

/** Undefined where nothing was said. Fails with wrong-use where stdin is to give the name of its file. */
export function nameFor(file: string, { connector, nameFromFile }: NameFlags): string | undefined {
  if (nameFromFile !== true) return connector;
  if (file === STDIN)
    throw new SecretregError(
      'wrong-use',
      { reason: '--name-from-file: what comes on stdin has no file name' },
      { hint: '--connector NAME' },
    );
  return basename(file, extname(file));
}
