// How the command line names a connector that its file does not name: a flat map, as `PUT /connectors/NAME/config` takes it.
import { nameFromFile } from './input-files.ts';

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

/** Undefined where nothing was said. */
export function nameFor(
  file: string,
  { connector, nameFromFile: isNamedByFile }: NameFlags,
): string | undefined {
  return isNamedByFile === true ? nameFromFile(file) : connector;
}
