// Puts messages into batches. The topic limits how large a batch may be, and we how large a record may be.
import type { Message } from './kafkajs-internals.ts';

/** A record holds a value of 1 MiB in base64, with room for the rest of it: the least that a topic must take. */
export const LARGEST_RECORD = 2 * 1024 * 1024 - 1024;
const FULL_BATCH = 1024 * 1024;

/** No batch is larger than the largest record. */
export function* batchesOf(messages: readonly Message[]): Generator<Message[]> {
  let batch: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = sizeOf(message);
    if (batch.length > 0 && bytes + size > FULL_BATCH) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

export function sizeOf({ key, value, headers = {} }: Message): number {
  let bytes = (key?.length ?? 0) + (value?.length ?? 0) + 100;
  for (const [name, text] of Object.entries(headers)) bytes += name.length + text.length;
  return bytes;
}
