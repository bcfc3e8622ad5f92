// The credentials that stand in a connector's settings as plain text, each with the key under which it would be
// stored. Used by the rule that tells of them, and by whoever moves them into the registry.
import { type Entry, hasValue, type SettingEntry } from '../../documents/shapes.ts';
import { scanReferences, type Span } from '../../domain/reference.ts';
import type { Credential } from './credential.ts';
import { credentialsIn } from './credentials.ts';
import { keysFor } from './secret-key.ts';
import { kindsIn, type SettingKind } from './setting-kind.ts';

/** `start` and `end` are offsets in the decoded text of the entry's value. */
export interface LiteralSecret extends Span {
  entry: SettingEntry;
  credential: Credential;
  /** Free in this connector: neither another secret of it nor a reference of it has that key. Equal texts share one. */
  key: string;
}

/** In the order of the entries. */
export function literalSecrets(entries: readonly Entry[]): LiteralSecret[] {
  const kindOf = kindsIn(entries);
  const found = entries.flatMap((entry) =>
    hasValue(entry)
      ? literalsOf(kindOf(entry.key), entry.value).map((credential) => ({ entry, credential }))
      : [],
  );
  if (found.length === 0) return [];
  const taken = new Set(entries.flatMap(({ value }) => keysReferredTo(value)));
  const keys = new Map<string, string>();
  // Whole settings get the short keys: `password` is the connection's, even where a URL with a password stands in front of it.
  for (const it of found.toSorted((a, b) => partOf(a) - partOf(b))) {
    const key = keys.get(textOf(it)) ?? freeKey(keysFor(it.entry.key, it.credential), taken);
    keys.set(textOf(it), key);
    taken.add(key);
  }
  return found.map((it) => {
    const { entry, credential } = it;
    const { start, end } = credential;
    return { entry, credential, start, end, key: keys.get(textOf(it)) ?? '' };
  });
}

interface Found {
  entry: SettingEntry;
  credential: Credential;
}

function partOf({ credential }: Found): number {
  return credential.kind === 'setting' ? 0 : 1;
}

function textOf({ entry, credential: { start, end } }: Found): string {
  return entry.value.slice(start, end);
}

function literalsOf(setting: SettingKind, value: string): Credential[] {
  return credentialsIn(setting, value).filter(({ content }) => content === 'literal');
}

function keysReferredTo(value: string | null): string[] {
  return value === null ? [] : scanReferences(value).map(({ key }) => key);
}

function freeKey(wishes: readonly string[], taken: ReadonlySet<string>): string {
  const free = wishes.find((key) => !taken.has(key));
  if (free !== undefined) return free;
  const stem = wishes.at(-1) ?? 'secret';
  let number = 2;
  while (taken.has(`${stem}.${number}`)) number += 1;
  return `${stem}.${number}`;
}
