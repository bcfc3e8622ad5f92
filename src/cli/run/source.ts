// What a command is given: the secrets that are read for it, and what is made of them. All are read once, at the start; with
// --watch those that have changed are read again.
import { type SecretKey, secretName, type SecretPath } from '../../domain/names.ts';
import type { Registry, SecretVersion } from '../../domain/registry.ts';
import type { SecretValue } from '../../domain/secret-value.ts';
import { maskInWorkflow } from '../connector-file.ts';
import type { Io } from '../io.ts';
import type { Settings } from '../settings.ts';

/** Which keys of a path; all that there are where none are named. */
export type Wanted = ReadonlyMap<SecretPath, readonly SecretKey[] | undefined>;

/** The versions that were read, by `secretName`. */
export type Held = ReadonlyMap<string, SecretVersion>;

export interface Source {
  settings: Settings;
  wanted: Wanted;
  /** As they were read to begin with. */
  held: Held;
  /** The values, by the names under which the command gets them: a key, or a setting of a connector. */
  compose: (held: Held) => Promise<Map<string, SecretValue>>;
}

/** The latest versions, with one request for each path. Fails with path-not-found where all of a path is wanted. */
export async function readSecrets(
  io: Io,
  registry: Registry,
  wanted: Wanted,
): Promise<Map<string, SecretVersion>> {
  const found: SecretVersion[] = [];
  for (const [path, keys] of wanted) found.push(...(await registry.readPath(path, keys)));
  for (const { value } of found) maskInWorkflow(io, value);
  return new Map(found.map((secret) => [secretName(secret), secret]));
}
