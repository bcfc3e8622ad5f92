// The topic of records as this process has read it: whether what was sent stands there, and whether two commits have one
// number. Each record says in its headers which attempt wrote it and the number of its commit; whoever may write to the
// topic can say the same, so nothing is decided by headers alone.
import { isUtf8 } from 'node:buffer';
import type { Changes, StoredRecord } from '../store.ts';
import type { Connection } from './connection.ts';
import type { Message } from './kafkajs-internals.ts';
import { Reader } from './reader.ts';
import type { LogRecord } from './record-batches.ts';

const ATTEMPT_HEADER = 'secretreg-attempt';
const COMMIT_HEADER = 'secretreg-commit';

/** The headers that mark the records of an attempt, and its audit lines. */
export function headersOf({ attemptId, n }: Changes): NonNullable<Message['headers']> {
  return {
    [ATTEMPT_HEADER]: Buffer.from(attemptId),
    ...(n !== undefined && { [COMMIT_HEADER]: Buffer.from(String(n)) }),
  };
}

/** True for what a secretreg wrote, or somebody who says the same. */
export function isOfRegistry({ headers }: LogRecord): boolean {
  return headers.has(ATTEMPT_HEADER);
}

/** What was sent of an attempt, and what of it has been read. */
interface Expected {
  records: readonly Message[];
  read: number;
  /** The offset behind the last one that was read. */
  end: number;
}

export class RecordLog {
  readonly #newReader: () => Reader;
  #reader: Reader;
  /** Called with each record that is read from now on. */
  apply: (record: StoredRecord) => void = () => {};
  #position = 0;
  /** The last stable offset, as it was last seen. */
  #stableEnd = 0;
  #foreign = 0;
  #repeated = 0;
  /** By producer id. */
  readonly #newest = new Map<bigint, { attemptId: string; n: number }>();
  #expected: Expected | undefined;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(connection: Connection, topic: string) {
    this.#newReader = () => new Reader(connection, topic);
    this.#reader = this.#newReader();
  }

  /** Reads from the first record on again. */
  restart(): void {
    this.#reader = this.#newReader();
    this.#position = this.#foreign = this.#repeated = 0;
    this.#newest.clear();
  }

  /** The position of the last record that was read. */
  get position(): number {
    return this.#position;
  }

  /** Offsets that are known to be decided and have not been read. */
  get behind(): number {
    return Math.max(0, this.#stableEnd - this.#reader.offset);
  }

  /** Offsets that are decided now and have not been read. */
  async lag(): Promise<number> {
    return Math.max(0, (await this.#reader.stableEnd()) - this.#reader.offset);
  }

  /** Records that no secretreg wrote: without a key that is text, or without an attempt. */
  get foreign(): number {
    return this.#foreign;
  }

  /** Commits whose number another attempt had before. */
  get repeated(): number {
    return this.#repeated;
  }

  /** Resolves once everything committed before the call has been applied. Calls made while one runs share the next one. */
  catchUp(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const looking = this.#readNew();
      this.#running = looking.catch(() => undefined);
      return looking;
    });
    return this.#next;
  }

  /** From now on it is noted whether these records are read. */
  expect(records: readonly Message[]): void {
    this.#expected = { records, read: 0, end: 0 };
  }

  /**
   * Whether all of them have been read, byte for byte, the last one right before `end`, the offset that the broker named.
   * Whoever may use the transactional id can end our transaction and write another one under our producer id and epoch, even
   * the same records without their audit lines; but that one stands at other offsets.
   */
  isRead(end: number): boolean {
    const expected = this.#expected;
    if (expected === undefined || expected.read < expected.records.length) return false;
    return expected.end === end;
  }

  /** Resolves once everything before this offset has been applied; waits for what is not decided yet. */
  async readTo(end: number): Promise<void> {
    await this.#reader.readTo(end, (record) => this.#take(record));
  }

  async #readNew(): Promise<void> {
    this.#stableEnd = await this.#reader.stableEnd();
    await this.readTo(this.#stableEnd);
  }

  #take(record: LogRecord): void {
    const { offset, key, value, headers, transactionOf } = record;
    const position = offset + 1;
    this.#position = position;
    const attemptId = headers.get(ATTEMPT_HEADER);
    const isText = key !== null && isUtf8(key);
    if (attemptId === undefined || !isText) this.#foreign += 1;
    if (attemptId !== undefined && transactionOf !== undefined)
      this.#count(attemptId, Number(headers.get(COMMIT_HEADER)), transactionOf);
    this.#noteExpected(record);
    if (isText) this.apply({ position, key: key.toString(), value });
  }

  #noteExpected({ offset, key, value }: LogRecord): void {
    const expected = this.#expected;
    const next = expected?.records[expected.read];
    if (expected === undefined || next === undefined) return;
    if (!isSame(key, next.key) || !isSame(value, next.value)) return;
    expected.read += 1;
    expected.end = offset + 1;
  }

  /**
   * Counts commits whose number was given before. All who hold the right to write share one producer id, and the broker lets no
   * other transactional id begin anything under it: numbers that another program makes up hide no fault of ours. Copied records
   * have no number.
   */
  #count(attemptId: string, n: number, producerId: bigint): void {
    if (!Number.isSafeInteger(n) || n < 1) return;
    const newest = this.#newest.get(producerId) ?? { attemptId: '', n: 0 };
    if (attemptId === newest.attemptId) return;
    // Numbers may be left out: a cleaned topic has only the newest record of each key.
    if (n <= newest.n) this.#repeated += 1;
    this.#newest.set(producerId, { attemptId, n: Math.max(n, newest.n) });
  }
}

function isSame(one: Uint8Array | null, other: Uint8Array | null): boolean {
  if (one === null || other === null) return one === other;
  return Buffer.compare(one, other) === 0;
}
