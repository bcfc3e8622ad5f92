// What the use cases share: a store, its folded state, the keys, and the two ways to leave a trace: a commit of
// changes with their audit lines, or audit lines alone.
import { AuditKey } from '../crypto/chain.ts';
import type { MasterKey } from '../crypto/master-key.ts';
import { open, type Place, seal } from '../crypto/seal.ts';
import type { Caller, EventCommit } from '../domain/audit-event.ts';
import type { SecretPath } from '../domain/names.ts';
import { type ErrorCode, hasCode, SecretregError } from '../errors.ts';
import { failpoint } from '../failpoint.ts';
import type { Changes, ChainHead, NewRecord, Store } from '../store/store.ts';
import { anchorOf, eventCommit } from './anchor.ts';
import {
  type AuditEntry,
  type AuditSubject,
  hex,
  makeEvent,
  makeLines,
  statusOf,
} from './audit-trail.ts';
import { allow, Denied, type Rights } from './authorize.ts';
import {
  CommitQueue,
  type Outcome,
  type Request,
  type Settled,
  type Waiting,
} from './commit-queue.ts';
import { type Change, Draft } from './draft.ts';
import { isOutdated, type Keyring, storeIdOf } from './keyring.ts';
import {
  AUDIT_KEY_ID,
  auditKeyPlace,
  encodeRecord,
  movedEnd,
  pathScope,
  recordKeyText,
} from './records.ts';
import { requireNotMoved, requireRegistry } from './require-registry.ts';
import { State } from './state.ts';
import { useKeys } from './verifier.ts';

export interface Environment {
  store: Store;
  clock: () => Date;
  random: (length: number) => Uint8Array;
}

export interface OpenCoreOptions extends Environment {
  /** Read only what commands on this path need. */
  path?: SecretPath;
  chooseKeys: (state: State) => Keyring;
  /** For whoever moves it: a registry that is elsewhere now is opened too. */
  mayBeMoved?: boolean;
  signal?: AbortSignal;
}

/** What one commit changes, and tells; lines of the trail up to that position go with it. */
export interface Computed {
  changes: readonly Change[];
  entries: readonly AuditEntry[];
  removeAuditTo?: number;
}

/** What was asked, by whom, and how it ended. */
interface Trace {
  entry: AuditEntry;
  caller: Caller;
}

/** Bounds, as the number of requests does, the time for which the right to write is held. */
const MOST_BYTES_IN_A_COMMIT = 8 * 1024 * 1024;

/** Requests that end so leave no line: the store cannot be asked, or nothing may be written to it by this process. */
const WITHOUT_TRACE = [
  'master-key-retiring',
  'wrong-master-key',
  'registry-moved',
  'store-unavailable',
  'store-locked',
] as const satisfies ErrorCode[];
/** With these the store does not take a line. */
const OF_STORE = [
  'store-unavailable',
  'store-locked',
  'commit-rejected',
  'outcome-unknown',
] as const satisfies ErrorCode[];

export class Core {
  readonly store: Store;
  readonly state: State;
  readonly clock: () => Date;
  readonly random: (length: number) => Uint8Array;
  readonly storeId: Uint8Array;
  readonly #auditKey: AuditKey;
  readonly #chooseKeys: (state: State) => Keyring;
  readonly #queue = new CommitQueue((batch) => this.#commitBatch(batch));
  /** The callers that have asked for something. Each request has a caller object of its own. */
  readonly #asked = new WeakSet<Caller>();
  #keyring: Keyring;

  private constructor(
    options: OpenCoreOptions,
    state: State,
    keyring: Keyring,
    auditKey: AuditKey,
  ) {
    this.store = options.store;
    this.clock = options.clock;
    this.random = options.random;
    this.state = state;
    this.#keyring = keyring;
    this.#chooseKeys = options.chooseKeys;
    this.storeId = storeIdOf(state);
    this.#auditKey = auditKey;
  }

  /** Reads the log and checks the key before anything is served. */
  static async open(options: OpenCoreOptions): Promise<Core> {
    const state = new State();
    await options.store.open(state.apply, {
      ...(options.path !== undefined && { scope: pathScope(options.path) }),
      ...(options.signal && { signal: options.signal }),
    });
    const { place } = options.store;
    requireRegistry(state, place);
    const choose = () => {
      const keyring = useKeys(state, options.chooseKeys);
      requireRegistry(state, place);
      if (!options.mayBeMoved) requireNotMoved(state, place);
      return keyring;
    };
    let keyring = choose();
    if (state.isDisordered) {
      state.clear();
      await options.store.reread();
      requireRegistry(state, place);
      keyring = choose();
    }
    return new Core(options, state, keyring, openAuditKey(state, keyring));
  }

  get keyring(): Keyring {
    return this.#keyring;
  }

  get auditKey(): AuditKey {
    return this.#auditKey;
  }

  close(): Promise<void> {
    return this.store.close();
  }

  /** Everything committed before this call is in `state`, under a key that is still the active one. */
  async catchUp(): Promise<void> {
    await this.store.catchUp();
    this.#requireCurrent();
  }

  /**
   * Refuses where the registry is elsewhere now, or the active key is none of ours any more: another process is changing
   * it, or has changed it.
   */
  #requireCurrent(): void {
    requireNotMoved(this.state, this.store.place);
    if (isOutdated(this.state, this.#keyring))
      this.#keyring = useKeys(this.state, this.#chooseKeys);
  }

  /** Seals bytes into their place with the active key. */
  seal(place: Omit<Place, 'storeId'>, plaintext: Uint8Array): string {
    const sealed = seal(
      this.keyring.active,
      { ...place, storeId: this.storeId },
      plaintext,
      this.random(32),
    );
    return Buffer.from(sealed).toString('base64');
  }

  /** Opens bytes from their place. Fails with record-not-authentic or record-under-unknown-key. */
  open(place: Omit<Place, 'storeId'>, sealed: string, what: string): Uint8Array {
    const bytes = Buffer.from(sealed, 'base64');
    const opened = open(this.keyring.find, { ...place, storeId: this.storeId }, bytes);
    if (opened.ok) return opened.value;
    throw opened.problem.code === 'unknown-master-key'
      ? new SecretregError('record-under-unknown-key', { what, kid: opened.problem.kid })
      : new SecretregError('record-not-authentic', { what });
  }

  /** Whether the caller, made for one request, has asked for anything that leaves a line, whatever its end. */
  hasAsked(caller: Caller): boolean {
    return this.#asked.has(caller);
  }

  /** Resolves once the entries are durable. */
  async record(caller: Caller, entries: readonly AuditEntry[]): Promise<void> {
    await this.store.appendAudit((head) =>
      this.#lines(
        head,
        entries.map((entry) => ({ entry, caller })),
        { at: this.#now() },
      ),
    );
  }

  /**
   * Runs an answer and audits it, whatever its end, before it is handed out. A refusal leaves one line, whatever was asked for:
   * who may nothing could fill the trail otherwise.
   */
  async audited<T>(
    caller: Caller,
    subject: AuditSubject,
    answer: (rights: Rights) => { result: T; subjects?: AuditSubject[] },
  ): Promise<T> {
    let outcome: Outcome<T>;
    let role = '';
    this.#asked.add(caller);
    try {
      await this.catchUp();
      const allowed = allow(this.state, caller, [subject], this.#now());
      ({ role } = allowed);
      outcome = answer(allowed.rights);
    } catch (thrown) {
      const { error, entry } = refusal(thrown, subject, role);
      if (!hasCode(error, ...WITHOUT_TRACE)) await this.#recordBefore(caller, [entry]);
      throw error;
    }
    const subjects = outcome.subjects ?? [subject];
    await this.#recordBefore(
      caller,
      subjects.map((one) => ({ subject: one, status: 'ok', granted: true, role })),
    );
    failpoint('read-audited');
    return outcome.result;
  }

  /** Refuses a request that goes on and is not allowed any more, with the line that tells of it. */
  async requireStill(caller: Caller, subject: AuditSubject): Promise<void> {
    await this.catchUp();
    try {
      allow(this.state, caller, [subject], this.#now());
    } catch (thrown) {
      const { error, entry } = refusal(thrown, subject, '');
      await this.#recordBefore(caller, [entry]);
      throw error;
    }
  }

  /**
   * Records before an answer is given. Where that fails, who asks a server is told so, and nothing else about its store. Who holds
   * the key is told what the store says; whether it took the line is of no use to anybody, since nothing is handed out.
   */
  async #recordBefore(caller: Caller, entries: readonly AuditEntry[]): Promise<void> {
    try {
      await this.record(caller, entries);
    } catch (error) {
      if (!hasCode(error, ...OF_STORE)) throw error;
      const isHolder = caller.credential.mechanism === 'master-key';
      if (isHolder) throw hasCode(error, 'outcome-unknown') ? unaudited(error) : error;
      const reason = 'the store does not take its line';
      throw new SecretregError('audit-unavailable', { reason }, { cause: error });
    }
  }

  /** Changes something: the request waits for the next commit and is answered after it. */
  change<T>(request: Request<T>): Promise<T> {
    this.#asked.add(request.caller);
    return this.#queue.add(request);
  }

  /** One commit of its own, computed under the right to write: for what changes the registry and not a secret in it. */
  async commit(
    caller: Caller,
    compute: (context: { at: string; head: ChainHead }) => Computed,
    {
      masterKey = this.keyring.active,
      otherRecords = () => [],
      retiring = () => this.state.commit?.retiring,
      whileMoving = false,
    }: {
      masterKey?: MasterKey;
      otherRecords?: (n: number) => readonly NewRecord[];
      retiring?: () => string | undefined;
      whileMoving?: boolean;
    } = {},
  ): Promise<void> {
    await this.#transact((head) => {
      if (!whileMoving) {
        requireNotMoved(this.state, this.store.place);
        this.#requireNotMoving();
      }
      const at = this.#now();
      const { changes, entries, ...more } = compute({ at, head });
      const extra = otherRecords(this.state.lastN + 1);
      const traces = entries.map((entry) => ({ entry, caller }));
      const made = { head, changes, extra, traces, at, masterKey, retiring: retiring() };
      return this.#changes({ ...made, ...more });
    });
  }

  /** Fails where a commit that the store took is not in `state` then: nobody else could read it either. */
  async #transact(decide: (head: ChainHead) => Changes): Promise<void> {
    let n = 0;
    await this.store.transact((head) => {
      const changes = decide(head);
      n = changes.n ?? 0;
      return changes;
    });
    if (this.state.lastN < n)
      throw new SecretregError('record-not-authentic', { what: `commit ${n}, read again,` });
  }

  /** Those for which there was room, in the order of the batch. */
  async #commitBatch(batch: readonly Waiting[]): Promise<readonly Settled[]> {
    let settled: Settled[] = [];
    await this.#transact((head) => {
      const run = this.#runBatch(batch, head);
      settled = run.settled;
      return run.changes;
    });
    return settled;
  }

  #runBatch(batch: readonly Waiting[], head: ChainHead): { changes: Changes; settled: Settled[] } {
    this.#requireCurrent();
    const at = this.#now();
    const commit = this.state.lastN + 1;
    const draft = new Draft(this.state);
    const settled: Settled[] = [];
    const traces: Trace[] = [];
    let bytes = 0;
    for (const [index, { request }] of batch.entries()) {
      if (bytes > MOST_BYTES_IN_A_COMMIT) break;
      const { caller, subject } = request;
      let role = '';
      try {
        const { result, subjects } = draft.attempt((own) => {
          const allowed = allow(own, caller, [subject, ...(request.alsoNeeds ?? [])], at);
          ({ role } = allowed);
          this.#requireNotMoving();
          const { rights } = allowed;
          const outcome = request.run(own, { at, commit, request: index, rights });
          bytes += own.changes.reduce((sum, change) => sum + sizeOf(change), 0);
          return outcome;
        });
        settled.push({ result });
        for (const one of subjects ?? [subject])
          traces.push({ entry: { subject: one, status: 'ok', granted: true, role }, caller });
      } catch (thrown) {
        const { error, entry } = refusal(thrown, subject, role);
        settled.push({ error });
        traces.push({ entry, caller });
      }
    }
    return {
      settled,
      changes: this.#changes({
        head,
        changes: draft.changes,
        extra: [],
        traces,
        at,
        masterKey: this.keyring.active,
        retiring: this.state.commit?.retiring,
      }),
    };
  }

  #changes(made: {
    head: ChainHead;
    changes: readonly Change[];
    extra: readonly NewRecord[];
    traces: readonly Trace[];
    at: string;
    masterKey: MasterKey;
    retiring: string | undefined;
    removeAuditTo?: number;
  }): Changes {
    const { at, removeAuditTo } = made;
    const attemptId = hex(this.random(16));
    const isOfRecords = made.changes.length > 0 || made.extra.length > 0;
    if (!isOfRecords && removeAuditTo === undefined) {
      const audit = this.#lines(made.head, made.traces, { at });
      return { attemptId, n: undefined, records: [], audit };
    }
    const n = this.state.lastN + 1;
    const before = this.state.commit?.audit;
    const commit = eventCommit({ n, attemptId }, made.head, before);
    const audit = this.#lines(made.head, made.traces, { at, commit });
    const stamp = { n, masterKey: made.masterKey, storeId: this.storeId };
    const records = made.changes.map(({ key, value }) =>
      value === null ? removal(key) : encodeRecord(key, value, stamp),
    );
    const newest = encodeRecord(
      { kind: 'commit' },
      {
        attemptId,
        at,
        ...anchorOf(audit.at(-1), made.head, before, movedEnd(this.state.registry?.trail)),
        ...(made.retiring !== undefined && { retiring: made.retiring }),
      },
      stamp,
    );
    return {
      attemptId,
      n,
      records: [...records, ...made.extra, newest],
      audit,
      ...(removeAuditTo !== undefined && { removeAuditTo }),
    };
  }

  #lines(
    head: ChainHead,
    traces: readonly Trace[],
    { at, commit }: { at: string; commit?: EventCommit },
  ): string[] {
    const storeId = hex(this.storeId);
    const events = traces.map(({ entry, caller }) =>
      makeEvent(entry, { storeId, caller, time: at, random: this.random, commit }),
    );
    return makeLines(head, events, this.#auditKey, hex(this.random(8)));
  }

  #requireNotMoving(): void {
    const { moving } = this.state.registry ?? {};
    if (moving !== undefined)
      throw new SecretregError('registry-moving', { place: this.store.place, to: moving });
  }

  #now(): string {
    return this.clock().toISOString();
  }
}

/** What is thrown out of a request: as its caller is told it, and as the audit is. */
function refusal(
  thrown: unknown,
  subject: AuditSubject,
  role: string,
): { error: unknown; entry: AuditEntry } {
  const isDenied = thrown instanceof Denied;
  const error: unknown = isDenied ? thrown.answer : thrown;
  const granted = !isDenied;
  return {
    error,
    entry: {
      subject: isDenied ? (thrown.subject ?? subject) : subject,
      status: statusOf(error),
      granted,
      role: granted ? role : '',
    },
  };
}

function openAuditKey(state: State, keyring: Keyring): AuditKey {
  const record = state.auditKey(AUDIT_KEY_ID);
  const what = 'the audit key';
  if (record === undefined) throw new SecretregError('record-not-authentic', { what });
  const place = { ...auditKeyPlace(AUDIT_KEY_ID), storeId: storeIdOf(state) };
  const opened = open(keyring.find, place, Buffer.from(record.sealed, 'base64'), 'audit-key');
  if (!opened.ok) throw new SecretregError('record-not-authentic', { what });
  return AuditKey.fromBytes(opened.value);
}

function removal(key: Change['key']): NewRecord {
  return { key: recordKeyText(key), value: null };
}

function sizeOf(change: Change): number {
  const { value } = change;
  return value !== null && 'sealed' in value ? 100 + (value.sealed ?? '').length : 100;
}

/** The store's own words, where it has some. */
function unaudited(unknown: SecretregError<'outcome-unknown'>): SecretregError {
  const { cause, params } = unknown;
  if (hasCode(cause, 'interrupted')) return cause;
  const why = hasCode(cause, 'store-unavailable') ? cause : undefined;
  const reason = `the registry at ${params.place} cannot be used: ${why?.params.reason ?? 'it does not say whether it took the audit line'}`;
  return new SecretregError('audit-unavailable', { reason }, { cause: unknown, hint: why?.hint });
}
