import { statSync } from 'node:fs';
import { count } from '../../domain/count.ts';
import type { SecretPath } from '../../domain/names.ts';
import type { KeyInfo } from '../../domain/registry.ts';
import { SecretregError } from '../../errors.ts';
import { factsOf } from '../../validator/existence.ts';
import { isManifest, manifestText } from '../../validator/manifest.ts';
import { pathArgument, severalTimes, sharedOptions } from '../arguments.ts';
import { tellDamaged } from '../damaged.ts';
import type { Define } from '../command.ts';
import { type Io, note, print } from '../io.ts';
import { writeSecretFile } from '../output-file.ts';
import { openNames, type RegistryNames } from '../registry-names.ts';
import { toldSettings } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { readTextFile } from '../text-file.ts';

interface Flags extends SharedFlags {
  path?: string[];
}

const HELP = `
For a pipeline that can neither reach the registry nor may ask it. A registry in
a file or a topic is read without its key and without an audit line; a server
answers with the names that you may list, and vouches for them.

For example:  secretreg manifest manifest.json && secretreg validate connectors/ --manifest manifest.json
              secretreg manifest --registry https://secrets.example --path orders --path payments team.json`;

export const define: Define = (program, { io }) => {
  const command = program
    .command('manifest')
    .description('the names, versions and states of the secrets, without values, for validate')
    .argument('[file]', 'where to write it; without it, stdout')
    .option(
      '--path <path>',
      'only this path, such as that of one team; may be given several times',
      severalTimes,
    )
    .addHelpText('after', HELP);
  sharedOptions(command).action((file: string | undefined, flags: Flags) =>
    manifest(io, file, flags),
  );
};

async function manifest(io: Io, file: string | undefined, flags: Flags): Promise<void> {
  if (file !== undefined) requireManifest(file);
  const paths = flags.path && [...new Set(flags.path.map((text) => pathArgument(text)))].sort();
  const settings = await toldSettings(io, flags);
  const names = await openNames(io, settings);
  let keys: KeyInfo[];
  try {
    keys = paths === undefined ? await names.keys({ deleted: true }) : await keysOf(names, paths);
  } finally {
    await names.close();
  }
  tellDamaged(io, keys, flags);
  const facts = factsOf(keys.sort(byName));
  const text = manifestText({
    madeAt: io.clock().toISOString(),
    registry: names.id,
    authenticated: settings.remote !== undefined,
    ...(paths && { paths }),
    facts,
  });
  if (file === undefined) return print(io, text);
  writeSecretFile(file, text);
  const secrets = [...facts.values()].reduce((sum, own) => sum + own.size, 0);
  note(io, `wrote the names of ${count(secrets, 'secret')} to ${file}`);
}

/** A slip such as `manifest orders.json` must not cost a connector. Fails with file-not-writable and file-unreadable. */
function requireManifest(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return;
  const text = readTextFile(file);
  if (text === '' || isManifest(text)) return;
  throw new SecretregError(
    'file-not-writable',
    { file, reason: 'it is there already, and is no manifest of secretreg' },
    { hint: 'name a new file, or the manifest that is to be renewed' },
  );
}

/** Fails with path-not-found. */
async function keysOf(names: RegistryNames, paths: readonly SecretPath[]): Promise<KeyInfo[]> {
  const keys: KeyInfo[] = [];
  for (const path of paths) {
    const own = await names.keys({ deleted: true, path });
    if (own.length === 0) throw new SecretregError('path-not-found', { path });
    keys.push(...own);
  }
  return keys;
}

function byName(a: KeyInfo, b: KeyInfo): number {
  if (a.path === b.path) return a.key < b.key ? -1 : 1;
  return a.path < b.path ? -1 : 1;
}
