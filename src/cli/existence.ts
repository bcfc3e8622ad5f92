import type { KeyInfo } from '../domain/registry.ts';
import type { Existence, KeyFact } from '../validator/existence.ts';

/** The names in a registry as the validator asks for them. */
export function existenceOf(keys: readonly KeyInfo[]): Existence {
  const paths = new Map<string, Map<string, KeyFact>>();
  for (const info of keys) {
    const fact = factOf(info);
    if (fact === undefined) continue;
    const own = paths.get(info.path) ?? new Map<string, KeyFact>();
    paths.set(info.path, own.set(info.key, fact));
  }
  return { paths: () => paths.keys(), keys: (path) => paths.get(path) };
}

/** Undefined for a key of which every version was destroyed. */
function factOf({ versions }: KeyInfo): KeyFact | undefined {
  const enabled = versions.findLast(({ state }) => state === 'enabled');
  if (enabled !== undefined) return { state: 'enabled', version: enabled.version };
  const last = versions.at(-1);
  if (last === undefined) return undefined;
  const { version, deletedAt, deletedBy } = last;
  return {
    state: 'deleted',
    version,
    ...(deletedBy !== undefined && { by: deletedBy }),
    ...(deletedAt !== undefined && { at: deletedAt }),
  };
}
