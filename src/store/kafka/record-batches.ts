// Record batches as a broker hands them out (format 2, KIP-98; the layout stands in Kafka's DefaultRecordBatch). Walked
// by the headers of the batches, since offsets have gaps: control records, aborted transactions, and what was cleaned.
import { crc32c } from './crc32c.ts';

export interface LogRecord {
  offset: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: Map<string, string>;
  /** The producer id of the transaction that it came in; undefined where it was written outside of any. */
  transactionOf: bigint | undefined;
  /** Of the newest record of its batch, in milliseconds since 1970. */
  timestamp: number;
}

export interface Batch {
  firstOffset: number;
  /** Where reading goes on behind it. */
  nextOffset: number;
  producerId: bigint;
  /** Of its newest record, in milliseconds since 1970. */
  timestamp: number;
  isTransactional: boolean;
  /** What a control batch says of its producer's transaction. */
  control: 'commit' | 'abort' | 'other' | undefined;
  records: readonly LogRecord[];
}

/** Why bytes are no batch that can be read. */
export class BatchFault extends Error {}

/** The length of the two members in front of the part that `length` counts. */
const LOG_OVERHEAD = 12;
const HEADER = 61;
const CRC_AT = 17;
const ATTRIBUTES_AT = 21;

/** All whole batches; a last one that is cut off is left out, but never the first. Throws BatchFault. */
export function* batchesOf(bytes: Buffer): Generator<Batch> {
  for (let at = 0; at + LOG_OVERHEAD <= bytes.length; ) {
    const length = LOG_OVERHEAD + bytes.readInt32BE(at + 8);
    if (length < HEADER) throw new BatchFault('a batch is shorter than its own header');
    if (at + length > bytes.length) {
      // A broker hands out the first batch whole, however long it is (KIP-74).
      if (at === 0) throw new BatchFault('a batch is longer than what was sent of it');
      return;
    }
    yield batchOf(bytes.subarray(at, at + length));
    at += length;
  }
}

function batchOf(bytes: Buffer): Batch {
  const magic = bytes.readInt8(16);
  if (magic !== 2)
    throw new BatchFault(`a batch has format ${magic}, which is older than Kafka 0.11`);
  if (crc32c(bytes.subarray(ATTRIBUTES_AT)) !== bytes.readUInt32BE(CRC_AT))
    throw new BatchFault('the checksum of a batch does not fit');
  const attributes = bytes.readInt16BE(ATTRIBUTES_AT);
  if ((attributes & 0x07) !== 0) throw new BatchFault('a batch is compressed');
  const { firstOffset, lastOffset } = offsetsOf(bytes);
  const timestamp = Number(bytes.readBigInt64BE(35));
  const count = bytes.readInt32BE(57);
  const isTransactional = (attributes & 0x10) !== 0;
  const producerId = bytes.readBigInt64BE(43);
  const transactionOf = isTransactional ? producerId : undefined;
  const ofAll = { firstOffset, timestamp, transactionOf };
  const records = recordsOf(bytes.subarray(HEADER), count, ofAll);
  if (records.some(({ offset }) => offset < firstOffset || offset > lastOffset))
    throw new BatchFault('a record stands outside of its batch');
  return {
    firstOffset,
    nextOffset: lastOffset + 1,
    producerId,
    timestamp,
    isTransactional,
    control: (attributes & 0x20) === 0 ? undefined : controlOf(records[0]),
    records,
  };
}

function offsetsOf(bytes: Buffer): { firstOffset: number; lastOffset: number } {
  const firstOffset = Number(bytes.readBigInt64BE(0));
  const lastOffset = firstOffset + bytes.readInt32BE(23);
  if (firstOffset < 0 || lastOffset < firstOffset || !Number.isSafeInteger(lastOffset + 1))
    throw new BatchFault('the offsets of a batch make no sense');
  return { firstOffset, lastOffset };
}

/** The key of a control record: version, then 0 for an abort and 1 for a commit. */
function controlOf(record: LogRecord | undefined): Batch['control'] {
  if (record?.key === undefined || record.key === null || record.key.length < 4) return 'other';
  const type = record.key.readInt16BE(2);
  return type === 0 ? 'abort' : type === 1 ? 'commit' : 'other';
}

function recordsOf(
  bytes: Buffer,
  count: number,
  {
    firstOffset,
    ...ofAll
  }: { firstOffset: number } & Pick<LogRecord, 'timestamp' | 'transactionOf'>,
): LogRecord[] {
  if (count < 0) throw new BatchFault('a batch has a negative number of records');
  const reader = new VarintReader(bytes);
  const records: LogRecord[] = [];
  for (let i = 0; i < count; i += 1) {
    const end = reader.varint() + reader.at;
    reader.skip(1);
    reader.varint();
    const offset = firstOffset + reader.varint();
    const key = reader.bytes();
    const value = reader.bytes();
    records.push({ offset, key, value, headers: headersOf(reader), ...ofAll });
    if (reader.at !== end) throw new BatchFault('a record does not have the length that it says');
  }
  return records;
}

/** Of headers with one name the last one counts. */
function headersOf(reader: VarintReader): Map<string, string> {
  const headers = new Map<string, string>();
  for (let left = reader.varint(); left > 0; left -= 1) {
    const name = reader.bytes()?.toString() ?? '';
    headers.set(name, reader.bytes()?.toString() ?? '');
  }
  return headers;
}

const LONGEST_VARINT = 10;

/** Zigzag varints; a time may have 64 bits, of which no more than 53 are kept. */
class VarintReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get at(): number {
    return this.#at;
  }

  skip(length: number): void {
    this.#at += length;
  }

  varint(): number {
    let value = 0;
    let factor = 1;
    for (let length = 0; length < LONGEST_VARINT; length += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new BatchFault('a record ends too early');
      this.#at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      factor *= 128;
    }
    throw new BatchFault('a number of a record is too long');
  }

  /** Null for a length of −1. */
  bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new BatchFault('a record ends too early');
    return this.#bytes.subarray(start, this.#at);
  }
}
