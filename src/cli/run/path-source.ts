// The secrets of a path, each under its key.
import { type SecretKey, secretName, type SecretPath } from '../../domain/names.ts';
import type { Registry } from '../../domain/registry.ts';
import { secretCommand } from '../../domain/shell-word.ts';
import { keyArgument, pathArgument } from '../arguments.ts';
import type { Io } from '../io.ts';
import { toldSettings, withRegistryOf } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { notAmong } from './chosen.ts';
import { readSecrets, type Source } from './source.ts';

/** `only`: the keys to read, and no others. Fails with option-names-nothing. */
export async function pathSource(
  io: Io,
  text: string,
  only: readonly string[] | undefined,
  flags: SharedFlags,
): Promise<Source> {
  const path = pathArgument(text);
  const keys = only?.map(keyArgument);
  const settings = await toldSettings(io, flags);
  return withRegistryOf(io, settings, { path }, async ({ registry }) => {
    const wanted = new Map([[path, keys]]);
    const held = await readSecrets(io, registry, wanted);
    for (const key of keys ?? [])
      if (!held.has(secretName({ path, key }))) throw await noSuchKey(registry, path, key);
    return {
      settings,
      wanted,
      held,
      compose: async (held) => new Map([...held.values()].map(({ key, value }) => [key, value])),
    };
  });
}

async function noSuchKey(registry: Registry, path: SecretPath, key: SecretKey) {
  const names = (await registry.listKeys(path)).map((info) => info.key);
  const hint = secretCommand('list', [path]);
  return notAmong(names, { option: '--only', name: key, what: `path '${path}' has no key`, hint });
}
