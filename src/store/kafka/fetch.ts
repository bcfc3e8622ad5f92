// Fetch, version 11 (https://kafka.apache.org/protocol#The_Messages_Fetch): one partition of one topic.
import { type Broker, fetchBytes, READ_COMMITTED } from './kafkajs-internals.ts';

export interface FetchAnswer {
  errorCode: number;
  highWatermark: number;
  /** Everything before it is decided. */
  lastStableOffset: number;
  logStartOffset: number;
  /** Transactions that were aborted: from this offset on, what this producer wrote does not count. */
  aborted: { producerId: bigint; firstOffset: number }[];
  /** Record batches, the last of which may be cut off. */
  batches: Buffer;
}

/** Bytes of partition 0 from an offset on, waiting a little where there are none. */
export function fetchBatches(
  broker: Broker,
  topic: string,
  {
    offset,
    maxBytes,
    maxWaitMs,
    isolationLevel = READ_COMMITTED,
  }: { offset: number; maxBytes: number; maxWaitMs: number; isolationLevel?: number },
): Promise<FetchAnswer> {
  const request = {
    replicaId: -1,
    maxWaitTime: maxWaitMs,
    minBytes: 1,
    maxBytes,
    isolationLevel,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset: offset, maxBytes }] }],
  };
  return fetchBytes(broker, request, decodeFetch);
}

const NOTHING = {
  highWatermark: 0,
  lastStableOffset: 0,
  logStartOffset: 0,
  aborted: [],
  batches: Buffer.alloc(0),
};

/** Where kafkajs looks in an answer for how long the broker asks it to wait. */
interface Throttled {
  clientSideThrottleTime: number;
}

function decodeFetch(bytes: Buffer): FetchAnswer & Throttled {
  let at = 0;
  const int16 = () => bytes.readInt16BE((at += 2) - 2);
  const int32 = () => bytes.readInt32BE((at += 4) - 4);
  const int64 = () => bytes.readBigInt64BE((at += 8) - 8);
  const clientSideThrottleTime = int32();
  const sessionError = int16();
  int32();
  if (sessionError !== 0 || int32() === 0)
    return { clientSideThrottleTime, errorCode: sessionError, ...NOTHING };
  const topicLength = int16();
  at += topicLength;
  int32();
  int32();
  const errorCode = int16();
  const highWatermark = Number(int64());
  const lastStableOffset = Number(int64());
  const logStartOffset = Number(int64());
  const aborted = Array.from({ length: Math.max(int32(), 0) }, () => ({
    producerId: int64(),
    firstOffset: Number(int64()),
  }));
  int32();
  const length = Math.max(int32(), 0);
  const batches = bytes.subarray(at, at + length);
  const offsets = { highWatermark, lastStableOffset, logStartOffset };
  return { clientSideThrottleTime, errorCode, ...offsets, aborted, batches };
}
