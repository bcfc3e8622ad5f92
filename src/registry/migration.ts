// Moving a whole registry to another store, verbatim: store id, records and audit lines stay byte for byte. The same
// command goes on where it was interrupted. In this order:
//   1. the source says `moving`: nobody writes to it any more;
//   2. records, in the order of their commits, and audit lines are copied, read again from the target and compared;
//   3. the source says `movedTo`: nobody works with it any more, and the lines of the last reads are copied too;
//   4. the record that makes a registry of the target comes last.
import type { Caller } from '../domain/audit-event.ts';
import { SecretregError } from '../errors.ts';
import type { NewRecord, OpenOptions, Store, StoredRecord } from '../store/store.ts';
import { anchorOf, eventCommit } from './anchor.ts';
import { hex, makeEvent, makeLines } from './audit-trail.ts';
import type { Core, Environment } from './core.ts';
import { descriptor, type GivenKeys, isOutdated } from './keyring.ts';
import { openCore } from './open-registry.ts';
import { prove } from './proof.ts';
import {
  decodeRecord,
  encodeRecord,
  parseRecordKey,
  type RegistryRecord,
  type Stamped,
  unstamped,
} from './records.ts';
import type { Progress } from './rotation.ts';
import { State } from './state.ts';
import { verifierFor } from './verifier.ts';

export interface MigrationOptions extends Omit<Environment, 'store'> {
  /** A store that was not opened, at each call. */
  source: () => Promise<Store>;
  target: () => Promise<Store>;
  given: GivenKeys;
  caller: Caller;
  /** Told whenever what an interruption would leave behind has changed. */
  onStanding?: (standing: Standing) => void;
}

/** `moving`: the source takes no changes. `moved`: nobody works with it, and the target is no registry yet. `done`: it is one. */
export type Standing = 'moving' | 'moved' | 'done';

export interface Migrated {
  from: string;
  to: string;
  records: number;
  lines: number;
}

const BATCH = 256;
const LINES_IN_A_BATCH = 500;

/**
 * Fails with registry-moving or registry-moved where the source is on its way to another place, with registry-exists or
 * not-a-registry where the target holds something else, and with move-ended where the source took changes again meanwhile.
 */
export async function migrate(
  options: MigrationOptions,
  report: (progress: Progress) => void = () => undefined,
): Promise<Migrated> {
  return withSource(options, (core) =>
    withStore(options.target, (target) => new Migration(options, core, target, report).run()),
  );
}

/** Ends a move that is not to go on: the source is written to again. What was copied stays in the target. */
export async function cancelMigration(options: Omit<MigrationOptions, 'target'>): Promise<void> {
  await withSource(options, (core) =>
    mark(core, options.caller, {}, ({ moving, movedTo }) => {
      if (movedTo !== undefined)
        throw new SecretregError('registry-moved', { place: core.store.place, to: movedTo });
      if (moving === undefined)
        throw new SecretregError('wrong-use', { reason: 'this registry is not being moved' });
    }),
  );
}

class Migration {
  readonly #options: MigrationOptions;
  readonly #core: Core;
  readonly #target: Store;
  readonly #report: (progress: Progress) => void;

  constructor(
    options: MigrationOptions,
    core: Core,
    target: Store,
    report: (progress: Progress) => void,
  ) {
    this.#options = options;
    this.#core = core;
    this.#target = target;
    this.#report = report;
  }

  async run(): Promise<Migrated> {
    const { place: from } = this.#core.store;
    const { place: to } = this.#target;
    this.#requireOtherPlace();
    this.#requireNotElsewhere();
    this.#tellStanding();
    await this.#requireMovable();
    const { records: there, isClean } = await this.#foldOf(this.#target, { create: true });
    const kind = this.#kindOf(there, isClean);
    if (kind !== 'done') await this.#move(there, kind);
    this.#options.onStanding?.('done');
    const { target, given, clock, random } = this.#options;
    // As whoever opens it sees it.
    const proof = await withStore(target, async (store) =>
      prove(await openCore({ store, keys: () => given, clock, random })),
    );
    return { from, to, ...proof };
  }

  async #move(there: ReadonlyMap<string, StoredRecord>, kind: 'copy' | 'back'): Promise<void> {
    const { place: to } = this.#target;
    // From the moment on in which it is asked for: the answer may be late.
    this.#options.onStanding?.('moving');
    await this.#mark({ moving: to });
    const { n } = registryOf(this.#core);
    const records = await this.#copyRecords(there, kind);
    const { count } = await this.#copyLines();
    await this.#compare(records);
    await this.#compareLines(count);
    await this.#mark({ movedTo: to }, n);
    this.#tellStanding();
    await this.#finish(there, await this.#copyLines());
  }

  /** What the source says of this move. */
  #tellStanding(): void {
    const { moving, movedTo } = registryOf(this.#core);
    const { place: to } = this.#target;
    if (movedTo === to) this.#options.onStanding?.('moved');
    else if (moving === to) this.#options.onStanding?.('moving');
  }

  #requireOtherPlace(): void {
    const { place } = this.#target;
    if (place === this.#core.store.place)
      throw new SecretregError(
        'registry-exists',
        { place },
        { hint: `${AWAY}: ${place} is what is to be moved)` },
      );
  }

  /** Looked at before anything is made at the target; `mark` looks again under the right to write. */
  #requireNotElsewhere(): void {
    const { place } = this.#core.store;
    const { place: to } = this.#target;
    const { moving, movedTo } = registryOf(this.#core);
    if (movedTo !== undefined && movedTo !== to)
      throw new SecretregError('registry-moved', { place, to: movedTo });
    if (moving !== undefined && moving !== to)
      throw new SecretregError('registry-moving', { place, to: moving });
  }

  /** Another process, which did the same move, may have come to its end: the target is in use then. */
  #requireUnfinished(there: ReadonlyMap<string, StoredRecord>): void {
    const { place } = this.#core.store;
    const registry = registryIn(there);
    if (registry !== undefined && registry.movedTo !== place)
      throw new SecretregError('registry-moved', { place, to: this.#target.place });
  }

  /** What does not fit could not be told from what the move has done to it. A source that has said `movedTo` was looked at. */
  async #requireMovable(): Promise<void> {
    const { state, keyring } = this.#core;
    if (registryOf(this.#core).movedTo !== undefined) return;
    if (state.commit?.retiring !== undefined) {
      throw new SecretregError('rotation-unfinished', {
        old: state.commit.retiring,
        active: keyring.active.kid,
      });
    }
    await prove(this.#core);
  }

  /** What the target is: the place for a copy, or of one that was begun; this registry as it was before it was moved from there; or this registry. */
  #kindOf(there: ReadonlyMap<string, StoredRecord>, isClean: boolean): 'copy' | 'back' | 'done' {
    const { place } = this.#target;
    const own = registryOf(this.#core);
    const registry = registryIn(there);
    if (registry === undefined) {
      if (!isClean) throw this.#notClean();
      if (there.size === 0 || (own.moving ?? own.movedTo) === place) return 'copy';
      throw this.#unusable('half of a copy of this registry is in it, from a move that was ended');
    }
    if (registry.storeId === own.storeId && registry.movedTo === undefined && own.movedTo === place)
      return 'done';
    if (registry.storeId !== own.storeId || registry.movedTo !== this.#core.store.place)
      throw new SecretregError('registry-exists', { place }, { hint: ELSEWHERE });
    if (this.#target.givesReplaced)
      throw this.#unusable(
        'it was left by a move, and would give records of before it to whoever reads it',
      );
    return 'back';
  }

  /** Of a target that is of use again where what is in it is removed, which is not for us to do. */
  #unusable(reason: string): SecretregError {
    const { place, removal } = this.#target;
    const hint =
      removal === undefined
        ? ELSEWHERE
        : `${removal}    (removes it for good; or name another place)`;
    return new SecretregError('not-a-registry', { place, reason }, { hint });
  }

  /** With the number of the commit that began this move, refuses where somebody ended it: the source may hold more than what was copied. */
  async #mark(wanted: Pick<RegistryRecord, 'moving' | 'movedTo'>, begunBy?: number): Promise<void> {
    const { place } = this.#core.store;
    const to = this.#target.place;
    const own = registryOf(this.#core);
    if (own.movedTo === to || (own.moving === to && wanted.moving !== undefined)) return;
    await mark(this.#core, this.#options.caller, wanted, ({ moving, movedTo, n }) => {
      if (movedTo !== undefined) throw new SecretregError('registry-moved', { place, to: movedTo });
      if (begunBy !== undefined && n !== begunBy)
        throw new SecretregError('move-ended', { place, to });
      if (moving !== undefined && moving !== to)
        throw new SecretregError('registry-moving', { place, to: moving });
    });
  }

  /** What the source holds, without the records that say that it is one. */
  async #copyRecords(
    there: ReadonlyMap<string, StoredRecord>,
    kind: 'copy' | 'back',
  ): Promise<Map<string, StoredRecord>> {
    const records = await withStore(this.#options.source, (store) =>
      recordsOf(store, { readOnly: true }),
    );
    for (const key of OWN_OF_A_STORE) records.delete(key);
    const gone = [...there.keys()].filter((key) => !records.has(key) && !OWN_OF_A_STORE.has(key));
    const ordered = [...records.values()].sort((a, b) => commitOf(a) - commitOf(b));
    const left: NewRecord[] = [
      ...gone.map((key) => ({ key, value: null })),
      // The order has to be that of the commits, which what stands there from before would break.
      ...ordered.filter((record) => kind === 'back' || !isSame(record, there.get(record.key))),
    ];
    for (let done = 0; done < left.length; done += BATCH) {
      const batch = left.slice(done, done + BATCH);
      const attemptId = hex(this.#options.random(16));
      await this.#target.transact(() => {
        this.#requireUnfinished(there);
        return { attemptId, n: undefined, records: batch, audit: [] };
      });
      this.#report({ done: Math.min(done + BATCH, left.length), total: left.length });
    }
    return records;
  }

  /** All lines of the source that the target does not have yet. Fails where it has others. */
  async #copyLines(): Promise<{ count: number; wasCut: boolean }> {
    const theirs = this.#target.readAudit()[Symbol.asyncIterator]();
    let waiting: string[] = [];
    let count = 0;
    const { trail } = registryOf(this.#core);
    const wasCut = (trail?.wasCut ?? false) || (await this.#core.store.auditBegin()) > 1;
    for await (const { line } of this.#core.store.readAudit()) {
      count += 1;
      const next = waiting.length > 0 ? undefined : await theirs.next();
      if (next !== undefined && !next.done) {
        if (next.value.line !== line) throw this.#otherLines(count);
        continue;
      }
      waiting.push(line);
      if (waiting.length === LINES_IN_A_BATCH) {
        await this.#append(waiting);
        waiting = [];
      }
    }
    await this.#append(waiting);
    return { count, wasCut };
  }

  async #append(lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await this.#target.appendAudit(() => lines);
  }

  #otherLines(line: number): SecretregError {
    return new SecretregError('not-a-registry', {
      place: this.#target.place,
      reason: `line ${line} of its audit trail is another one than in ${this.#core.store.place}`,
    });
  }

  /** What counts in the target, and whether nothing is there, or was, that is not from this registry. */
  async #foldOf(
    store: Store,
    options: OpenOptions,
  ): Promise<{ records: Map<string, StoredRecord>; isClean: boolean }> {
    const state = new State();
    state.useVerifier(() => verifierFor(this.#core.storeId, this.#core.keyring));
    // What a file says of itself is replaced in the end; in a topic that stays before it.
    const records = await recordsOf(store, options, (record) => {
      if (store.givesReplaced || !OWN_OF_A_STORE.has(record.key)) state.apply(record);
    });
    return { records, isClean: state.foreign === 0 && state.alarms.length === 0 };
  }

  #notClean(): SecretregError {
    return this.#unusable(
      this.#target.givesReplaced
        ? 'there are records in it, or were, that are not from this registry'
        : 'there are records in it that are not from this registry',
    );
  }

  /** Reads the copy again. */
  async #compare(records: ReadonlyMap<string, StoredRecord>): Promise<void> {
    const { records: copied, isClean } = await withStore(this.#options.target, (store) =>
      this.#foldOf(store, { readOnly: true }),
    );
    if (!isClean) throw this.#notClean();
    for (const key of OWN_OF_A_STORE) copied.delete(key);
    const different =
      [...records.values()].find((record) => !isSame(record, copied.get(record.key)))?.key ??
      [...copied.keys()].find((key) => !records.has(key));
    if (different === undefined) return;
    throw new SecretregError('ours', { reason: `the copy of ${different} is not what was copied` });
  }

  /** The same for so many lines. There are others where two processes copied at the same time: the source goes on then. */
  async #compareLines(copied: number): Promise<void> {
    const own = this.#core.store.readAudit()[Symbol.asyncIterator]();
    let count = 0;
    for await (const { line } of this.#target.readAudit()) {
      count += 1;
      const next = await own.next();
      if (next.done || next.value.line !== line) throw this.#otherLines(count);
    }
    if (count < copied) throw this.#otherLines(count + 1);
  }

  /** The position of the last of so many lines, where it is not their number: lines were removed from the target before. */
  async #endOfLines(count: number): Promise<number | undefined> {
    const gone = (await this.#target.auditBegin()) - 1;
    return this.#target.auditChains === 'one' && gone > 0 ? gone + count : undefined;
  }

  /** The commit that makes a registry of the target. */
  async #finish(
    there: ReadonlyMap<string, StoredRecord>,
    { count, wasCut }: { count: number; wasCut: boolean },
  ): Promise<void> {
    const core = this.#core;
    const { format, storeId, createdAt } = registryOf(core);
    const { caller, clock, random } = this.#options;
    const end = await this.#endOfLines(count);
    await this.#target.transact((head) => {
      this.#requireUnfinished(there);
      // A chain of its own, whatever the last of the lines that were moved is.
      const own = { ...head, lastLine: undefined };
      const at = clock().toISOString();
      const n = core.state.lastN + 1;
      const attemptId = hex(random(16));
      const stamp = { n, masterKey: core.keyring.active, storeId: core.storeId };
      const commit = eventCommit({ n, attemptId }, own, core.state.commit?.audit);
      const event = makeEvent(MOVED, { storeId, caller, time: at, random, commit });
      const audit = makeLines(own, [event], core.auditKey, hex(random(8)));
      const trail = { lines: count, wasCut, ...(end !== undefined && { end }) };
      const records = [
        encodeRecord({ kind: 'registry' }, { format, storeId, createdAt, trail }, stamp),
        encodeRecord(
          { kind: 'commit' },
          { attemptId, at, ...anchorOf(audit.at(-1), own, undefined) },
          stamp,
        ),
      ];
      return { attemptId, n, records, audit };
    });
  }
}

const AWAY = 'secretreg migrate --to URL    (a place where nothing is yet';
const ELSEWHERE = `${AWAY})`;

/** Said of a store, not of what is in it. */
const OWN_OF_A_STORE: ReadonlySet<string> = new Set(['["registry"]', '["commit"]']);
const MOVED = { subject: { method: 'registry.Move' }, status: 'ok' } as const;

/** Opens a store for some work, and closes it however that ends: open connections would keep the process from its end. */
async function withStore<T>(
  open: () => Promise<Store>,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await open();
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function withSource<T>(
  { source, given, clock, random }: Omit<MigrationOptions, 'target'>,
  work: (core: Core) => Promise<T>,
): Promise<T> {
  return withStore(source, async (store) =>
    work(await openCore({ store, keys: () => given, clock, random, mayBeMoved: true })),
  );
}

/** What the registry record says is looked at under the right to write: another process may have moved it meanwhile. */
async function mark(
  core: Core,
  caller: Caller,
  wanted: Pick<RegistryRecord, 'moving' | 'movedTo'>,
  requireMarkable: (registry: Stamped<RegistryRecord>) => void,
): Promise<void> {
  await core.commit(
    caller,
    () => {
      requireSameKey(core);
      const registry = registryOf(core);
      requireMarkable(registry);
      const { moving: _, movedTo: __, ...rest } = unstamped(registry);
      return {
        changes: [{ key: { kind: 'registry' }, value: { ...rest, ...wanted } }],
        entries: [MOVED],
      };
    },
    { whileMoving: true },
  );
}

/** A change of the master key may have begun since the keys were chosen. */
function requireSameKey({ state, keyring }: Core): void {
  if (!isOutdated(state, keyring)) return;
  const active = descriptor(state, 'active')?.kid ?? 'unknown';
  throw new SecretregError('wrong-master-key', { given: keyring.active.kid, active });
}

function registryOf(core: Core): Stamped<RegistryRecord> {
  const { registry } = core.state;
  if (registry === undefined)
    throw new SecretregError('record-not-authentic', { what: 'the registry record' });
  return registry;
}

/** Opens a store and reads what counts in it. */
async function recordsOf(
  store: Store,
  options: OpenOptions,
  also: (record: StoredRecord) => void = () => undefined,
): Promise<Map<string, StoredRecord>> {
  const records = new Map<string, StoredRecord>();
  const apply = (record: StoredRecord) => {
    also(record);
    if (record.value === null) records.delete(record.key);
    else records.set(record.key, record);
  };
  await store.open(apply, options);
  return records;
}

function registryIn(records: ReadonlyMap<string, StoredRecord>): RegistryRecord | undefined {
  const value = records.get('["registry"]')?.value;
  const decoded = value && decodeRecord('registry', value);
  return decoded?.ok ? (decoded.value as unknown as RegistryRecord) : undefined;
}

function commitOf({ key, value }: StoredRecord): number {
  const kind = parseRecordKey(key)?.kind;
  const decoded = kind && value && decodeRecord(kind, value);
  return decoded?.ok ? decoded.value.n : 0;
}

function isSame(one: StoredRecord, other: StoredRecord | undefined): boolean {
  if (one.value === null || !other?.value) return one.value === other?.value;
  return Buffer.compare(one.value, other.value) === 0;
}
