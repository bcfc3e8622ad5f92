// The settings of a connector that hold references, with their values.
import {
  parseKey,
  parsePath,
  type SecretKey,
  secretName,
  type SecretPath,
} from '../../domain/names.ts';
import { type Reference, scanReferences } from '../../domain/reference.ts';
import { SecretValue } from '../../domain/secret-value.ts';
import { SecretregError } from '../../errors.ts';
import { type Configs, type Providers, transform } from '../../resolver/transform.ts';
import { openConnectorFile } from '../connector-file.ts';
import type { Io } from '../io.ts';
import { providersFor } from '../providers.ts';
import { toldSettings, withRegistryOf } from '../session.ts';
import type { SharedFlags } from '../settings.ts';
import { notAmong } from './chosen.ts';
import { type Held, readSecrets, type Source, type Wanted } from './source.ts';

/** The file is read once. `only`: names of settings. Fails with rule-broken, wrong-use and option-names-nothing. */
export async function connectorSource(
  io: Io,
  name: string,
  only: readonly string[] | undefined,
  flags: SharedFlags & { nameFromFile?: boolean },
): Promise<Source> {
  const settings = await toldSettings(io, flags);
  return withRegistryOf(io, settings, {}, async ({ registry }) => {
    const { providerNames, otherProviders } = providersFor(settings);
    const { file, connectors } = await openConnectorFile(io, name, registry, {
      strict: true,
      providerNames,
      otherProviders,
      flags,
      name: { nameFromFile: flags.nameFromFile },
    });
    const [connector, another] = connectors;
    if (connector === undefined || another !== undefined) {
      throw new SecretregError('wrong-use', {
        reason: `'${file}' holds ${connectors.length} connectors, and run takes one`,
      });
    }
    const all = connector.entries.filter(({ value }) =>
      scanReferences(value ?? '').some(({ provider }) => providerNames.includes(provider)),
    );
    const configs = chosen(file, new Map(all.map(({ key, value }) => [key, value])), only);
    for (const [key, value] of configs) refuseOthers(key, value ?? '', otherProviders);
    const wanted = secretsOf(configs);
    const held = await readSecrets(io, registry, wanted);
    return {
      settings,
      wanted,
      held,
      compose: (held) => composed(configs, providerNames, held),
    };
  });
}

function chosen(file: string, configs: Configs, only: readonly string[] | undefined): Configs {
  if (only === undefined) return configs;
  const what = `'${file}' has no reference in a setting`;
  for (const name of only)
    if (!configs.has(name)) throw notAmong(configs.keys(), { option: '--only', name, what });
  return new Map([...configs].filter(([name]) => only.includes(name)));
}

/** A value that is half resolved would be handed to the command as it stands. */
function refuseOthers(key: string, value: string, otherProviders: readonly string[]): void {
  const other = scanReferences(value).find(({ provider }) => otherProviders.includes(provider));
  if (other === undefined) return;
  throw new SecretregError('wrong-use', {
    reason: `setting '${key}' refers to provider '${other.provider}' too, which only a worker can ask`,
  });
}

/** The rules have found no fault in any reference, so their names are names of secrets. */
function secretsOf(configs: Configs): Wanted {
  const wanted = new Map<SecretPath, SecretKey[]>();
  for (const reference of referencesIn(configs)) {
    const [path, key] = [parsePath(reference.path), parseKey(reference.key)];
    if (!path.ok || !key.ok) continue;
    const keys = wanted.get(path.value) ?? [];
    if (!keys.includes(key.value)) wanted.set(path.value, [...keys, key.value]);
  }
  return wanted;
}

/** Fails with key-not-found where a secret has gone since the rules looked: the reference would be handed out as it stands. */
async function composed(
  configs: Configs,
  providerNames: readonly string[],
  held: Held,
): Promise<Map<string, SecretValue>> {
  const gone = referencesIn(configs).find((reference) => !held.has(secretName(reference)));
  if (gone !== undefined)
    throw new SecretregError('key-not-found', { path: gone.path, key: gone.key });
  const done = await transform(configs, heldProviders(providerNames, held));
  return new Map([...done.configs].map(([key, value]) => [key, SecretValue.of(value ?? '')]));
}

function referencesIn(configs: Configs): Reference[] {
  return [...configs.values()].flatMap((text) => scanReferences(text ?? ''));
}

function heldProviders(names: readonly string[], held: Held): Providers {
  const get = async (path: string, keys: ReadonlySet<string>) => {
    const found = [...keys].flatMap((key) => {
      const secret = held.get(secretName({ path, key }));
      return secret === undefined ? [] : [[key, secret.value] as const];
    });
    return { values: new Map(found) };
  };
  return new Map(names.map((name) => [name, { get }]));
}
