// The credentials of a connector, looked for once though several rules ask for them.
import type { Connector, Entry } from '../../documents/shapes.ts';
import type { Credential } from './credential.ts';
import { credentialsIn } from './credentials.ts';
import { type LiteralSecret, literalSecrets } from './literal-secrets.ts';
import { type KindOf, kindsIn, type SettingKind } from './setting-kind.ts';

/** The credentials in the value of a setting, literal and masked ones. */
export function credentialsOf(connector: Connector, entry: Entry): readonly Credential[] {
  return factsOf(connector).credentials.get(entry) ?? NONE;
}

/** The entries that hold any. */
export function entriesWithCredentials(connector: Connector): Iterable<Entry> {
  return factsOf(connector).credentials.keys();
}

/** The literal ones, each with a key that is free in the connector. */
export function literalSecretsOf(connector: Connector, entry: Entry): readonly LiteralSecret[] {
  const facts = factsOf(connector);
  if (!facts.credentials.has(entry)) return [];
  facts.secrets ??= Map.groupBy(literalSecrets(connector.entries), (it): Entry => it.entry);
  return facts.secrets.get(entry) ?? [];
}

/** The entries whose name can only be a slip of a password that the class declares. */
export function misspelledEntries(connector: Connector): Iterable<Entry> {
  return factsOf(connector).misspelled;
}

export function settingKindOf(connector: Connector, setting: string): SettingKind {
  return factsOf(connector).kindOf(setting);
}

interface Facts {
  kindOf: KindOf;
  /** Without the settings that hold none, which are nearly all. */
  credentials: ReadonlyMap<Entry, readonly Credential[]>;
  misspelled: readonly Entry[];
  secrets?: ReadonlyMap<Entry, readonly LiteralSecret[]>;
}

const NONE: readonly Credential[] = [];

/** Those of the connector that was asked about last: the rules look at one connector after another. */
let last: { connector: Connector; facts: Facts } | undefined;

function factsOf(connector: Connector): Facts {
  if (last?.connector === connector) return last.facts;
  const facts = factsIn(connector);
  last = { connector, facts };
  return facts;
}

function factsIn(connector: Connector): Facts {
  const kindOf = kindsIn(connector.entries);
  const credentials = new Map<Entry, readonly Credential[]>();
  const misspelled: Entry[] = [];
  for (const entry of connector.entries) {
    const kind = kindOf(entry.key);
    if (kind.meant !== undefined) misspelled.push(entry);
    if (entry.value === null) continue;
    const found = credentialsIn(kind, entry.value);
    if (found.length > 0) credentials.set(entry, found);
  }
  return { kindOf, credentials, misspelled };
}
