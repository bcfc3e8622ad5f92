// The storage port. A store keeps sealed bytes in an ordered log and knows nothing of what they mean.

/** One committed record. Positions rise; gaps are normal. `value: null` removes the key. */
export interface StoredRecord {
  position: number;
  key: string;
  value: Uint8Array | null;
}

/** A record to commit. */
export interface NewRecord {
  key: string;
  value: Uint8Array | null;
}

/** The end of the audit chain that the next line goes on: its last line, or undefined where a chain begins. */
export interface ChainHead {
  lastLine: string | undefined;
  /** The line of that number, where all lines are one chain; absent where each process has chains of its own. */
  lineAt?: (seq: number) => string | undefined;
}

/** What `decide` returns: records and audit lines that are committed as one. */
export interface Changes {
  /** Names this commit, so that an unknown outcome can be settled later. Unique for each run of `decide`. */
  attemptId: string;
  /** The number of the commit, or undefined where it has none: for audit lines alone, and for records that are copied as they are. */
  n: number | undefined;
  records: readonly NewRecord[];
  audit: readonly string[];
  /** Audit lines up to this position are removed; only where `auditChains` is `one`, and with a number. */
  removeAuditTo?: number;
}

/** A line of the audit trail. Positions rise; gaps are normal. */
export interface AuditLine {
  position: number;
  line: string;
}

/** Records whose key begins with this text (a JSON array of names without its closing bracket, such as `["secret","orders",`). */
export type RecordKeyPrefix = string;

export interface OpenOptions {
  /** Only these records are wanted. An engine that can do so reads no others; one that cannot may give others too. */
  scope?: readonly RecordKeyPrefix[];
  /** No write will be asked for, and the store must not be changed by opening it. */
  readOnly?: boolean;
  /** Make an empty store where there is nothing yet. Only `init` asks for it. */
  create?: boolean;
  signal?: AbortSignal;
}

/** One thing an operator should know. */
export interface StoreFact {
  name: string;
  state: 'ok' | 'warn' | 'fail';
  text: string;
}

export interface StoreReport {
  place: string;
  facts: StoreFact[];
}

/** What a process has met since it opened a store that several may write. */
export interface StoreCounters {
  /** How often it took the right to write. */
  claims: number;
  /** How often somebody else took it before the commit. */
  fences: number;
  /** Positions that are known to be committed and have not been applied here. */
  behind: number;
}

/** Whether bytes that belong to no record any more are gone from the medium. */
export interface Residue {
  gone: boolean;
  /** What is left, why, and until when; empty where `gone`. */
  text: string;
}

/**
 * Where records live: an ordered log in which, for each key, the last value counts and null removes the key. Any call can fail
 * with store-unavailable, store-locked or registry-damaged, and with interrupted where its wait is aborted; opening also with
 * no-registry, not-a-registry or network-file-system. After any of these, and after commit-rejected, surely nothing was
 * written; after outcome-unknown nobody knows.
 */
export interface Store {
  /** For people: `file:/…/registry.db`. */
  readonly place: string;
  /**
   * `one`: all lines of all processes are one chain. `many`: each process has chains of its own, whose first lines
   * may have been removed when they were old enough.
   */
  readonly auditChains: 'one' | 'many';
  /** True where whoever opens it may be given replaced records too, before those that count. */
  readonly givesReplaced: boolean;
  /** The line for a shell with which an administrator removes the whole store, where it is not a file. */
  readonly removal?: string;
  /**
   * Present where old audit lines are removed by a setting of the store's own, and never by a commit: the line for a
   * shell with which an administrator lets it keep them for so many milliseconds.
   */
  auditRetention?(milliseconds: number): string;
  /**
   * The time, RFC 3339, from which on that setting has removed no line: '' where it removes none at all, undefined where it goes by
   * size. Present where `auditRetention` is.
   */
  auditKeptSince?(): Promise<string | undefined>;
  /**
   * Calls `apply` for every committed record that still counts, in order of position, tombstones included, then for each
   * later one; resolves once everything committed before the call has been applied. Called once. Fails with `no-registry`
   * where nothing was ever made here. `apply` does not throw.
   */
  open(apply: (record: StoredRecord) => void, options?: OpenOptions): Promise<void>;
  /** Resolves once everything committed before the call, by any process, has been applied. */
  catchUp(): Promise<void>;
  /**
   * Calls `apply` again for all that `open` gives, from the first record on, and goes on from there. Nothing else may be
   * asked for meanwhile.
   */
  reread(): Promise<void>;
  /**
   * Takes the right to write, catches up, runs `decide`, commits what it returns as one, and resolves after those
   * records have been applied here. `decide` does no I/O and may be run again where the right to write was lost
   * before the commit; what a discarded run made is dropped. If `decide` throws, nothing is written and its error
   * is handed on. Calls are taken one after another.
   */
  transact(decide: (head: ChainHead) => Changes): Promise<void>;
  /** Resolves once the lines are durable. Concurrent calls share one commit; each `make` sees the lines before its own. */
  appendAudit(make: (head: ChainHead) => readonly string[]): Promise<void>;
  /** The least position that a line may have: 1 where none was ever removed. */
  auditBegin(): Promise<number>;
  /** A position to read from for events of this time or later: no line before it is of such a time. */
  auditPositionAt(time: string): Promise<number>;
  /** The audit lines from a position on, oldest first, as far as they are committed now. */
  readAudit(from?: number): AsyncIterable<AuditLine>;
  /**
   * What an operator should know: settings, sizes, claims lost. May be asked for where `open` failed, and then fails if there
   * is nothing to tell.
   */
  inspect(): Promise<StoreReport>;
  /** For metrics; absent where one process at a time writes, and nothing is behind. */
  counters?(): StoreCounters;
  /** Makes sure that bytes of replaced and removed records are gone from the medium, or says until when they stay. */
  removeResidue(): Promise<Residue>;
  /**
   * Copies all that was committed at one moment, without bytes that belong to no record, into a file that is there and is
   * empty; others go on meanwhile. It does not wait for the disk: a copy can be made again. Absent where the store is not a
   * file.
   */
  copyTo?(file: string): Promise<void>;
  close(): Promise<void>;
}
