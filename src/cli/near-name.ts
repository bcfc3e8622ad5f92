// What else is to be said of a path or a key that does not exist: that it is deleted, or which name was probably meant.
import { parsePath } from '../domain/names.ts';
import { secretCommand } from '../domain/shell-word.ts';
import { SecretregError } from '../errors.ts';
import { didYouMean } from '../validator/did-you-mean.ts';
import type { Io } from './io.ts';
import { openNames } from './registry-names.ts';
import type { Settings } from './settings.ts';

type NotFound = SecretregError<'path-not-found' | 'key-not-found'>;

/** The error with what the names of the registry say about it, where these may be listed. */
export async function withNearName(
  io: Io,
  settings: Settings,
  error: NotFound,
): Promise<SecretregError> {
  const { code, params, hint, message } = error;
  const { path, key: asked }: { path?: string; key?: string } = params;
  // Another server with this API may say so of something else than a path.
  if (path === undefined) return error;
  const key = code === 'key-not-found' ? asked : undefined;
  // Names that cannot be read are no reason to hide what the command ended with.
  const names = await namesBeside(io, settings, path, key).catch((): string[] => []);
  if (names.includes(key ?? path)) {
    const text = `${key === undefined ? `path '${path}'` : `secret ${path}:${key}`} is deleted`;
    const restore = secretCommand('restore', key === undefined ? [path] : [path, key]);
    return new SecretregError(code, params, { text, hint: restore, cause: error });
  }
  const near = didYouMean(key ?? path, names);
  if (near === undefined) return error;
  const text = `${message}: did you mean '${near}'?`;
  return new SecretregError(code, params, { text, hint, cause: error });
}

/** The keys of the path, or all paths where no key is asked for; deleted ones too. */
async function namesBeside(
  io: Io,
  settings: Settings,
  path: string,
  key: string | undefined,
): Promise<string[]> {
  const names = await openNames(io, settings);
  const own = key === undefined ? undefined : parsePath(path);
  try {
    const listed = await names.keys({ deleted: true, ...(own?.ok && { path: own.value }) });
    const known = listed.filter((one) => one.versions.length > 0);
    return known.map((one) => (key === undefined ? one.path : one.key));
  } finally {
    await names.close();
  }
}
