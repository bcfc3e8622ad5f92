// The fewest grants with which the connectors of a worker run: to read their own paths, and nothing by prefix.
import { compare } from '../domain/compare.ts';
import type { Principal } from '../domain/access.ts';
import { secretCommand } from '../domain/shell-word.ts';
import type { Use } from '../validator/uses.ts';
import { hint, type Io, note, print } from './io.ts';
import { placeOf } from './uses.ts';

/**
 * Prints one `secretreg access grant` line for each path. No grant follows from a reference to another connector's path,
 * which the rules refuse; nor from one of a connector whose name is not known, or in a text that could not be read as one of
 * connectors: leaving out a name, or making a fault, would be enough to get a grant on any path. Answers false where there
 * was such a reference.
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
