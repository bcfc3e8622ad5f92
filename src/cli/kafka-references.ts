// Kafka's own references in the settings of a registry: `${file:/path:key}`, `${env:NAME}` and `${directory:/path:file}`,
// as its FileConfigProvider, EnvVarConfigProvider and DirectoryConfigProvider answer them. The worker itself does not do
// that for the parameters of a provider, which is why master keys stand in clear in so many files. What Kafka would leave
// as it stands is an error.
import { join } from 'node:path';
import { type Reference, scanReferences } from '../domain/reference.ts';
import { SecretValue } from '../domain/secret-value.ts';
import { SecretregError } from '../errors.ts';
import { type ConfigProvider, fetchValues, transform } from '../resolver/transform.ts';
import type { Io } from './io.ts';
import { readTextFile } from './text-file.ts';
import { propertiesIn } from './worker-settings.ts';

/** The class of each provider that the worker names. */
export type ProviderClasses = ReadonlyMap<string, string>;

/** The settings with the values in place. Fails with settings-invalid or file-unreadable. */
export async function withReferences(
  settings: ReadonlyMap<string, string>,
  env: Io['env'],
  classes: ProviderClasses,
): Promise<Map<string, string>> {
  const providers = providersFor(classes, env);
  for (const [name, text] of settings) {
    const references = scanReferences(text);
    const unknown = references.find(({ provider }) => !providers.has(provider));
    if (unknown !== undefined) {
      const reason = `a reference in it names a provider that is not known here; there are ${[...providers.keys()].join(', ')}`;
      throw new SecretregError('settings-invalid', { place: name, reason });
    }
    const { lookup } = await fetchValues(references, providers);
    const missing = references.find((reference) => lookup(reference) === undefined);
    if (missing !== undefined) throw notThere(name, missing);
  }
  const { configs } = await transform(settings, providers);
  return new Map([...configs].map(([name, value]) => [name, value ?? '']));
}

function notThere(place: string, { path, key, provider }: Reference): SecretregError {
  const reason =
    path === ''
      ? `${provider} has no '${key}', which it refers to`
      : `'${path}' has no '${key}', which it refers to`;
  return new SecretregError('settings-invalid', { place, reason });
}

/** By the last part of the name of Kafka's class. */
const PROVIDERS: Record<string, (env: Io['env']) => ConfigProvider> = {
  FileConfigProvider: () => ({
    async get(path, keys) {
      const properties = propertiesIn(readTextFile(path));
      return valuesFor(keys, (key) => properties.get(key));
    },
  }),
  EnvVarConfigProvider: (env) => ({
    get: async (_path, keys) => valuesFor(keys, (name) => env[name]),
  }),
  DirectoryConfigProvider: () => ({ get: async (path, keys) => valuesFor(keys, filesIn(path)) }),
};

/** Kafka's providers, under their usual names and those of the worker. */
function providersFor(classes: ProviderClasses, env: Io['env']): Map<string, ConfigProvider> {
  const names = new Map([
    ['file', 'FileConfigProvider'],
    ['env', 'EnvVarConfigProvider'],
    ['directory', 'DirectoryConfigProvider'],
    ...[...classes].map(([name, path]) => [name, path.split('.').at(-1) ?? ''] as const),
  ]);
  return new Map(
    [...names].flatMap(([name, kind]) => {
      const make = PROVIDERS[kind];
      return make === undefined ? [] : [[name, make(env)] as const];
    }),
  );
}

function valuesFor(keys: ReadonlySet<string>, valueOf: (key: string) => string | undefined) {
  const values = new Map<string, SecretValue>();
  for (const key of keys) {
    const value = valueOf(key);
    if (value !== undefined) values.set(key, SecretValue.of(value));
  }
  return { values };
}

/** The files of one folder, not those of folders in it. */
function filesIn(folder: string): (key: string) => string | undefined {
  return (key) => (/^\.{0,2}$|\//.test(key) ? undefined : readTextFile(join(folder, key)));
}
