// Kafka's org.apache.kafka.common.config.ConfigTransformer, literal text included: an unknown provider or a
// missing key leaves the reference as it stands, without a word. fixtures/grammar/ holds what the class answers.
import { type Reference, scanReferences } from '../domain/reference.ts';
import type { SecretValue } from '../domain/secret-value.ts';
import { hashOrder } from './hash-order.ts';

/** What a provider has for a path: those of the asked keys that exist. */
export interface ConfigData {
  values: ReadonlyMap<string, SecretValue>;
  /** For how many milliseconds the values may be kept. */
  ttl?: number;
}

/** Kafka's ConfigProvider. `get` is called once for each path, with all its keys; what it throws is handed on. */
export interface ConfigProvider {
  get(path: string, keys: ReadonlySet<string>): Promise<ConfigData>;
}

/** By name. A Map: `__proto__` and `constructor` are names like others. */
export type Providers = ReadonlyMap<string, ConfigProvider>;
export type Configs = ReadonlyMap<string, string | null>;

export interface Transformed {
  /** With the values in clear. */
  configs: Map<string, string | null>;
  /** By path. Where two providers give a ttl for the same path, that of the last one asked counts. */
  ttls: Map<string, number>;
}

export async function transform(configs: Configs, providers: Providers): Promise<Transformed> {
  const references: Reference[] = [];
  for (const text of configs.values()) if (text !== null) references.push(...scanReferences(text));
  const { lookup, ttls } = await fetchValues(references, providers);
  const done = new Map<string, string | null>();
  for (const [name, text] of configs) done.set(name, text === null ? null : replace(text, lookup));
  return { configs: done, ttls };
}

export interface Fetched {
  /** The value of a reference; undefined where it stays literal. */
  lookup: (reference: Reference) => SecretValue | undefined;
  ttls: Map<string, number>;
}

/** Asks each provider once for each path, in the order in which Kafka's hash maps hand them out. */
export async function fetchValues(
  references: readonly Reference[],
  providers: Providers,
): Promise<Fetched> {
  const wanted = new Map<string, Map<string, Set<string>>>();
  for (const { provider, path, key } of references) {
    const paths = entryOf(wanted, provider, () => new Map<string, Set<string>>());
    entryOf(paths, path, () => new Set<string>()).add(key);
  }
  const found = new Map<string, Map<string, ReadonlyMap<string, SecretValue>>>();
  const ttls = new Map<string, number>();
  for (const [name, paths] of hashOrder(wanted)) {
    const provider = providers.get(name);
    if (provider === undefined) continue;
    for (const [path, keys] of hashOrder(paths)) {
      const { values, ttl } = await provider.get(path, keys);
      if (ttl !== undefined && ttl >= 0) ttls.set(path, ttl);
      entryOf(found, name, () => new Map()).set(path, values);
    }
  }
  return { lookup: ({ provider, path, key }) => found.get(provider)?.get(path)?.get(key), ttls };
}

/** One pass: a value that holds a reference is not resolved again. */
function replace(text: string, lookup: Fetched['lookup']): string {
  const pieces: string[] = [];
  let done = 0;
  for (const reference of scanReferences(text)) {
    const value = lookup(reference);
    if (value === undefined) continue;
    pieces.push(text.slice(done, reference.start), value.reveal());
    done = reference.end;
  }
  pieces.push(text.slice(done));
  return pieces.join('');
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const present = map.get(key);
  if (present !== undefined) return present;
  const made = make();
  map.set(key, made);
  return made;
}
