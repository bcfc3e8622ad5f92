import { escapedJson } from '../../domain/escaped-json.ts';
import { SecretregError } from '../../errors.ts';
import { keyArgument, pathArgument, sharedOptions, versionArgument } from '../arguments.ts';
import type { Define } from '../command.ts';
import { withExamples } from '../examples.ts';
import { jsonOption } from '../formats.ts';
import { type Io, print } from '../io.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';

interface Flags extends SharedFlags {
  version?: string;
  all?: boolean;
  output?: string;
}

export const define: Define = (program, { io }) => {
  const command = program
    .command('get')
    .description('print the value of a secret, with no newline added')
    .argument('<path>', 'the name of the connector')
    .argument('[key]', 'such as password')
    .option('--version <n>', 'this version instead of the latest')
    .option('--all', 'every key of the path, as {"<key>": "<value>"}')
    .option('-o, --output <format>', 'json: with version, time and author');
  withExamples(
    command,
    'secretreg get orders password',
    'secretreg get orders password --version 3',
    'secretreg get orders --all',
  );
  sharedOptions(command).action((path: string, key: string | undefined, flags: Flags) =>
    get(io, path, key, flags),
  );
};

async function get(
  io: Io,
  pathText: string,
  keyText: string | undefined,
  flags: Flags,
): Promise<void> {
  const asJson = jsonOption(flags.output);
  const path = pathArgument(pathText, { key: keyText });
  if (flags.all) {
    if (keyText !== undefined || flags.version !== undefined) {
      throw new SecretregError('wrong-use', { reason: '--all takes a path and no key or version' });
    }
    const secrets = await withRegistry(io, flags, { path }, ({ registry }) =>
      registry.readPath(path),
    );
    const table = Object.fromEntries(secrets.map(({ key, value }) => [key, value.reveal()]));
    return print(io, `${escapedJson(table, 2)}\n`);
  }
  if (keyText === undefined)
    throw new SecretregError('wrong-use', { reason: "missing required argument 'key'" });
  const key = keyArgument(keyText);
  const version = flags.version === undefined ? 'latest' : versionArgument(flags.version);
  const secret = await withRegistry(io, flags, { path }, ({ registry }) =>
    registry.read(path, key, version),
  );
  if (!asJson) return print(io, secret.value.reveal());
  await print(io, `${escapedJson({ ...secret, value: secret.value.reveal() }, 2)}\n`);
}
