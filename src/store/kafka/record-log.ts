// The topic of records as this process has read it. Each record says in its headers which attempt wrote it and the number
// of its commit: so it can be found out what became of an attempt, and two commits of one number are noticed.
import { isUtf8 } from 'node:buffer';
import type { Changes, StoredRecord } from '../store.ts';
import type { Connection } from './connection.ts';
import type { Message } from './kafkajs-internals.ts';
import { Reader } from './reader.ts';
import type { LogRecord } from './record-batches.ts';

const ATTEMPT_HEADER = 'secretreg-attempt';
const COMMIT_HEADER = 'secretreg-commit';

/** With how the records of an attempt, and its audit lines, are marked. */
export function headersOf({ attemptId, n }: Changes): NonNullable<Message['headers']> {
  return {
    [ATTEMPT_HEADER]: Buffer.from(attemptId),
    ...(n !== undefined && { [COMMIT_HEADER]: Buffer.from(String(n)) }),
  };
}

export class RecordLog {
  readonly #newReader: () => Reader;
  #reader: Reader;
  /** Gets what is read from here on. */
  apply: (record: StoredRecord) => void = () => {};
  #position = 0;
  #foreign = 0;
  #repeated = 0;
  #newest: { attemptId: string; n: number } = { attemptId: '', n: 0 };
  #awaited: { attemptId: string; isSeen: boolean } | undefined;
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
    this.#newest = { attemptId: '', n: 0 };
  }

  /** Of the last record that was read. */
  get position(): number {
    return this.#position;
  }

  /** Records that nobody of us wrote: without a key that is text, or without an attempt. */
  get foreign(): number {
    return this.#foreign;
  }

  /** Commits whose number another attempt had before: two held the right to write at once, which must never be. */
  get repeated(): number {
    return this.#repeated;
  }

  /** Everything committed before the call has been applied. Calls that wait for the one that runs share the next look. */
  catchUp(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const looking = this.#readNew();
      this.#running = looking.catch(() => undefined);
      return looking;
    });
    return this.#next;
  }

  /** From here on it is minded whether a record of this attempt is read. */
  await(attemptId: string): void {
    this.#awaited = { attemptId, isSeen: false };
  }

  get isSeen(): boolean {
    return this.#awaited?.isSeen === true;
  }

  /** Everything before this offset has been applied; what is not decided yet is waited for. */
  async readTo(end: number): Promise<void> {
    await this.#reader.readTo(end, (record) => this.#take(record));
  }

  async #readNew(): Promise<void> {
    await this.readTo(await this.#reader.stableEnd());
  }

  #take({ offset, key, value, headers }: LogRecord): void {
    const position = offset + 1;
    this.#position = position;
    const attemptId = headers.get(ATTEMPT_HEADER);
    const isText = key !== null && isUtf8(key);
    if (attemptId === undefined || !isText) this.#foreign += 1;
    if (attemptId !== undefined) this.#mind(attemptId, Number(headers.get(COMMIT_HEADER)));
    if (isText) this.apply({ position, key: key.toString(), value });
  }

  #mind(attemptId: string, n: number): void {
    if (this.#awaited?.attemptId === attemptId) this.#awaited.isSeen = true;
    if (attemptId === this.#newest.attemptId) return;
    // Numbers may be left out: a cleaned topic has only the newest record of each key.
    if (n <= this.#newest.n) this.#repeated += 1;
    this.#newest = { attemptId, n: Math.max(n, this.#newest.n) };
  }
}
