// The least that a worker has to be granted so that its connectors run: their own paths, to read, and nothing by prefix.
import { compare } from '../domain/compare.ts';
import type { Principal } from '../domain/access.ts';
import { secretCommand } from '../domain/shell-word.ts';
import type { Use } from '../validator/uses.ts';
import { type Io, note, print } from './io.ts';
import { placeOf } from './uses.ts';

/**
 * One `secretreg access grant` line for each path. A connector that refers to another one's path is refused by the
 * registry's rule: no grant follows from it. True where there was none such.
 */
export async function emitGrants(
  io: Io,
  principal: Principal,
  uses: readonly Use[],
): Promise<boolean> {
  const isOwn = ({ path, connector = path }: Use) => connector === path;
  const others = uses.filter((use) => !isOwn(use));
  const paths = [...new Set(uses.filter(isOwn).map(({ path }) => path))].sort(compare);
  for (const path of paths)
    await print(io, `${secretCommand('access grant', [principal, 'DeveloperRead', path])}\n`);
  for (const use of others)
    note(
      io,
      `${placeOf(use)}: connector '${use.connector ?? ''}' refers to path '${use.path}', which is not its own: no grant for it`,
    );
  return others.length === 0;
}
