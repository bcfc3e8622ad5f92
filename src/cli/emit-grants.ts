// The least that a worker has to be granted so that its connectors run: their own paths, to read, and nothing by prefix.
import { compare } from '../domain/compare.ts';
import type { Principal } from '../domain/access.ts';
import { secretCommand } from '../domain/shell-word.ts';
import type { Use } from '../validator/uses.ts';
import { hint, type Io, note, print } from './io.ts';
import { placeOf } from './uses.ts';

/**
 * One `secretreg access grant` line for each path. A connector that refers to another one's path is refused by the
 * registry's rule: no grant follows from it, nor from one whose name nobody knows, nor from a text that could not be read as
 * one of connectors: a name left out, or a fault that somebody made, would be enough to get a grant on any path. True where
 * there was none such.
 */
export async function emitGrants(
  io: Io,
  principal: Principal,
  uses: readonly Use[],
): Promise<boolean> {
  const isOwn = ({ path, connector }: Use) => connector === path;
  const others = uses.filter((use) => !isOwn(use));
  const paths = [...new Set(uses.filter(isOwn).map(({ path }) => path))].sort(compare);
  for (const path of paths)
    await print(io, `${secretCommand('access grant', [principal, 'DeveloperRead', path])}\n`);
  for (const use of others) note(io, `${placeOf(use)}: ${reasonOf(use)}: no grant for it`);
  if (others.some(({ setting, connector }) => setting !== undefined && connector === undefined))
    hint(io, '--name-from-file    (where files are called as their connectors)');
  return others.length === 0;
}

function reasonOf({ path, setting, connector }: Use): string {
  if (setting === undefined)
    return `path '${path}' is referred to, by which connector cannot be read`;
  return connector === undefined
    ? `path '${path}' is referred to, by a connector whose name the file does not give`
    : `connector '${connector}' refers to path '${path}', which is not its own`;
}
