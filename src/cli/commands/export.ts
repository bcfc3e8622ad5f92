import { count } from '../../domain/count.ts';
import type { SecretKey, SecretPath } from '../../domain/names.ts';
import { parseSecretValue } from '../../domain/secret-value.ts';
import { SecretregError } from '../../errors.ts';
import { sharedOptions } from '../arguments.ts';
import type { Define } from '../command.ts';
import { type Io, note, print } from '../io.ts';
import { createSecretFile } from '../output-file.ts';
import { withRegistry } from '../session.ts';
import type { SharedFlags } from '../settings.ts';

export const define: Define = (program, { io }) => {
  const command = program
    .command('export')
    .description('the latest value of every secret as {"<path>": {"<key>": "<value>"}}, in clear')
    .argument('[file]', 'a new file, of mode 0600; without it, stdout');
  sharedOptions(command).action((file: string | undefined, flags: SharedFlags) =>
    exportAll(io, file, flags),
  );
};

async function exportAll(io: Io, file: string | undefined, flags: SharedFlags): Promise<void> {
  if (file === undefined && io.stdout.isTTY) {
    throw new SecretregError(
      'wrong-use',
      { reason: 'export does not print every secret on a terminal: name a file, or pipe it' },
      { hint: 'secretreg export secrets.json' },
    );
  }
  const table = new Map<SecretPath, Record<SecretKey, string>>();
  const forced: string[] = [];
  await withRegistry(io, flags, {}, async ({ registry }) => {
    const paths = new Set((await registry.listPaths()).map(({ path }) => path));
    for (const path of paths) {
      const secrets = await registry.readPath(path);
      const entries = secrets.map(({ key, value }) => [key, value.reveal()] as const);
      for (const { key, value } of secrets)
        if (!parseSecretValue(value.reveal()).ok) forced.push(`${path}:${key}`);
      table.set(path, Object.fromEntries(entries));
    }
  });
  const text = `${JSON.stringify(Object.fromEntries(table), null, 2)}\n`;
  if (file === undefined) await print(io, text);
  else {
    createSecretFile(file, text);
    note(io, `wrote the secrets of ${count(table.size, 'path')} in clear to ${file}`);
  }
  if (forced.length > 0)
    note(
      io,
      `import takes the values of ${forced.join(', ')} only with --force: they are empty or look like masks`,
    );
}
