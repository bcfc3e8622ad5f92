// What a caller may ask of a registry. Two implementations: a local one over a store, and a client over REST.
import type { AuditMethod, ReadEvent } from './audit-event.ts';
import type { SecretKey, SecretPath } from './names.ts';
import type { SecretValue } from './secret-value.ts';
import type { Obstacle, Surroundings } from './surroundings.ts';
import type { Version } from './version.ts';

/** One stored version without its value. Times are RFC 3339 in UTC with milliseconds; `…By` are principals such as `User:alice`. */
export interface VersionInfo {
  path: SecretPath;
  key: SecretKey;
  version: Version;
  state: 'enabled' | 'deleted';
  createdAt: string;
  createdBy: string;
  deletedAt?: string;
  deletedBy?: string;
}

/** One version with its value. */
export interface SecretVersion {
  path: SecretPath;
  key: SecretKey;
  version: Version;
  createdAt: string;
  createdBy: string;
  value: SecretValue;
}

/** A key with all its versions, ascending; empty where every one was destroyed. */
export interface KeyInfo {
  path: SecretPath;
  key: SecretKey;
  versions: VersionInfo[];
  /** Versions that ought to be there and cannot be read: somebody else changed their records, or took them away. */
  damaged?: Version[];
  metadata: Metadata;
}

/** What is known of a key beside its values. Free text is shown, never followed. */
export interface Metadata {
  description?: string;
  /** Whom to ask. */
  owner?: string;
  tags?: string[];
  /**
   * RFC 3339. What somebody has set, or else the end of the latest value, where that is a certificate in PEM (the earliest
   * of a chain) or a JWT with `exp`. Writing a value that says its end takes away what somebody had set for the ones before
   * it; writing one that says none leaves it. `null` takes away what was set: the end that the value itself says is shown
   * for as long as that value is the latest.
   */
  expiresAt?: string;
  /** How often the value should be changed, in whole days. */
  rotateEveryDays?: number;
}

/** Members to set; `null` takes one away. */
export type MetadataChanges = { [N in keyof Metadata]?: Metadata[N] | null };

export interface Write {
  path: SecretPath;
  key: SecretKey;
  value: SecretValue;
  /** Write only if this is the highest enabled version, or (`none`) if no version is enabled. */
  onlyOver?: Version | 'none';
}

/** What an operation on several versions means: a path, a key of it, or one version. */
export interface Target {
  path: SecretPath;
  key?: SecretKey;
  version?: Version;
}

/** Whether the latest value of a key can stand there. */
export interface FitQuestion {
  key: SecretKey;
  surroundings: Surroundings;
}

export interface FitAnswer extends FitQuestion {
  /** What the value holds that cannot; of several the first. Absent where it fits. */
  obstacle?: Obstacle;
}

/** Events that fit all of it. */
export interface AuditFilter {
  path?: SecretPath;
  key?: SecretKey;
  method?: AuditMethod;
  /** Such as `User:alice`. */
  principal?: string;
  /** RFC 3339; events at or after it. */
  since?: string;
  /** RFC 3339; events before it. */
  until?: string;
  /** Only what was not granted: for want of a right, of credentials, or of a form that can be read. */
  denied?: true;
}

export interface Following {
  until: AbortSignal;
  /** Called once it is allowed, and its own line is durable. */
  begun?: () => void;
}

/**
 * The registry. Every call is audited before it is answered. Besides what each method names, every call can
 * fail with the codes of the store and of the master key (see `errors.ts`).
 */
export interface Registry {
  /** One version with its value. Fails with path-, key-, version-not-found or version-deleted. */
  read(path: SecretPath, key: SecretKey, version: Version | 'latest'): Promise<SecretVersion>;
  /** All enabled versions of a key, ascending. Fails with path-not-found or key-not-found. */
  readKey(path: SecretPath, key: SecretKey): Promise<SecretVersion[]>;
  /**
   * The latest version of each key of a path, or of the named keys, sorted by key; a key that is not there is left out, and
   * audited all the same. Where no key is named, fails with path-not-found.
   */
  readPath(path: SecretPath, keys?: readonly SecretKey[]): Promise<SecretVersion[]>;
  /**
   * Answers questions about values in place of the values, equal ones once. An absent key is absent. Each answer tells
   * something of a value, so it needs the right to read; each key is audited once, not as read, for nobody has used the secret.
   */
  checkValues(path: SecretPath, questions: readonly FitQuestion[]): Promise<FitAnswer[]>;
  /** The names of the paths, sorted: those that the caller may see. */
  paths(options?: { deleted?: boolean }): Promise<SecretPath[]>;
  /** The keys of every path, by path and key. Keys without an enabled version only with `deleted`. */
  listPaths(options?: { deleted?: boolean }): Promise<KeyInfo[]>;
  /** The keys of one path. Fails with path-not-found. */
  listKeys(path: SecretPath, options?: { deleted?: boolean }): Promise<KeyInfo[]>;
  /** The versions of one key. Fails with path- or key-not-found. */
  listVersions(path: SecretPath, key: SecretKey, options?: { deleted?: boolean }): Promise<KeyInfo>;
  /**
   * Writes all or none, in one commit; answers in the order of the writes. Fails with version-moved-on. Where it seals them
   * itself it tells of many, now and then, how many are sealed; none is written before all are.
   */
  write(writes: readonly Write[], tell?: (sealed: number) => void): Promise<VersionInfo[]>;
  /** Hides versions, or with `permanent` destroys them; answers what this call hid or destroyed. Fails with the not-found codes. */
  delete(target: Target, options?: { permanent?: boolean }): Promise<VersionInfo[]>;
  /**
   * Undoes deletes: of one version, or, without a version, all that the last delete in the key or path has hidden. Fails with
   * nothing-to-restore or the not-found codes.
   */
  restore(target: Target): Promise<VersionInfo[]>;
  /** Fails with path- or key-not-found. */
  metadata(path: SecretPath, key: SecretKey): Promise<Metadata>;
  /** Changes the named members, and answers all of them. Fails with path- or key-not-found, and with bad-metadata. */
  setMetadata(path: SecretPath, key: SecretKey, changes: MetadataChanges): Promise<Metadata>;
  /**
   * The audit trail, oldest first, this very request included; `tell` is given what is no event and should be known. Followed,
   * it goes on with what is asked from now on, for as long as the caller may read it.
   */
  audit(
    filter?: AuditFilter,
    tell?: (note: string) => void,
    following?: Following,
  ): AsyncIterable<ReadEvent>;
}
