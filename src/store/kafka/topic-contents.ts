// Whether a topic that has no audit topic beside it is what is left of a registry, or has another purpose. Asked only where
// one of the two topics is missing, so it cannot go by what both are needed for.
import type { Connection } from './connection.ts';
import { fetchBatches } from './fetch.ts';
import { READ_UNCOMMITTED } from './kafkajs-internals.ts';
import { BatchFault, type LogRecord, batchesOf } from './record-batches.ts';
import { isOfRegistry } from './record-log.ts';

/** `nothing`: no record was ever written. `other`: none of those it begins with is of a registry. */
export type Contents = 'registry' | 'nothing' | 'other';

const LOOKED_AT_BYTES = 8 * 1024 * 1024;

export async function contentsOf(
  connection: Connection,
  topic: string,
  leader: number,
): Promise<Contents> {
  const broker = await connection.nodeOfCluster(leader);
  const { batches, highWatermark } = await fetchBatches(broker, topic, {
    // A topic that is compacted begins at 0 for good; where retention has cut it, it is no registry's.
    offset: 0,
    maxBytes: LOOKED_AT_BYTES,
    maxWaitMs: 0,
    isolationLevel: READ_UNCOMMITTED,
  });
  for (const record of recordsIn(batches)) if (isOfRegistry(record)) return 'registry';
  return highWatermark === 0 && batches.length === 0 ? 'nothing' : 'other';
}

/** Up to what cannot be read, such as a batch that is compressed. */
function* recordsIn(batches: Buffer): Generator<LogRecord> {
  try {
    for (const { records, control } of batchesOf(batches))
      if (control === undefined) yield* records;
  } catch (error) {
    if (!(error instanceof BatchFault)) throw error;
  }
}
