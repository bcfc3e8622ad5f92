// Finding versions in a view, and the one place that says what is missing.
import { type SecretKey, secretName, type SecretPath } from '../domain/names.ts';
import type { KeyInfo, Metadata, Target, VersionInfo } from '../domain/registry.ts';
import type { Version } from '../domain/version.ts';
import { SecretregError } from '../errors.ts';
import type { SecretRecord } from './records.ts';
import { type Damage, isVisible, type KeyEntry, type VersionEntry } from './key-tree.ts';
import type { State, View } from './state.ts';
import { holdsVersion } from './version-ranges.ts';

export interface Found {
  version: Version;
  record: SecretRecord;
}

/**
 * The highest version that is not deleted. A damaged one counts as there and fails, and so does one that is missing
 * though nobody destroyed it: nothing older is served in its stead.
 */
export function latest(entry: KeyEntry): Found | undefined {
  for (let version = highest(entry); version >= 1; version -= 1) {
    const found = entry.versions.get(version as Version);
    if (found === undefined && holdsVersion(entry.destroyed, version)) continue;
    const record = recordOf(entry, version as Version, found ?? MISSING);
    if (record.state === 'enabled') return { version: version as Version, record };
  }
  return undefined;
}

const MISSING: VersionEntry = { damaged: { reason: 'not-authentic' } };

/** The highest number ever given. A key whose record is missing while it has versions is damaged: numbers would be given again. */
export function highest(entry: KeyEntry): number {
  const what = `the key record of ${entry.path}:${entry.key}`;
  if (entry.damaged) throw notUsable(what, entry.damaged);
  if (entry.versions.greatest > entry.lastVersion)
    throw notUsable(what, { reason: 'not-authentic' });
  return entry.lastVersion;
}

/** Records that somebody removed behind our back: of versions, of keys, and of the newest commit, which has the highest number of all. */
export function missingRecords(state: State): string[] {
  const missing = state.paths().flatMap((path) => state.entries(path).flatMap(missingOf));
  return state.commit?.n === state.lastN
    ? missing
    : ['the record of the newest commit', ...missing];
}

function missingOf(entry: KeyEntry): string[] {
  const name = secretName(entry);
  if (entry.versions.greatest > entry.lastVersion) return [`the key record of ${name}`];
  return missingVersions(entry).map((version) => `version ${version} of ${name}`);
}

/** The enabled versions, ascending. */
export function enabled(entry: KeyEntry): Found[] {
  return withState(entry, 'enabled');
}

export function withState(entry: KeyEntry, state: SecretRecord['state']): Found[] {
  const found: Found[] = [];
  for (const version of descending(entry).reverse()) {
    const versionEntry = entry.versions.get(version);
    if (versionEntry === undefined) continue;
    const record = recordOf(entry, version, versionEntry);
    if (record.state === state) found.push({ version, record });
  }
  return found;
}

/** The key of a path, or key-not-found; path-not-found where the path has no visible key at all. */
export function requireKey(view: View, path: SecretPath, key: SecretKey): KeyEntry {
  const entry = view.entry(path, key);
  if (entry !== undefined) return entry;
  if (visibleKeys(view, path).length === 0) throw new SecretregError('path-not-found', { path });
  throw new SecretregError('key-not-found', { path, key });
}

/** As `requireKey`, but key-not-found where no version of the key is enabled, damaged or missing. */
export function requireVisibleKey(view: View, path: SecretPath, key: SecretKey): KeyEntry {
  const entry = requireKey(view, path, key);
  if (!isThere(entry)) throw new SecretregError('key-not-found', { path, key });
  return entry;
}

/** One enabled version. */
export function requireVersion(
  view: View,
  path: SecretPath,
  key: SecretKey,
  wanted: Version | 'latest',
): Found {
  const entry = requireKey(view, path, key);
  if (wanted === 'latest') {
    const found = latest(entry);
    if (found !== undefined) return found;
    const [newest] = withState(entry, 'deleted').reverse();
    if (newest === undefined) throw new SecretregError('key-not-found', { path, key });
    throw new SecretregError('version-deleted', { path, key, version: newest.version });
  }
  const versionEntry = entry.versions.get(wanted);
  if (versionEntry === undefined && !missingVersions(entry).includes(wanted))
    throw new SecretregError('version-not-found', { path, key, version: wanted });
  const record = recordOf(entry, wanted, versionEntry ?? MISSING);
  if (record.state === 'deleted')
    throw new SecretregError('version-deleted', { path, key, version: wanted });
  return { version: wanted, record };
}

/** The keys that a target means, at least one, or a not-found code. */
export function requireKeys(view: View, target: Target): KeyEntry[] {
  if (target.key !== undefined) return [requireKey(view, target.path, target.key)];
  const entries = view.entries(target.path);
  if (entries.length === 0) throw new SecretregError('path-not-found', { path: target.path });
  return entries;
}

/** The keys of a path that have an enabled or damaged version, or of which somebody else took all away. */
export function visibleKeys(view: View, path: SecretPath): KeyEntry[] {
  return view.entries(path).filter(isThere);
}

/** True for a key that nobody has deleted, though somebody else may have changed it or taken it away. */
export function isThere(entry: KeyEntry): boolean {
  return isVisible(entry) || isLost(entry);
}

/** Those that cannot be read, and those that are missing; ascending. */
function damagedVersions(entry: KeyEntry): Version[] {
  const { versions } = entry;
  const damaged =
    versions.damaged === 0
      ? []
      : [...versions].flatMap(([version, found]) => ('damaged' in found ? [version] : []));
  return [...damaged, ...missingVersions(entry)].sort((a, b) => a - b);
}

/** The versions that are not there though nobody destroyed them: somebody took their records away behind our back. */
export function missingVersions({ versions, destroyed, lastVersion }: KeyEntry): Version[] {
  const missing: Version[] = [];
  let next = 0;
  for (let number = 1; number <= lastVersion; number += 1) {
    const [from, to] = destroyed[next] ?? [Infinity, Infinity];
    if (number >= from) {
      number = Math.max(number, to);
      next += 1;
    } else if (!versions.has(number as Version)) missing.push(number as Version);
  }
  return missing;
}

/** True for a key of which somebody took all away: nobody deleted it, and it cannot be read. */
function isLost(entry: KeyEntry): boolean {
  return entry.versions.greatest === 0 && missingVersions(entry).length > 0;
}

export function keyInfo(entry: KeyEntry, options: { deleted?: boolean } = {}): KeyInfo {
  const versions: VersionInfo[] = [];
  for (const version of descending(entry).reverse()) {
    const versionEntry = entry.versions.get(version);
    if (versionEntry === undefined || 'damaged' in versionEntry) continue;
    if (versionEntry.record.state === 'enabled' || options.deleted) {
      versions.push(versionInfo(entry, { version, record: versionEntry.record }));
    }
  }
  const damaged = damagedVersions(entry);
  return {
    path: entry.path,
    key: entry.key,
    versions,
    ...(damaged.length > 0 && { damaged }),
    metadata: shownMetadata(entry),
  };
}

/** What is known of a key. Fails with record-not-authentic or record-under-unknown-key where its record is not usable. */
export function metadataOf(entry: KeyEntry): Metadata {
  highest(entry);
  return shownMetadata(entry);
}

/** With the end that the latest value says of itself, where nobody has set another one. */
function shownMetadata(entry: KeyEntry): Metadata {
  const metadata: Metadata = entry.metadata;
  if (metadata.expiresAt !== undefined) return metadata;
  const expiresAt = endOfLatest(entry);
  return expiresAt === undefined ? metadata : { ...metadata, expiresAt };
}

/** Of a damaged latest version nobody knows the end, and no older one is told in its stead. */
function endOfLatest({ versions }: KeyEntry): string | undefined {
  let newest = 0;
  let end: string | undefined;
  for (const [version, found] of versions) {
    const isThere = 'damaged' in found || found.record.state === 'enabled';
    if (version < newest || !isThere) continue;
    newest = version;
    end = 'record' in found ? found.record.expiresAt : undefined;
  }
  return end;
}

export function versionInfo(
  place: { path: SecretPath; key: SecretKey },
  { version, record }: Found,
): VersionInfo {
  return {
    path: place.path,
    key: place.key,
    version,
    state: record.state,
    createdAt: record.createdAt,
    createdBy: record.createdBy,
    ...(record.deleted && { deletedAt: record.deleted.at, deletedBy: record.deleted.by }),
  };
}

export function notUsable(what: string, damage: Damage): SecretregError {
  return damage.reason === 'unknown-key'
    ? new SecretregError('record-under-unknown-key', { what, kid: damage.kid })
    : new SecretregError('record-not-authentic', { what });
}

function recordOf(entry: KeyEntry, version: Version, found: VersionEntry): SecretRecord {
  if ('record' in found) return found.record;
  throw notUsable(`version ${version} of secret ${entry.path}:${entry.key}`, found.damaged);
}

function descending(entry: KeyEntry): Version[] {
  return [...entry.versions.keys()].sort((a, b) => b - a);
}
