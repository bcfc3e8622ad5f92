// The four changes of secrets, as functions on a draft: write, hide, destroy, restore. Each refuses before it
// changes anything.
import type { SecretPath, SecretKey } from '../domain/names.ts';
import { parseMetadataChanges } from '../domain/metadata.ts';
import type { Metadata, MetadataChanges, Target, VersionInfo, Write } from '../domain/registry.ts';
import { secretCommand } from '../domain/shell-word.ts';
import { type Version, versionAfter } from '../domain/version.ts';
import { SecretregError } from '../errors.ts';
import type { Draft } from './draft.ts';
import {
  type Found,
  highest,
  latest,
  metadataOf,
  missingVersions,
  notUsable,
  requireKeys,
  requireVisibleKey,
  versionInfo,
  visibleKeys,
  withState,
} from './lookup.ts';
import { type KeyRecord, type SecretRecord, unstamped } from './records.ts';
import { greatest, withVersions } from './version-ranges.ts';
import type { KeyEntry, VersionEntry } from './key-tree.ts';

/** Who changes, when, and where in the commit. */
export interface Moment {
  at: string;
  by: string;
  commit: number;
  request: number;
}

/** Seals a new value into its place and gives the record's base64. */
export type Sealer = (
  place: { path: SecretPath; key: SecretKey; version: Version },
  meta: { createdAt: string; createdBy: string },
  write: Write,
) => string;

/** A value to write, with the end that it says of itself. */
export interface DatedWrite extends Write {
  expiresAt: string | undefined;
}

/** Sealed in some tens of milliseconds. */
const TOLD_EACH = 256;

export function write(
  draft: Draft,
  writes: readonly DatedWrite[],
  now: Moment,
  { seal, tell }: { seal: Sealer; tell?: ((sealed: number) => void) | undefined },
): VersionInfo[] {
  return writes.map((one, i) => {
    if (i > 0 && i % TOLD_EACH === 0) tell?.(i);
    return writeOne(draft, one, now, seal);
  });
}

export function hide(draft: Draft, target: Target, now: Moment): VersionInfo[] {
  const hidden = choose(draft, target, 'enabled').map(({ entry, found }) => {
    const deleted = { at: now.at, by: now.by, commit: now.commit, request: now.request };
    const record: SecretRecord = { ...unstamped(found.record), state: 'deleted', deleted };
    draft.putVersion(entry.path, entry.key, found.version, record);
    return versionInfo(entry, { version: found.version, record });
  });
  if (hidden.length === 0) throw nothingToDelete(draft, target);
  return hidden;
}

/** Removes values from the log for good; their numbers are never given again. Takes hidden, damaged and missing versions too. */
export function destroy(draft: Draft, target: Target): VersionInfo[] {
  const destroyed = requireKeys(draft, target).flatMap((entry) => {
    const chosen = [...entry.versions.keys(), ...missingVersions(entry)]
      .filter((version) => target.version === undefined || version === target.version)
      .sort((a, b) => a - b)
      .map((version) => ({ version, found: entry.versions.get(version) }));
    if (chosen.length > 0)
      destroyVersions(
        draft,
        entry,
        chosen.map(({ version }) => version),
      );
    return chosen.map(({ version, found }) => {
      const record = found !== undefined && 'record' in found ? found.record : UNREADABLE;
      return versionInfo(entry, { version, record });
    });
  });
  if (destroyed.length === 0) throw nothingToDelete(draft, target);
  return destroyed;
}

function destroyVersions(draft: Draft, entry: KeyEntry, versions: readonly Version[]): void {
  if (entry.damaged) throw notUsable(`the key record of ${entry.path}:${entry.key}`, entry.damaged);
  // A number beyond the last one that nothing proves was never given: it is taken away, and nothing more.
  const given = versions.filter(
    (version) => version <= entry.lastVersion || isProven(entry.versions.get(version)),
  );
  for (const version of versions) draft.removeVersion(entry.path, entry.key, version);
  if (given.length === 0) return;
  draft.putKey(entry.path, entry.key, {
    lastVersion: greatest(entry.lastVersion, given),
    destroyed: withVersions(entry.destroyed, given),
    metadata: entry.metadata,
  });
}

function isProven(version: VersionEntry | undefined): boolean {
  return version !== undefined && 'record' in version;
}

/** What is known of a damaged or missing version. */
const UNREADABLE: SecretRecord = {
  createdAt: 'unknown',
  createdBy: 'unknown',
  state: 'enabled',
  sealed: '',
};

export function restore(draft: Draft, target: Target): VersionInfo[] {
  const deleted = choose(draft, target, 'deleted');
  const chosen = target.version === undefined ? lastDelete(deleted) : deleted;
  if (chosen.length === 0)
    throw new SecretregError('nothing-to-restore', {
      what: describe(target),
      path: target.path,
      key: target.key,
    });
  return chosen.map(({ entry, found }) => {
    const { deleted: _, ...rest } = unstamped(found.record);
    const record: SecretRecord = { ...rest, state: 'enabled' };
    draft.putVersion(entry.path, entry.key, found.version, record);
    return versionInfo(entry, { version: found.version, record });
  });
}

/** Of a key with an enabled version. */
export function setMetadata(
  draft: Draft,
  place: { path: SecretPath; key: SecretKey },
  changes: MetadataChanges,
): Metadata {
  const entry = requireVisibleKey(draft, place.path, place.key);
  const lastVersion = highest(entry);
  const parsed = parseMetadataChanges(changes);
  if (!parsed.ok) throw new SecretregError('bad-metadata', { reason: parsed.problem });
  const metadata = withChanges(entry.metadata, parsed.value);
  const { destroyed } = entry;
  draft.putKey(place.path, place.key, { lastVersion, destroyed, metadata });
  return metadataOf({ ...entry, metadata });
}

function withChanges(
  before: KeyRecord['metadata'],
  changes: MetadataChanges,
): KeyRecord['metadata'] {
  const all = Object.entries({ ...before, ...changes });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

function writeOne(draft: Draft, one: DatedWrite, now: Moment, seal: Sealer): VersionInfo {
  const entry = draft.entry(one.path, one.key);
  refuseIfMovedOn(draft, entry, one);
  const version = versionAfter(entry === undefined ? 0 : highest(entry));
  const meta = { createdAt: now.at, createdBy: now.by };
  const sealed = seal({ path: one.path, key: one.key, version }, meta, one);
  const { expiresAt } = one;
  const record: SecretRecord = {
    ...meta,
    ...(expiresAt !== undefined && { expiresAt }),
    state: 'enabled',
    sealed,
  };
  draft.putVersion(one.path, one.key, version, record);
  draft.putKey(one.path, one.key, {
    lastVersion: version,
    destroyed: entry?.destroyed ?? [],
    metadata: expiresAt === undefined ? (entry?.metadata ?? {}) : withoutEnd(entry?.metadata ?? {}),
  });
  return versionInfo(one, { version, record });
}

/** What somebody has set was the end of a value before: the new one says its own. */
function withoutEnd(metadata: KeyRecord['metadata']): KeyRecord['metadata'] {
  const { expiresAt: _, ...rest } = metadata;
  return rest;
}

function refuseIfMovedOn(draft: Draft, entry: KeyEntry | undefined, one: Write): void {
  if (one.onlyOver === undefined) return;
  const actual = entry === undefined ? undefined : latest(entry)?.version;
  if (actual === (one.onlyOver === 'none' ? undefined : one.onlyOver)) return;
  const params = {
    path: one.path,
    key: one.key,
    expected: one.onlyOver === 'none' ? 'no enabled version' : `version ${one.onlyOver}`,
    actual: actual === undefined ? 'no enabled version' : `version ${actual}`,
  };
  const hint = entry === undefined ? neighboursOf(draft, one.path) : undefined;
  throw new SecretregError('version-moved-on', params, { hint });
}

/** A key that was never there has no history. */
function neighboursOf(draft: Draft, path: SecretPath): string {
  return secretCommand('list', visibleKeys(draft, path).length > 0 ? [path] : []);
}

interface Chosen {
  entry: KeyEntry;
  found: Found;
}

function choose(draft: Draft, target: Target, state: SecretRecord['state']): Chosen[] {
  return requireKeys(draft, target).flatMap((entry) =>
    withState(entry, state)
      .filter((found) => target.version === undefined || found.version === target.version)
      .map((found) => ({ entry, found })),
  );
}

/** The versions of the newest delete among these: one delete has one commit number and place. */
function lastDelete(chosen: readonly Chosen[]): Chosen[] {
  const order = ({ found }: Chosen) => found.record.deleted ?? { commit: 0, request: 0 };
  const [newest] = chosen.toSorted(
    (a, b) => order(b).commit - order(a).commit || order(b).request - order(a).request,
  );
  if (newest === undefined) return [];
  return chosen.filter(
    (one) =>
      order(one).commit === order(newest).commit && order(one).request === order(newest).request,
  );
}

function nothingToDelete(draft: Draft, target: Target): SecretregError {
  const { path, key, version } = target;
  if (key === undefined) return new SecretregError('path-not-found', { path });
  const entry = draft.entry(path, key);
  // Fails where somebody took all away: then nothing can be hidden, only destroyed.
  if (version === undefined && entry !== undefined) latest(entry);
  if (version === undefined) return new SecretregError('key-not-found', { path, key });
  const there = entry?.versions.has(version);
  return new SecretregError(there ? 'version-deleted' : 'version-not-found', {
    path,
    key,
    version,
  });
}

function describe(target: Target): string {
  const key = target.key === undefined ? '' : `:${target.key}`;
  const version = target.version === undefined ? '' : ` version ${target.version}`;
  return `${target.path}${key}${version}`;
}
