// The reader of record batches gets bytes from a broker that others write to: whatever they are, it ends with batches or
// with a sentence, and never waits.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import crc32C from 'kafkajs/src/protocol/recordBatch/crc32C/index.js';
import { BatchFault, batchesOf } from '../../src/store/kafka/record-batches.ts';

const RUNS = Number(process.env['SECRETREG_TEST_RUNS'] ?? 20_000);

interface Given {
  key: Buffer | null;
  value: Buffer | null;
  headers: [string, Buffer][];
}

/** Zigzag, as Kafka writes it. */
function varint(number: number): Buffer {
  const bytes: number[] = [];
  let left = number < 0 ? -2 * number - 1 : 2 * number;
  for (; left >= 0x80; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  return Buffer.from([...bytes, left]);
}

const sized = (bytes: Buffer | null) =>
  bytes === null ? varint(-1) : Buffer.concat([varint(bytes.length), bytes]);

function recordOf({ key, value, headers }: Given, delta: number): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(0),
    varint(delta),
    sized(key),
    sized(value),
    varint(headers.length),
    ...headers.flatMap(([name, text]) => [sized(Buffer.from(name)), sized(text)]),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

function batchFor(records: readonly Given[], firstOffset = 5): Buffer {
  const body = Buffer.concat(records.map(recordOf));
  const batch = Buffer.alloc(61 + body.length);
  body.copy(batch, 61);
  batch.writeBigInt64BE(BigInt(firstOffset), 0);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt8(2, 16);
  batch.writeInt32BE(Math.max(records.length - 1, 0), 23);
  batch.writeBigInt64BE(7n, 43);
  batch.writeInt32BE(records.length, 57);
  return signed(batch);
}

/** With the checksum that fits, so that what is behind it is reached. */
function signed(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32C(batch.subarray(21)), 17);
  return batch;
}

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const given: fc.Arbitrary<Given> = fc.record({
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.array(fc.tuple(fc.string({ maxLength: 8 }), bytes), { maxLength: 3 }),
});
const batches = fc.array(given, { maxLength: 6 });

function read(all: Buffer): string {
  try {
    return [...batchesOf(all)].map(({ nextOffset }) => nextOffset).join();
  } catch (error) {
    if (!(error instanceof BatchFault)) throw error;
    return error.message;
  }
}

it('gives what was written, from any offset on', () => {
  fc.assert(
    fc.property(batches, fc.maxSafeNat(), (records, firstOffset) => {
      fc.pre(firstOffset < Number.MAX_SAFE_INTEGER - 10);
      const [batch] = batchesOf(batchFor(records, firstOffset));
      expect(batch?.records).toEqual(
        records.map(({ key, value, headers }, i) => ({
          offset: firstOffset + i,
          key,
          value,
          headers: new Map(headers.map(([name, text]) => [name, text.toString()])),
          timestamp: 0,
        })),
      );
      expect(batch?.nextOffset).toBe(firstOffset + Math.max(records.length, 1));
    }),
  );
});

it('goes on behind the last offset of a batch, whatever the cleaner has left of it', () => {
  const record: Given = { key: Buffer.from('k'), value: null, headers: [] };
  for (const left of [[], [record], [record, record]]) {
    const batch = batchFor(left, 40);
    batch.writeInt32BE(9, 23);
    expect([...batchesOf(signed(batch))]).toMatchObject([{ firstOffset: 40, nextOffset: 50 }]);
  }
});

it('ends with batches that go on, or a sentence, whatever bytes are changed', () => {
  const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
  fc.assert(
    fc.property(
      fc.array(batches, { minLength: 1, maxLength: 3 }),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      (all, changes, isSigned) => {
        const parts = all.map((records, i) => batchFor(records, i * 100));
        for (const { at, to } of changes) {
          const part = parts[at % parts.length]!;
          part[Math.floor(at / parts.length) % part.length] = to;
          if (isSigned) signed(part);
        }
        for (const text of read(Buffer.concat(parts)).split(','))
          expect(text).toMatch(/^([a-zA-Z ].*|\d*)$/);
      },
    ),
    { numRuns: RUNS },
  );
});

it('ends with batches or a sentence, whatever bytes they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (array) => {
      read(Buffer.from(array));
    }),
    { numRuns: RUNS },
  );
});

/** A batch of one record with something wrong, and a checksum that fits. */
const spoilt = (spoil: (batch: Buffer) => void) => {
  const batch = batchFor([{ key: Buffer.from('k'), value: null, headers: [] }]);
  spoil(batch);
  return signed(batch);
};
const withRecord = (record: Buffer, count = 1) => {
  const batch = Buffer.concat([batchFor([]).subarray(0, 61), record]);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(count, 57);
  return signed(batch);
};

it.each([
  ['a length of its own header', spoilt((it) => it.writeInt32BE(40, 8)), 'shorter than its own'],
  ['a negative length', spoilt((it) => it.writeInt32BE(-1, 8)), 'shorter than its own header'],
  ['a huge length', spoilt((it) => it.writeInt32BE(2 ** 31 - 1, 8)), 'longer than what was sent'],
  ['an old format', spoilt((it) => it.writeInt8(1, 16)), 'older than Kafka 0.11'],
  ['gzip', spoilt((it) => it.writeInt16BE(1, 21)), 'compressed'],
  ['lz4', spoilt((it) => it.writeInt16BE(3, 21)), 'compressed'],
  ['a negative number of records', spoilt((it) => it.writeInt32BE(-1, 57)), 'negative number'],
  ['a huge number of records', spoilt((it) => it.writeInt32BE(2 ** 31 - 1, 57)), 'ends too early'],
  ['a last offset before its first', spoilt((it) => it.writeInt32BE(-2, 23)), 'make no sense'],
  ['a negative offset', spoilt((it) => it.writeBigInt64BE(-1n, 0)), 'make no sense'],
  ['an offset beyond 2^53', spoilt((it) => it.writeBigInt64BE(2n ** 60n, 0)), 'make no sense'],
  [
    'a record behind its end',
    withRecord(recordOf({ key: null, value: null, headers: [] }, 9)),
    'outside of its batch',
  ],
  [
    'a record of a wrong length',
    withRecord(Buffer.concat([varint(50), Buffer.alloc(8)])),
    'the length that it says',
  ],
  ['an endless number', withRecord(Buffer.alloc(40, 0xff)), 'too long'],
  [
    'a key longer than all',
    withRecord(Buffer.concat([varint(9), Buffer.from([0, 0, 0]), varint(1e9)])),
    'ends too early',
  ],
])('says what is wrong with %s', (_, batch, sentence) => {
  expect(read(batch)).toContain(sentence);
});

it('says that a checksum does not fit', () => {
  const batch = batchFor([{ key: null, value: Buffer.from('value'), headers: [] }]);
  batch[70] = batch[70]! ^ 1;
  expect(read(batch)).toContain('the checksum of a batch does not fit');
});

it('leaves out a last batch that is cut off, but never a first one', () => {
  const one = batchFor([]);
  expect(read(Buffer.concat([one, one.subarray(0, 30)]))).toBe('6');
  expect(read(one.subarray(0, 30))).toContain('longer than what was sent');
});
